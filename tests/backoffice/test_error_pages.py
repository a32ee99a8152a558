"""Error pages below /admin/: in the look of the admin and the language of the account, with a way back."""

import sqlite3

import pytest
from django.core.exceptions import BadRequest, TooManyFieldsSent
from django.db import OperationalError
from django.http import Http404
from django.test import RequestFactory, override_settings
from django.urls import path
from django.utils.functional import SimpleLazyObject

from careers import urls
from careers.backoffice.errors import server_error
from tests import make
from tests.conftest import Visitor
from tests.html import parse

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def failing_view(error):
    def view(request):
        raise error

    return view


def outage():
    error = OperationalError("database is locked")
    error.__cause__ = sqlite3.OperationalError("database is locked")
    error.__cause__.sqlite_errorcode = sqlite3.SQLITE_BUSY
    return error


ERRORS = {
    400: BadRequest("secret detail"),
    404: Http404("secret detail"),
    413: TooManyFieldsSent("secret detail"),
    500: ZeroDivisionError("secret detail"),
    503: outage(),
}
HEADINGS = {
    400: {"en": "We can’t open this page", "ja": "このページを表示できません"},
    403: {"en": "You don’t have access to this page", "ja": "このページを開く権限がありません"},
    404: {"en": "Page not found", "ja": "ページが見つかりません"},
    413: {"en": "There is too much in this form", "ja": "送信された内容が多すぎます"},
    500: {"en": "Something went wrong", "ja": "エラーが発生しました"},
    503: {"en": "The database does not answer", "ja": "データベースに接続できません"},
}


class FailingUrlconf:
    """The URLs of the site, and one view for each error."""

    urlpatterns = [
        *(path(f"admin/fail/{code}/", failing_view(error)) for code, error in ERRORS.items()),
        *urls.urlpatterns,
    ]
    handler400, handler403 = urls.handler400, urls.handler403
    handler404, handler500 = urls.handler404, urls.handler500


@pytest.fixture
def failing_views():
    with override_settings(ROOT_URLCONF=FailingUrlconf):
        yield


def check_page(response, status, language):
    """The status, and a page of the admin without details, with a link to its start page."""
    assert response.status_code == status
    page = parse(response.text)
    assert page.one("html")["lang"] == language
    assert page.one("h1").text == HEADINGS[status][language]
    assert page.one("#site-name a")["href"] == "/admin/"
    assert "/admin/" in [link["href"] for link in page.all(".error-page a.button")]
    styles = [link["href"] for link in page.all("link[rel=stylesheet]")]
    assert any("css/admin/frame" in style for style in styles)
    assert not any("css/layout" in style for style in styles)  # of the public pages
    assert "secret detail" not in response.text
    assert "Traceback" not in response.text
    assert "no-store" in response.headers["Cache-Control"]
    return page


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("status", ERRORS)
def test_admin_error_page(status, language, signed_in, failing_views):
    visitor = signed_in("Hiring managers", language=language)
    visitor.raise_request_exception = False
    page = check_page(visitor.get(f"/admin/fail/{status}/"), status, language)
    other = "ja" if language == "en" else "en"
    assert HEADINGS[status][other] not in page.text


@pytest.mark.parametrize("language", ["en", "ja"])
def test_admin_error_page_of_missing_records_and_permissions(language, signed_in):
    """An application of another department, a path that does not exist, a list that is not allowed."""
    visitor = signed_in("Hiring managers", language=language)
    application = make.application(make.role())
    check_page(
        visitor.get(f"/admin/applications/application/{application.pk}/change/"), 404, language
    )
    check_page(visitor.get("/admin/nonsense/"), 404, language)
    check_page(visitor.get("/admin/staff/user/"), 403, language)


def test_admin_error_page_has_the_menu_of_the_account(signed_in):
    """The tabs are those of other pages: no tab that the account may not open."""
    page = parse(signed_in("Viewers").get("/admin/staff/user/").text)
    tabs = [link["href"] for link in page.all("nav.tabs a")]
    assert "/admin/translations/" in tabs
    assert "/admin/applications/application/" not in tabs
    assert page.all("#logout-form button")


@pytest.mark.parametrize("language", ["en", "ja"])
def test_csrf_failure_in_the_admin(language, signed_in):
    """It says that nothing was saved, what to do, and not why the token was refused."""
    user = signed_in("Recruiters", language=language).user
    visitor = Visitor(enforce_csrf_checks=True)
    visitor.force_login(user)
    response = visitor.post("/admin/company/perk/add/", {"title_en": "Typed"})
    assert response.status_code == 403
    page = parse(response.text)
    heading = {"en": "Your form was not saved", "ja": "フォームの内容は保存されていません"}
    assert page.one("h1").text == heading[language]
    assert "/admin/" in [link["href"] for link in page.all(".error-page a.button")]
    assert "token" not in page.one(".error-page").text


def test_csrf_failure_before_sign_in_leads_to_sign_in():
    visitor = Visitor(enforce_csrf_checks=True)
    page = parse(visitor.post("/admin/account/login/", {"login": "a"}).text)
    assert [link["href"] for link in page.all(".error-page a")] == ["/admin/account/login/"]
    assert page.all("nav.tabs, #user-tools") == []


def test_admin_paths_are_unknown_before_sign_in(client):
    """Existing and missing paths answer the same: a redirect to sign-in."""
    role = make.role()
    for address in (
        "/admin/nonsense/",
        f"/admin/roles/role/{role.pk}/change/",
        "/admin/roles/role/0/",
    ):
        response = client.get(address)
        assert response.status_code == 302
        assert response.headers["Location"] == f"/admin/login/?next={address}"


def test_admin_400_before_authentication(client):
    """A request with another host name is rejected before the session is read."""
    response = client.get(
        "/admin/", headers={"host": "evil.example.org", "accept-language": "ja,en;q=0.5"}
    )
    page = check_page(response, 400, "ja")
    assert page.all("nav.tabs, #user-tools") == []


def test_admin_500_page_reads_neither_account_nor_database(django_assert_num_queries):
    """If the account could not be read either, the page is in both languages."""

    def fail():
        raise AssertionError("the account is read")

    request = RequestFactory().get("/admin/")
    request.user = SimpleLazyObject(fail)
    with django_assert_num_queries(0):
        response = server_error(request)
    page = parse(response.content.decode())
    assert response.status_code == 500
    assert page.texts("h1, h2") == [HEADINGS[500]["en"], HEADINGS[500]["ja"]]
    assert [part["lang"] for part in page.all(".error-page")] == ["en", "ja"]


def test_admin_error_pages_on_public_paths_are_the_public_ones(client):
    """Only the admin has them."""
    make.company()
    page = parse(client.get("/en/nope/").text)
    assert page.all(".error-page") == []
    assert page.one("h1").text == "We could not find this page"
