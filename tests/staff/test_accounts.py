"""Accounts: sign-in by email address, creation by superusers, language of the admin."""

import pytest
from django.contrib.auth.models import Group

from careers.staff.models import User
from tests.conftest import PASSWORD, sign_in

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
