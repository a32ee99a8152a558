"""Sessions end: when idle, when old, with the password, with the account, and when their owner says so."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from careers.staff.models import User
from tests.conftest import PASSWORD, Visitor, queries, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

MORNING = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)  # nine o'clock in Tokyo


@pytest.fixture
def rin():
    return User.objects.create_user("rin@example.com", PASSWORD, is_superuser=True)


def is_in(visitor):
    return visitor.get("/admin/").status_code == 200


def test_an_idle_session_ends_after_an_hour_and_says_so(client, rin):
    with time_machine.travel(MORNING, tick=False) as clock:
        sign_in(client, rin.email)
        clock.shift(timedelta(minutes=59))
        assert is_in(client)
        clock.shift(timedelta(minutes=59))
        assert is_in(client)
        clock.shift(timedelta(minutes=61))
        assert not is_in(client)
        headers = {"accept-language": "ja"}
        page = client.get("/admin/roles/role/", headers=headers, follow=True)
        assert (
            "続けるにはもう一度ログインしてください" in page.text
            or "session has ended" in page.text
        )


def test_a_session_that_was_never_used_after_the_sign_in_is_idle_too(client, rin):
    with time_machine.travel(MORNING, tick=False) as clock:
        sign_in(client, rin.email)
        clock.shift(timedelta(minutes=61))
        assert not is_in(client)


def test_a_busy_session_ends_after_twelve_hours(client, rin):
    with time_machine.travel(MORNING, tick=False) as clock:
        sign_in(client, rin.email)
        for _ in range(24):
            assert is_in(client)
            clock.shift(timedelta(minutes=30))
        clock.shift(timedelta(minutes=1))
        assert not is_in(client)


def test_a_page_writes_a_sign_of_life_at_most_once_a_minute(client, rin):
    with time_machine.travel(MORNING, tick=False) as clock:
        sign_in(client, rin.email)
        quiet = queries(client, "/admin/account/")
        clock.shift(timedelta(seconds=61))
        session = client.session
        before = session["staff.seen"]
        client.get("/admin/account/")
        assert client.session["staff.seen"] == before + 61
        clock.shift(timedelta(seconds=30))
        assert queries(client, "/admin/account/") == quiet
        assert client.session["staff.seen"] == before + 61


def test_a_new_password_ends_all_other_sessions(rin):
    here, there = Visitor(), Visitor()
    sign_in(here, rin.email)
    sign_in(there, rin.email)
    form = {"oldpassword": PASSWORD, "password1": "a new long one!", "password2": "a new long one!"}
    assert here.post("/admin/account/password/", form).headers["Location"] == "/admin/account/"
    assert is_in(here)
    assert not is_in(there)


def test_a_session_ends_with_the_account(client, rin):
    sign_in(client, rin.email)
    User.objects.update(is_active=False)
    assert not is_in(client)


def test_one_sees_ones_sessions_and_ends_the_others(rin):
    here, there = Visitor(), Visitor(HTTP_USER_AGENT="Netscape Navigator")
    sign_in(there, rin.email)
    sign_in(here, rin.email)
    assert "Netscape Navigator" in here.page("/admin/account/sessions/")
    here.post("/admin/account/sessions/")
    assert is_in(here)
    assert not is_in(there)
    assert "Netscape Navigator" not in here.page("/admin/account/sessions/")


def test_public_pages_never_look_at_a_session(client, rin):
    sign_in(client, rin.email)
    response = client.get("/en/hiring/")
    assert "Cookie" not in response.headers.get("Vary", "")
    assert not response.cookies
