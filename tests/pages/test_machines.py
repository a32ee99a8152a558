"""What machines ask for, and what everybody gets when something is wrong."""

import pytest
from django.db import DatabaseError, connection
from django.test import override_settings
from django.urls import path

from careers import urls
from tests import make
from tests.conftest import Visitor


def explode(request):
    raise ZeroDivisionError


class Broken:
    """The site's own addresses, and one view that fails."""

    urlpatterns = [*urls.urlpatterns, path("explode", explode)]
    handler400, handler403 = urls.handler400, urls.handler403
    handler404, handler500 = urls.handler404, urls.handler500


@pytest.mark.django_db
def test_healthz_answers_over_plain_http_too(client):
    assert client.page("/healthz") == "ok\n"


def test_healthz_says_when_the_database_is_away(client, db):
    def away(*args):
        raise DatabaseError

    with connection.execute_wrapper(away):
        assert client.get("/healthz").status_code == 503


def test_robots(client):
    assert client.page("/robots.txt").splitlines() == [
        "User-agent: *",
        "Disallow: /admin/",
        "Sitemap: https://careers.example.com/sitemap.xml",
    ]


def test_the_icon_that_browsers_ask_for(client):
    assert client.get("/favicon.ico").headers["Location"] == "/static/img/icon.svg"


@pytest.mark.django_db
def test_not_found_in_the_language_of_the_address(client):
    make.company()
    english, japanese = client.get("/en/nope/"), client.get("/ja/nope/")
    assert (english.status_code, japanese.status_code) == (404, 404)
    assert "We could not find this page" in english.text
    assert '<html lang="ja">' in japanese.text
    assert 'href="/ja/roles/"' in japanese.text
    assert 'href="/en/" hreflang="en"' in japanese.text
    assert "canonical" not in english.text


@override_settings(ROOT_URLCONF=Broken)
def test_a_broken_page_says_so_in_both_languages_without_a_database():
    visitor = Visitor(raise_request_exception=False)
    response = visitor.get("/explode")  # no database here: pytest would refuse the query
    assert response.status_code == 500
    assert "Something went wrong" in response.text
    assert "問題が発生しました" in response.text


def test_a_wrong_host_is_refused(client):
    assert client.get("/en/", headers={"host": "evil.example.org"}).status_code == 400


@pytest.mark.django_db
def test_forbidden_says_what_to_do(client):
    visitor = Visitor(enforce_csrf_checks=True)
    response = visitor.post("/admin/login/", {"username": "a"}, headers={"accept-language": "ja"})
    assert response.status_code == 403
    assert "前のページに戻り、再読み込みしてください" in response.text
    assert "Please go back and reload the page." in visitor.post("/admin/login/").text


@pytest.mark.django_db
def test_a_page_of_somebody_else_is_refused_in_the_language_of_the_account(signed_in):
    response = signed_in("Viewers", language="ja").get("/admin/staff/user/")
    assert response.status_code == 403
    assert '<html lang="ja">' in response.text


@pytest.mark.django_db
def test_every_answer_carries_the_headers(client):
    for address in ("/en/", "/static/css/tokens.css", "/en/nope/", "/healthz", "/sitemap.xml"):
        headers = client.get(address).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy, address
        assert "frame-ancestors 'none'" in policy
        assert "require-trusted-types-for 'script'" in policy
        assert "unsafe" not in policy
        assert headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert headers["Permissions-Policy"].startswith("camera=()")
        assert "Access-Control-Allow-Origin" not in headers


def test_plain_http_is_led_to_https(client):
    response = client.request(SERVER_NAME="careers.example.com", PATH_INFO="/en/")
    assert response.status_code == 301
    assert response.headers["Location"] == "https://careers.example.com/en/"
