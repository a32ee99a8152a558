"""Accounts are named by e-mail, made by superusers, and speak their own language."""

import pytest
from django.contrib.auth.models import Group

from careers.staff.models import User
from tests.conftest import PASSWORD, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def test_signing_in_by_e_mail_with_any_capitals(client):
    User.objects.create_user("Rin@Example.com", PASSWORD, is_superuser=True)
    response = sign_in(client, "rin@example.COM")
    assert response.headers["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_two_accounts_cannot_differ_in_capitals_alone(signed_in):
    User.objects.create_user("rin@example.com")
    page = signed_in(None).post(
        "/admin/staff/user/add/", {"email": "Rin@example.com", "language": "en"}
    )
    assert "There is already an account with this address." in page.text
    assert User.objects.filter(email__iexact="rin@example.com").count() == 1


def test_the_session_cookie_is_as_narrow_as_can_be(client):
    User.objects.create_user("rin@example.com", PASSWORD)
    cookie = sign_in(client, "rin@example.com").cookies["__Host-sessionid"]
    assert cookie["secure"] and cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert not cookie["domain"]


def test_the_admin_speaks_the_language_of_the_account(signed_in):
    japanese = signed_in("Recruiters", language="ja")
    page = japanese.page("/admin/", headers={"accept-language": "en"})
    assert '<html lang="ja"' in page
    english = signed_in("Recruiters", language="en")
    assert '<html lang="en' in english.page("/admin/", headers={"accept-language": "ja"})


@pytest.mark.parametrize(
    ("accepts", "language"), [("ja,en;q=0.5", "ja"), ("en", "en"), ("fr", "en")]
)
def test_the_sign_in_speaks_the_language_of_the_browser(client, accepts, language):
    page = client.page("/admin/account/login/", headers={"accept-language": accepts})
    assert f'<html lang="{language}' in page


def test_a_superuser_makes_an_account_and_gives_it_a_group(signed_in):
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


def test_groups_have_names_in_the_language_of_the_account(signed_in):
    superuser = signed_in(None, language="ja")
    page = superuser.page(f"/admin/staff/user/{superuser.user.pk}/change/")
    assert "採用担当者" in page
    assert "Recruiters" not in page
