"""Sessions: idle timeout, maximum age, and how a new password or another session ends them."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession

from careers.outbox.models import Email
from careers.staff.models import User
from tests.conftest import PASSWORD, Visitor, queries, sign_in
from tests.staff.test_sign_in import choose_password, link_in

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

MORNING = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)  # 09:00 in Tokyo


@pytest.fixture
def rin():
    return User.objects.create_user("rin@example.com", PASSWORD, is_superuser=True)


def is_signed_in(visitor):
    return visitor.get("/admin/").status_code == 200


def test_idle_session_ends_with_a_message(client, rin):
    """A session ends an hour after its last request, and the sign-in page says so."""
    with time_machine.travel(MORNING, tick=False) as clock:
        sign_in(client, rin.email)
        clock.shift(timedelta(minutes=59))
        assert is_signed_in(client)
        clock.shift(timedelta(minutes=59))
        assert is_signed_in(client)
        clock.shift(timedelta(minutes=61))
        assert not is_signed_in(client)
        headers = {"accept-language": "ja"}
        page = client.get("/admin/roles/role/", headers=headers, follow=True)
        assert (
            "続けるにはもう一度ログインしてください" in page.text
            or "session has ended" in page.text
        )


def test_unused_session_is_idle_since_sign_in(client, rin):
    """A session without any request ends an hour after sign-in."""
    with time_machine.travel(MORNING, tick=False) as clock:
        sign_in(client, rin.email)
        clock.shift(timedelta(minutes=61))
        assert not is_signed_in(client)


def test_active_session_ends_at_maximum_age(client, rin):
    """A session ends twelve hours after sign-in even if it is used."""
    with time_machine.travel(MORNING, tick=False) as clock:
        sign_in(client, rin.email)
        for _ in range(24):
            assert is_signed_in(client)
            clock.shift(timedelta(minutes=30))
        clock.shift(timedelta(minutes=1))
        assert not is_signed_in(client)


def test_session_last_seen_is_written_once_a_minute(client, rin):
    """Most requests do not write to the session."""
    with time_machine.travel(MORNING, tick=False) as clock:
        sign_in(client, rin.email)
        without_write = queries(client, "/admin/account/")
        clock.shift(timedelta(seconds=61))
        session = client.session
        before = session["staff.last_seen_at"]
        client.get("/admin/account/")
        assert client.session["staff.last_seen_at"] == before + 61
        clock.shift(timedelta(seconds=30))
        assert queries(client, "/admin/account/") == without_write
        assert client.session["staff.last_seen_at"] == before + 61


def test_new_password_ends_other_sessions(rin):
    """Changing the password ends all sessions but the current one."""
    current, other = Visitor(), Visitor()
    sign_in(current, rin.email)
    sign_in(other, rin.email)
    form = {"oldpassword": PASSWORD, "password1": "a new long one!", "password2": "a new long one!"}
    assert current.post("/admin/account/password/", form).headers["Location"] == "/admin/account/"
    assert is_signed_in(current)
    assert not is_signed_in(other)


def test_deactivated_account_has_no_session(client, rin):
    """Deactivating an account ends its sessions."""
    sign_in(client, rin.email)
    User.objects.update(is_active=False)
    assert not is_signed_in(client)


def test_reactivated_account_has_to_sign_in_again(client, signed_in, rin):
    """A session of an account that a superuser has deactivated stays ended."""
    sign_in(client, rin.email)
    superuser = signed_in(None)
    form = {"email": rin.email, "language": "en", "layout": "both", "is_superuser": "on"}
    superuser.post(f"/admin/staff/user/{rin.pk}/change/", form)
    assert not is_signed_in(client)
    superuser.post(f"/admin/staff/user/{rin.pk}/change/", {**form, "is_active": "on"})
    rin.refresh_from_db()
    assert rin.is_active and not is_signed_in(client)
    assert sign_in(client, rin.email).status_code == 302 and is_signed_in(client)


def session_key(visitor):
    return visitor.cookies["__Host-sessionid"].value


def test_session_key_changes_when_the_user_confirms_the_password(client, rin):
    """A stolen key ends, and the list of sessions still has one row for the browser."""
    sign_in(client, rin.email)
    stolen = Visitor()
    stolen.cookies["__Host-sessionid"] = session_key(client)
    assert is_signed_in(stolen)
    client.post("/admin/account/confirm/", {"password": PASSWORD})
    assert is_signed_in(client) and not is_signed_in(stolen)
    assert UserSession.objects.get().session_key == session_key(client)


def test_session_key_changes_at_another_sign_in(client, rin):
    """A reset link signs in a browser that is signed in already."""
    sign_in(client, rin.email)
    before = session_key(client)
    Visitor().post("/admin/account/password/reset/", {"email": rin.email})
    choose_password(client, link_in(Email.objects.get()))
    assert is_signed_in(client) and session_key(client) != before


def test_messages_are_in_the_session(signed_in):
    """They may name a candidate or a colleague. A cookie would keep the name in the browser."""
    visitor = signed_in(None)
    form = {"email": "kei@example.com", "language": "en", "last_name": "佐藤"}
    visitor.post("/admin/staff/user/add/", form)
    assert set(visitor.cookies) <= {"__Host-sessionid", "__Host-csrftoken"}
    assert "kei@example.com" in visitor.page("/admin/")


def test_session_list_ends_other_sessions(rin):
    """A user sees their sessions and can end all but the current one."""
    current, other = Visitor(), Visitor(HTTP_USER_AGENT="Netscape Navigator")
    sign_in(other, rin.email)
    sign_in(current, rin.email)
    assert "Netscape Navigator" in current.page("/admin/account/sessions/")
    current.post("/admin/account/sessions/")
    assert is_signed_in(current)
    assert not is_signed_in(other)
    assert "Netscape Navigator" not in current.page("/admin/account/sessions/")


def test_public_pages_do_not_read_the_session(client, rin):
    """A public page has no cookie and does not vary by cookie, even for a signed-in user."""
    sign_in(client, rin.email)
    response = client.get("/en/hiring/")
    assert "Cookie" not in response.headers.get("Vary", "")
    assert not response.cookies
