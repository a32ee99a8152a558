"""Accounts: sign-in by email address, creation by superusers, language of the admin."""

import re

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from careers.outbox.models import Email
from careers.staff.models import User
from tests.conftest import PASSWORD, Visitor, sign_in
from tests.html import parse

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def test_account_email_ignores_case_at_sign_in(client):
    """Users sign in with any capitals in their email address."""
    User.objects.create_user("Rin@Example.com", PASSWORD, is_superuser=True)
    response = sign_in(client, "rin@example.COM")
    assert response.headers["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_account_email_is_unique_ignoring_case(signed_in):
    """Two accounts cannot differ only in the capitals of their email address."""
    User.objects.create_user("rin@example.com")
    page = signed_in(None).post(
        "/admin/staff/user/add/", {"email": "Rin@example.com", "language": "en"}
    )
    assert "There is already an account with this address." in page.text
    assert User.objects.filter(email__iexact="rin@example.com").count() == 1


def test_session_cookie_attributes(client):
    """The session cookie is secure, HTTP-only, SameSite=Lax and bound to one host."""
    User.objects.create_user("rin@example.com", PASSWORD)
    cookie = sign_in(client, "rin@example.com").cookies["__Host-sessionid"]
    assert cookie["secure"] and cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert not cookie["domain"]


def test_admin_language_follows_the_account(signed_in):
    """The admin uses the language of the account, not of the browser."""
    japanese = signed_in("Recruiters", language="ja")
    page = japanese.page("/admin/", headers={"accept-language": "en"})
    assert '<html lang="ja"' in page
    english = signed_in("Recruiters", language="en")
    assert '<html lang="en' in english.page("/admin/", headers={"accept-language": "ja"})


@pytest.mark.parametrize(
    ("accept_language", "language"), [("ja,en;q=0.5", "ja"), ("en", "en"), ("fr", "en")]
)
def test_sign_in_language_follows_the_browser(client, accept_language, language):
    """Before sign-in there is no account, so Accept-Language decides."""
    page = client.page("/admin/account/login/", headers={"accept-language": accept_language})
    assert f'<html lang="{language}' in page


def test_superuser_creates_account_with_group(signed_in):
    """A superuser creates an account and adds it to a group, which grants its permissions."""
    superuser = signed_in(None)
    superuser.post("/admin/staff/user/add/", {"email": "aiko@example.com", "language": "en"})
    aiko = User.objects.get(email="aiko@example.com")
    group = Group.objects.get(name="Editors")
    form = {"email": aiko.email, "language": "ja", "layout": "both", "is_active": "on"}
    superuser.post(f"/admin/staff/user/{aiko.pk}/change/", {**form, "groups": [group.pk]})
    aiko.refresh_from_db()
    assert aiko.language == "ja"
    assert aiko.has_perm("roles.change_role")
    assert not aiko.has_perm("staff.view_user")


def test_group_names_are_translated(signed_in):
    """The form of an account shows groups in the language of the admin."""
    superuser = signed_in(None, language="ja")
    page = superuser.page(f"/admin/staff/user/{superuser.user.pk}/change/")
    assert "採用担当者" in page
    assert "Recruiters" not in page


# --- The password in the form of an account ---


@pytest.fixture
def rin():
    """An account that is in use."""
    return User.objects.create_user("rin@example.com", PASSWORD, last_login=timezone.now())


def account_path(account, page="change"):
    return f"/admin/staff/user/{account.pk}/{page}/"


@pytest.mark.parametrize(
    ("language", "text", "button"),
    [("en", "Set", "Send a reset link"), ("ja", "設定済み", "再設定用のリンクを送る")],
)
def test_account_form_says_that_a_password_is_set(language, text, button, signed_in, rin):
    """Nothing of the stored password is shown: no algorithm, no salt, no hash."""
    page = parse(signed_in(None, language=language).page(account_path(rin)))
    assert page.one(".field-password_status .readonly").text == f"{text} {button}"
    algorithm, *_cost, salt, digest = rin.password.split("$")
    for secret in (algorithm, salt, digest, digest[:6], "pbkdf2", "argon2"):
        assert secret not in page.html
    assert page.all("[name=password]") == []


@pytest.mark.parametrize("language", ["en", "ja"])
def test_account_pages_show_nothing_of_a_password(language, signed_in, rin):
    """The list, the history, the delete page, and the page that sets a password for someone."""
    superuser = signed_in(None, language=language)
    pages = [account_path(rin, name) for name in ("change", "history", "delete", "password")]
    for path in ["/admin/staff/user/", *pages]:
        page = superuser.page(path)
        assert rin.password.split("$")[-1][:6] not in page
        assert "pbkdf2" not in page and "algorithm" not in page


def test_account_without_password_has_no_reset_link(signed_in, rin):
    """An invited account, and one that is not active."""
    superuser = signed_in(None)
    invited = User.objects.create_user("hana@example.com")
    page = parse(superuser.page(account_path(invited)))
    assert page.one(".field-password_status .readonly").text == "Not set"
    User.objects.filter(pk=rin.pk).update(is_active=False)
    page = parse(superuser.page(account_path(rin)))
    assert page.one(".field-password_status .readonly").text == "Set"
    for account in (invited, rin):
        assert superuser.post(account_path(account, "reset-password")).status_code == 404
    assert not Email.objects.exists()


def test_account_reset_link_is_sent_by_the_button(signed_in, rin):
    """To the account, in its language; the present password works until the link is used."""
    superuser = signed_in(None)
    page = parse(superuser.page(account_path(rin)))
    button = page.one(".field-password_status button")
    form = page.one(f"form#{button['form']}")
    assert form["method"] == "post"
    response = superuser.post(form["action"], follow=True)
    assert "We’ll email a link for a new password to rin@example.com." in response.text
    email = Email.objects.get()
    assert email.recipient == "rin@example.com"
    link = re.search(r"https://careers\.example\.com(/\S+)", email.body)[1]
    assert Visitor().get(link).status_code == 302
    assert sign_in(Visitor(), "rin@example.com").headers["Location"] == "/admin/"
    assert superuser.get(form["action"]).status_code == 405


def test_account_reset_link_requires_superuser(signed_in, rin):
    assert signed_in("Recruiters").post(account_path(rin, "reset-password")).status_code == 403
    assert not Email.objects.exists()


def test_account_form_explains_rights_in_plain_words(signed_in, rin):
    """Not in Django's words for developers, in neither language."""
    for language, access, everything in (
        ("en", "Turn this off to end this person’s access.", "May do everything"),
        ("ja", "ログインできなくなります。", "すべての操作ができます。"),
    ):
        page = parse(signed_in(None, language=language).page(account_path(rin))).text
        assert access in page and everything in page
        for word in ("Designates", "アクティブ", "とみなされます", "明示的"):
            assert word not in page


@pytest.mark.parametrize("path", ["/admin/staff/user/add/", "change"])
def test_account_with_the_same_address_gets_one_error(path, signed_in, rin):
    superuser = signed_in(None, language="ja")
    other = User.objects.create_user("aiko@example.com")
    path = account_path(other) if path == "change" else path
    form = {"email": "rin@example.com", "language": "ja", "layout": "both", "is_active": "on"}
    page = parse(superuser.post(path, form).text)
    assert page.texts(".errorlist li") == ["このメールアドレスのアカウントはすでにあります。"]


def test_invitation_message_does_not_change_the_address(signed_in):
    """Messages begin with a capital letter; an address must not."""
    superuser = signed_in(None, language="ja")
    page = superuser.post(
        "/admin/staff/user/add/", {"email": "hana@example.com", "language": "ja"}, follow=True
    ).text
    assert "招待メールをhana@example.comに送信しました。" in page


def test_account_with_invisible_name_shows_its_address(signed_in):
    """Names are cleaned, and one in which nothing is visible becomes empty."""
    superuser = signed_in(None)
    form = {"email": "rin@example.com", "language": "en", "first_name": " Rin\u200b  Ito "}
    path = "/admin/staff/user/add/"
    assert superuser.post(path, form | {"last_name": "\u3164\u2800"}).status_code == 302
    user = User.objects.get(email="rin@example.com")
    assert (user.last_name, user.first_name) == ("", "Rin Ito")
    form |= {"email": "kai@example.com", "first_name": "\U000e0041", "last_name": "\ufe0f"}
    assert superuser.post(path, form).status_code == 302
    assert str(User.objects.get(email="kai@example.com")) == "kai@example.com"
