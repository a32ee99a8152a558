"""Endpoints for programs (health, robots, sitemap, icon), error pages, and security headers."""

import re
from datetime import UTC, datetime

import pytest
import time_machine
from django.db import DatabaseError, connection
from django.test import override_settings
from django.urls import path
from django.utils import timezone

from careers import urls
from careers.pages.sitemaps import PageSitemap
from careers.roles.models import Role
from tests import make
from tests.conftest import HOST, Visitor


def fail(request):
    raise ZeroDivisionError


class FailingUrlconf:
    """The URLs of the site, and one view that fails."""

    urlpatterns = [*urls.urlpatterns, path("explode", fail)]
    handler400, handler403 = urls.handler400, urls.handler403
    handler404, handler500 = urls.handler404, urls.handler500


@pytest.mark.django_db
def test_healthz_over_plain_http(client):
    assert client.page("/healthz") == "ok\n"


def test_healthz_answers_503_without_database(client, db):
    def fail_query(*args):
        raise DatabaseError

    with connection.execute_wrapper(fail_query):
        assert client.get("/healthz").status_code == 503


def test_robots_txt(client):
    assert client.page("/robots.txt").splitlines() == [
        "User-agent: *",
        "Disallow: /admin/",
        "Sitemap: https://careers.example.com/sitemap.xml",
    ]


@pytest.mark.django_db
def test_sitemap_lastmod(client):
    with time_machine.travel("2026-11-01T09:00Z", tick=False):
        role = make.role(opens_at=datetime(2026, 11, 10, 3, tzinfo=UTC))
    with time_machine.travel("2026-11-20T09:00Z", tick=False):
        assert lastmod(client, role.get_absolute_url("ja")) == "2026-11-10"  # it opened by schedule
        Role.objects.filter(pk=role.pk).mark_reviewed()  # not an edit
        assert lastmod(client, role.get_absolute_url("ja")) == "2026-11-10"
        role.save()
        assert lastmod(client, role.get_absolute_url("ja")) == "2026-11-20"


def lastmod(client, path):
    match = re.search(
        rf"<loc>https://{HOST}{path}</loc>\s*<lastmod>(.*?)<", client.page("/sitemap.xml")
    )
    return match[1]


@pytest.mark.one_database
@pytest.mark.django_db
def test_sitemap_index_for_many_pages(client):
    role, now = make.role(), timezone.now()
    Role.objects.bulk_create(
        Role(
            title_en="Rain engineer",
            summary_en="Measures it.",
            duties_en="<p>Measure.</p>",
            published_at_en=now,
            slug="rain-engineer",
            department=role.department,
            order=number,
            reference_id=f"B-{number}",
        )
        for number in range(5_000)
    )
    index = client.page("/sitemap.xml")
    files = re.findall(r"<sitemap>\s*<loc>(.*?)</loc>", index)
    assert files == [
        f"https://{HOST}/sitemap-{file}"
        for file in ("pages.xml?p=1", "roles.xml?p=1", "roles.xml?p=2")
    ]
    pages = [client.page(file.removeprefix(f"https://{HOST}")) for file in files]
    addresses = [address for page in pages for address in re.findall(r"<loc>(.*?)</loc>", page)]
    assert all(page.count("<loc>") <= 10_000 for page in pages)
    assert len(addresses) == len(set(addresses)) == 5_000 + 2 + 2 * len(PageSitemap().items())
    assert client.get("/sitemap-roles.xml?p=3").status_code == 404
    assert client.get("/sitemap-nothing.xml").status_code == 404


def test_favicon_redirect(client):
    assert client.get("/favicon.ico").headers["Location"] == "/static/img/icon.svg"


@pytest.mark.django_db
def test_404_page_in_language_of_url(client):
    make.company()
    english, japanese = client.get("/en/nope/"), client.get("/ja/nope/")
    assert (english.status_code, japanese.status_code) == (404, 404)
    assert "We could not find this page" in english.text
    assert '<html lang="ja">' in japanese.text
    assert 'href="/ja/roles/"' in japanese.text
    assert 'href="/en/" hreflang="en"' in japanese.text
    assert "canonical" not in english.text


@override_settings(ROOT_URLCONF=FailingUrlconf)
def test_500_page_in_both_languages_without_database():
    visitor = Visitor(raise_request_exception=False)
    response = visitor.get("/explode")  # pytest would reject a query here
    assert response.status_code == 500
    assert "Something went wrong" in response.text
    assert "問題が発生しました" in response.text


def test_400_for_unknown_host(client):
    assert client.get("/en/", headers={"host": "evil.example.org"}).status_code == 400


@pytest.mark.django_db
def test_403_page_of_csrf_failure(client):
    visitor = Visitor(enforce_csrf_checks=True)
    response = visitor.post("/admin/login/", {"username": "a"}, headers={"accept-language": "ja"})
    assert response.status_code == 403
    assert "ページを再読み込みしてから、もう一度お試しください。" in response.text
    assert "Then reload the page and try again." in visitor.post("/admin/login/").text


@pytest.mark.django_db
def test_403_page_in_language_of_account(signed_in):
    response = signed_in("Viewers", language="ja").get("/admin/staff/user/")
    assert response.status_code == 403
    assert '<html lang="ja"' in response.text


@pytest.mark.django_db
def test_security_headers_on_every_response(client):
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


def test_https_redirect(client):
    response = client.request(SERVER_NAME="careers.example.com", PATH_INFO="/en/")
    assert response.status_code == 301
    assert response.headers["Location"] == "https://careers.example.com/en/"
