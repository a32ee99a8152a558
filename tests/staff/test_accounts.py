"""Accounts are named by e-mail, made by superusers, and speak their own language."""

import pytest
from django.contrib.auth.models import Group

from careers.staff.models import User

pytestmark = pytest.mark.django_db


def test_signing_in_by_e_mail_with_any_capitals(client):
    User.objects.create_user("Rin@Example.com", "correct horse battery", is_superuser=True)
    form = {"username": "rin@example.COM", "password": "correct horse battery"}
    response = client.post("/admin/login/?next=/admin/", form)
    assert response.headers["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_the_session_cookie_is_as_narrow_as_can_be(client):
    User.objects.create_user("rin@example.com", "correct horse battery")
    form = {"username": "rin@example.com", "password": "correct horse battery"}
    cookie = client.post("/admin/login/", form).cookies["__Host-sessionid"]
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
    page = client.page("/admin/login/", headers={"accept-language": accepts})
    assert f'<html lang="{language}' in page


def test_a_superuser_makes_an_account_and_gives_it_a_group(signed_in):
    superuser = signed_in(None)
    form = {
        "email": "aiko@example.com",
        "usable_password": "true",
        "password1": "correct horse battery",
        "password2": "correct horse battery",
    }
    superuser.post("/admin/staff/user/add/", form)
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
