"""Sign-in: the form, limits on failed attempts, password resets by email."""

import re
from urllib.parse import urlsplit

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from django.urls import resolve

from careers import logs
from careers.outbox.models import Email
from careers.staff.models import CacheEntry, User
from tests.conftest import PASSWORD, Visitor, sign_in
from tests.html import parse

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

LOGIN = "/admin/account/login/"
RESET = "/admin/account/password/reset/"
WRONG = "The email address and/or password you specified are not correct."
WAIT = "Too many failed login attempts."


@pytest.fixture
def rin():
    return User.objects.create_user("rin@example.com", PASSWORD, is_superuser=True)


def link_in(email):
    """The path of the link in an email."""
    return re.search(r"https://careers\.example\.com(/\S+)", email.body)[1]


def choose_password(visitor, link, password="a stapler for the battery"):
    """Follow the link of an email and choose a password."""
    form = visitor.get(link, follow=True).request["PATH_INFO"]
    return visitor.post(form, {"password1": password, "password2": password})


# --- The form ---


@pytest.mark.parametrize("typed", ["rin@BÜCHER.example", "Rin@xn--bcher-kva.example"])
def test_sign_in_with_international_domain(client, typed):
    """An account has one address, in its ASCII form; people may type either form."""
    user = User.objects.create_user("rin@bücher.example", PASSWORD, is_superuser=True)
    assert user.email == "rin@xn--bcher-kva.example"
    client.post(RESET, {"email": typed})
    assert Email.objects.get().recipient == user.email
    assert sign_in(client, typed, "wrong").status_code == 200
    assert sign_in(client, typed).headers["Location"] == "/admin/"
    assert Visitor().login(email=typed, password=PASSWORD)


def test_sign_in_returns_to_the_requested_page(client, rin):
    """After sign-in the user is redirected to the requested page with its query."""
    response = client.get("/admin/roles/role/?q=a&o=1", follow=True)
    assert response.request["PATH_INFO"] == LOGIN
    (next_path,) = {field["value"] for field in parse(response.text).all("[name=next]")}
    form = {"login": rin.email, "password": PASSWORD, "next": next_path}
    assert client.post(LOGIN, form).headers["Location"] == "/admin/roles/role/?q=a&o=1"


def test_sign_in_redirects_to_this_site_only(client, rin):
    """`next` cannot redirect to another site."""
    form = {"login": rin.email, "password": PASSWORD, "next": "https://evil.example.org/"}
    assert client.post(LOGIN, form).headers["Location"] == "/admin/"


def test_sign_in_needs_no_email_confirmation(client, rin):
    """Accounts are created by superusers, so no email is sent to confirm the address."""
    assert sign_in(client, rin.email).headers["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200
    assert not Email.objects.exists()
    assert not EmailAddress.objects.exists()


def test_sign_up_is_closed(client, rin):
    """allauth's pages for sign-up and email addresses do not exist."""
    sign_in(client, rin.email)
    for path in ("signup/", "email/", "confirm-email/", "login/code/", "password/reset/key/1-a-b/"):
        assert client.get(f"/admin/account/{path}").status_code == 404


def test_sign_in_failures_look_the_same(client, rin):
    """An unknown address, a wrong password and an inactive account get the same message."""
    User.objects.create_user("gone@example.com", PASSWORD, is_active=False)
    pages = [
        sign_in(client, email, password).text
        for email, password in (
            ("unknown@example.com", "wrong"),
            (rin.email, "wrong"),
            ("gone@example.com", PASSWORD),
        )
    ]
    assert all(WRONG in page for page in pages)
    assert client.get("/admin/").status_code == 302


def test_account_without_admin_access_is_forbidden(client):
    """An account without `is_staff` gets a 403, not a redirect loop."""
    User.objects.create_user("kei@example.com", PASSWORD, is_staff=False)
    sign_in(client, "kei@example.com")
    assert client.get("/admin/", follow=True).status_code == 403


def test_django_password_pages_redirect_to_the_account_pages(client, rin):
    """Django's own password pages are replaced by the account pages."""
    sign_in(client, rin.email)
    assert client.get("/admin/password_change/").headers["Location"] == "/admin/account/password/"
    assert client.get("/admin/password_change/done/").headers["Location"] == "/admin/account/"


def test_sign_out_ends_the_session_and_clears_browser_storage(client, rin):
    """Sign-out also deletes what the admin stored in the browser."""
    sign_in(client, rin.email)
    response = client.post("/admin/logout/")
    assert response.headers["Location"] == LOGIN
    assert response.headers["Clear-Site-Data"] == '"storage"'
    assert client.get("/admin/").status_code == 302


# --- Limits ---


def test_sign_in_limit_per_account(client, rin):
    """After five wrong passwords from any network, an account is locked for five minutes."""
    for number in range(5):
        visitor = Visitor(REMOTE_ADDR=f"192.0.2.{number}")
        assert WRONG in sign_in(visitor, rin.email, "wrong").text
    assert WAIT in sign_in(client, rin.email).text
    assert WAIT in sign_in(client, "RIN@example.com").text
    with time_machine.travel(_in(minutes=5, seconds=1)):
        assert sign_in(client, rin.email).status_code == 302


def test_sign_in_limit_per_network(client, rin):
    """After ten wrong passwords for any account, a network is locked; other networks are not."""
    for number in range(10):
        assert WRONG in sign_in(client, f"nobody.{number}@example.com", "wrong").text
    assert WAIT in sign_in(client, rin.email).text
    assert sign_in(Visitor(REMOTE_ADDR="192.0.2.1"), rin.email).status_code == 302


def test_sign_in_attempts_are_counted_in_the_database(client):
    """The count is shared by all processes."""
    sign_in(client, "unknown@example.com", "wrong")
    assert CacheEntry.objects.filter(cache_key__contains="login_failed").exists()


@pytest.mark.parametrize(("proxies", "limited"), [(0, True), (1, False)])
def test_sign_in_limit_trusts_forwarded_for_of_our_proxy_only(settings, rin, proxies, limited):
    """Without a trusted proxy, a forged X-Forwarded-For does not avoid the limit."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    for number in range(10):
        visitor = Visitor(headers={"x-forwarded-for": f"192.0.2.{number}"})
        sign_in(visitor, f"nobody.{number}@example.com", "wrong")
    visitor = Visitor(headers={"x-forwarded-for": "192.0.2.99"})
    assert (WAIT in sign_in(visitor, rin.email).text) == limited


def test_password_reset_limit_page(client):
    """After too many requests, a translated page says when to try again."""
    for _ in range(5):
        assert client.post(RESET, {"email": "rin@example.com"}).status_code == 302
    response = client.post(RESET, {"email": "rin@example.com"}, headers={"accept-language": "ja"})
    assert response.status_code == 429
    assert "しばらくお待ちください" in response.text
    assert "採用サイト管理" in response.text  # in the layout of the admin


# --- Password resets ---


def test_password_reset_answers_alike_for_unknown_addresses(client, rin):
    """The response does not show whether an account exists."""
    answers = []
    for email in (rin.email, "unknown@example.com"):
        response = client.post(RESET, {"email": email})
        cookies = sorted(response.cookies)
        answers.append((response.status_code, response.headers["Location"], cookies))
    assert answers[0] == answers[1]
    assert [email.recipient for email in Email.objects.all()] == [rin.email]


def test_password_reset_email_has_the_account_language_and_site_url(client, rin):
    """The email goes to the address of the account, in its language, with a link to SITE_URL."""
    User.objects.update(language="ja")
    headers = {"accept-language": "en"}
    client.post(RESET, {"email": "RIN@example.com"}, headers=headers)
    email = Email.objects.get()
    assert email.subject == "【careers.example.com】採用サイトのパスワード再設定のご案内"
    assert email.recipient == "rin@example.com"
    assert "https://careers.example.com/admin/account/password/choose/" in email.body


def test_password_reset_ignores_inactive_accounts(client, rin):
    """An inactive account gets no email."""
    User.objects.update(is_active=False)
    client.post(RESET, {"email": rin.email})
    assert not Email.objects.exists()


def test_password_reset_link_works_once_and_signs_in(client, rin):
    """Choosing a password signs the user in and makes the link invalid."""
    client.post(RESET, {"email": rin.email})
    link = link_in(Email.objects.get())
    assert choose_password(client, link).headers["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200
    assert "This link no longer works" in Visitor().page(link)
    assert sign_in(Visitor(), rin.email, "a stapler for the battery").status_code == 302


def test_password_reset_link_expires(client, rin):
    """The link of an account that has been used is valid for an hour."""
    sign_in(Visitor(), rin.email)
    client.post(RESET, {"email": rin.email})
    link = link_in(Email.objects.get())
    with time_machine.travel(_in(minutes=59)):
        assert client.get(link).status_code == 302
    with time_machine.travel(_in(minutes=61)):
        assert "This link no longer works" in client.page(link)


def test_password_reset_clears_failed_attempts(client, rin):
    """A new password ends the lock after wrong ones."""
    for _ in range(5):
        sign_in(client, rin.email, "wrong")
    client.post(RESET, {"email": rin.email})
    visitor = Visitor()
    choose_password(visitor, link_in(Email.objects.get()))
    assert sign_in(Visitor(), rin.email, "a stapler for the battery").status_code == 302


def test_password_reset_does_not_replace_mfa(client, rin):
    """After a reset, sign-in still asks for the second factor."""
    TOTP.activate(rin, "JBSWY3DPEHPK3PXP")
    client.post(RESET, {"email": rin.email})
    response = choose_password(client, link_in(Email.objects.get()))
    assert response.headers["Location"] == "/admin/account/login/second-step/"
    assert client.get("/admin/").status_code == 302


def test_short_password_is_rejected(client, rin):
    """A password needs at least 12 characters."""
    client.post(RESET, {"email": rin.email})
    response = choose_password(client, link_in(Email.objects.get()), "elevenchars")
    assert "at least 12 characters" in response.text


def test_password_of_digits_is_accepted(client, rin):
    """Length counts, not the kinds of characters (NIST SP 800-63B, 3.1.1.2)."""
    client.post(RESET, {"email": rin.email})
    choose_password(client, link_in(Email.objects.get()), "8046153297640518")
    assert client.get("/admin/").status_code == 200


def test_password_reset_link_without_its_last_slash_works(client, rin):
    """Mail programs cut it off. The key appears in no other URL than that of the link."""
    client.post(RESET, {"email": rin.email})
    link = link_in(Email.objects.get())
    response = client.get(link.rstrip("/"))
    assert (response.status_code, response.headers["Location"]) == (301, urlsplit(link).path)
    assert choose_password(client, link).status_code == 302


@pytest.mark.parametrize("address", ["1/a-b/).", "1/a-b/x/", "1/"])
def test_damaged_password_reset_link_does_not_lead_to_sign_in(client, address):
    """The sign-in page would have the key in its URL, and so in the history of the browser."""
    response = client.get(f"/admin/account/password/choose/{address}", follow=True)
    assert response.status_code == 404
    assert not [url for url, _status in response.redirect_chain if "next" in url or "login" in url]


def test_password_reset_key_is_not_leaked(client, rin):
    """The key of a link appears in no Referer, no log and no page."""
    client.post(RESET, {"email": rin.email})
    link = link_in(Email.objects.get())
    response = client.get(link)
    assert response.headers["Referrer-Policy"] == "no-referrer"
    form = response.headers["Location"]
    assert form.endswith("/set-password/")
    # With no-referrer, browsers send the form with `Origin: null`, which fails the CSRF check.
    assert client.get(form).headers["Referrer-Policy"] == "same-origin"
    key = link.rstrip("/").rpartition("/")[2]
    assert key not in logs.route(link, resolve(link))
    assert key not in client.page(form)


def _in(**time):
    from datetime import datetime, timedelta  # noqa: PLC0415

    return datetime.now().astimezone() + timedelta(**time)
