"""Signing in: what it asks, whom it lets wait, and what a letter for a new password can and cannot do."""

import re

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from django.urls import resolve

from careers import logs
from careers.outbox.models import Email
from careers.staff.models import CacheEntry, User
from tests.conftest import PASSWORD, Visitor, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

LOGIN = "/admin/account/login/"
RESET = "/admin/account/password/reset/"
WRONG = "The email address and/or password you specified are not correct."
WAIT = "Too many failed login attempts."


@pytest.fixture
def rin():
    return User.objects.create_user("rin@example.com", PASSWORD, is_superuser=True)


def link_in(letter):
    return re.search(r"https://careers\.example\.com(/\S+)", letter.body)[1]


def choose(visitor, link, password="a stapler for the battery"):
    """Follow the link of a letter and choose a password."""
    form = visitor.get(link, follow=True).request["PATH_INFO"]
    return visitor.post(form, {"password1": password, "password2": password})


# --- The form ---


def test_the_way_to_the_sign_in_keeps_where_one_wanted_to_go(client, rin):
    response = client.get("/admin/roles/role/?q=a&o=1", follow=True)
    assert response.request["PATH_INFO"] == LOGIN
    form = {
        "login": rin.email,
        "password": PASSWORD,
        "next": response.context["redirect_field_value"],
    }
    assert client.post(LOGIN, form).headers["Location"] == "/admin/roles/role/?q=a&o=1"


def test_it_leads_nowhere_else(client, rin):
    form = {"login": rin.email, "password": PASSWORD, "next": "https://evil.example.org/"}
    assert client.post(LOGIN, form).headers["Location"] == "/admin/"


def test_nothing_asks_for_a_confirmation_of_the_address(client, rin):
    assert sign_in(client, rin.email).headers["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200
    assert not Email.objects.exists()
    assert not EmailAddress.objects.exists()


def test_nobody_signs_up(client, rin):
    sign_in(client, rin.email)
    for path in ("signup/", "email/", "confirm-email/", "login/code/", "password/reset/key/1-a-b/"):
        assert client.get(f"/admin/account/{path}").status_code == 404


def test_an_unknown_address_a_wrong_password_and_a_former_colleague_look_the_same(client, rin):
    User.objects.create_user("gone@example.com", PASSWORD, is_active=False)
    said = [
        sign_in(client, email, password).text
        for email, password in (
            ("nobody@example.com", "wrong"),
            (rin.email, "wrong"),
            ("gone@example.com", PASSWORD),
        )
    ]
    assert all(WRONG in page for page in said)
    assert client.get("/admin/").status_code == 302


def test_somebody_without_the_admin_is_told_so_and_not_sent_in_circles(client):
    User.objects.create_user("kei@example.com", PASSWORD, is_staff=False)
    sign_in(client, "kei@example.com")
    assert client.get("/admin/", follow=True).status_code == 403


def test_djangos_own_pages_lead_there(client, rin):
    sign_in(client, rin.email)
    assert client.get("/admin/password_change/").headers["Location"] == "/admin/account/password/"
    assert client.get("/admin/password_change/done/").headers["Location"] == "/admin/account/"


def test_signing_out_ends_the_session_and_empties_the_browser(client, rin):
    sign_in(client, rin.email)
    response = client.post("/admin/logout/")
    assert response.headers["Location"] == LOGIN
    assert response.headers["Clear-Site-Data"] == '"storage"'
    assert client.get("/admin/").status_code == 302


# --- Who has to wait ---


def test_an_account_waits_after_five_wrong_passwords_wherever_they_come_from(client, rin):
    for number in range(5):
        visitor = Visitor(REMOTE_ADDR=f"192.0.2.{number}")
        assert WRONG in sign_in(visitor, rin.email, "wrong").text
    assert WAIT in sign_in(client, rin.email).text
    assert WAIT in sign_in(client, "RIN@example.com").text
    with time_machine.travel(_in(minutes=5, seconds=1)):
        assert sign_in(client, rin.email).status_code == 302


def test_a_network_waits_after_ten_wrong_passwords_whomever_they_are_for(client, rin):
    for number in range(10):
        assert WRONG in sign_in(client, f"nobody.{number}@example.com", "wrong").text
    assert WAIT in sign_in(client, rin.email).text
    assert sign_in(Visitor(REMOTE_ADDR="192.0.2.1"), rin.email).status_code == 302


def test_attempts_are_counted_where_every_process_sees_them(client):
    sign_in(client, "nobody@example.com", "wrong")
    assert CacheEntry.objects.filter(cache_key__contains="login_failed").exists()


@pytest.mark.parametrize(("proxies", "waits"), [(0, True), (1, False)])
def test_a_forged_header_is_believed_of_our_own_proxy_alone(settings, rin, proxies, waits):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    for number in range(10):
        visitor = Visitor(headers={"x-forwarded-for": f"192.0.2.{number}"})
        sign_in(visitor, f"nobody.{number}@example.com", "wrong")
    visitor = Visitor(headers={"x-forwarded-for": "192.0.2.99"})
    assert (WAIT in sign_in(visitor, rin.email).text) == waits


def test_whoever_asks_too_often_reads_when_to_come_back(client):
    for _ in range(5):
        assert client.post(RESET, {"email": "rin@example.com"}).status_code == 302
    response = client.post(RESET, {"email": "rin@example.com"}, headers={"accept-language": "ja"})
    assert response.status_code == 429
    assert "しばらくお待ちください" in response.text
    assert "採用サイト管理" in response.text  # in the frame of the other pages


# --- A letter for a new password ---


def test_a_known_and_an_unknown_address_get_the_same_answer(client, rin):
    answers = []
    for email in (rin.email, "nobody@example.com"):
        response = client.post(RESET, {"email": email})
        cookies = sorted(response.cookies)
        answers.append((response.status_code, response.headers["Location"], cookies))
    assert answers[0] == answers[1]
    assert [letter.recipient for letter in Email.objects.all()] == [rin.email]


def test_the_letter_is_in_the_language_of_the_account_and_leads_to_the_site_itself(client, rin):
    User.objects.update(language="ja")
    headers = {"accept-language": "en"}
    client.post(RESET, {"email": "RIN@example.com"}, headers=headers)
    letter = Email.objects.get()
    assert letter.subject == "【careers.example.com】採用サイトのパスワード再設定のご案内"
    assert letter.recipient == "rin@example.com"
    assert "https://careers.example.com/admin/account/password/choose/" in letter.body


def test_a_former_colleague_gets_no_letter(client, rin):
    User.objects.update(is_active=False)
    client.post(RESET, {"email": rin.email})
    assert not Email.objects.exists()


def test_a_link_works_once_and_signs_in(client, rin):
    client.post(RESET, {"email": rin.email})
    link = link_in(Email.objects.get())
    assert choose(client, link).headers["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200
    assert "This link no longer works" in Visitor().page(link)
    assert sign_in(Visitor(), rin.email, "a stapler for the battery").status_code == 302


def test_a_link_lives_for_an_hour(client, rin):
    sign_in(Visitor(), rin.email)
    client.post(RESET, {"email": rin.email})
    link = link_in(Email.objects.get())
    with time_machine.travel(_in(minutes=59)):
        assert client.get(link).status_code == 302
    with time_machine.travel(_in(minutes=61)):
        assert "This link no longer works" in client.page(link)


def test_a_new_password_ends_the_wait_after_wrong_ones(client, rin):
    for _ in range(5):
        sign_in(client, rin.email, "wrong")
    client.post(RESET, {"email": rin.email})
    visitor = Visitor()
    choose(visitor, link_in(Email.objects.get()))
    assert sign_in(Visitor(), rin.email, "a stapler for the battery").status_code == 302


def test_a_letter_does_not_replace_the_second_factor(client, rin):
    TOTP.activate(rin, "JBSWY3DPEHPK3PXP")
    client.post(RESET, {"email": rin.email})
    response = choose(client, link_in(Email.objects.get()))
    assert response.headers["Location"] == "/admin/account/login/second-step/"
    assert client.get("/admin/").status_code == 302


def test_a_short_password_is_refused(client, rin):
    client.post(RESET, {"email": rin.email})
    response = choose(client, link_in(Email.objects.get()), "elevenchars")
    assert "at least 12 characters" in response.text


def test_the_key_of_a_link_is_told_to_nobody(client, rin):
    client.post(RESET, {"email": rin.email})
    link = link_in(Email.objects.get())
    response = client.get(link)
    assert response.headers["Referrer-Policy"] == "no-referrer"
    form = response.headers["Location"]
    assert form.endswith("/set-password/")
    # A page that says no-referrer would send its form without an origin, and be refused.
    assert client.get(form).headers["Referrer-Policy"] == "same-origin"
    key = link.rstrip("/").rpartition("/")[2]
    assert key not in logs.route(link, resolve(link))
    assert key not in client.page(form)


def _in(**time):
    from datetime import datetime, timedelta  # noqa: PLC0415

    return datetime.now().astimezone() + timedelta(**time)
