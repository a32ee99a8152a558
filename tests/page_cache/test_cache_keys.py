"""Cache keys: the path and the query parameters that the view reads; all others are dropped."""

import tracemalloc
from random import randbytes

import pytest
from django.test import override_settings

from tests import make

from .conftest import wsgi_client

pytestmark = pytest.mark.one_database

EQUIVALENT = {
    "/en/?utm_source=x": "/en/",
    "/en/?page=2": "/en/",  # home reads no parameters
    "/en/?q=rain": "/en/",
    "/en/roles/?fbclid=1&sort=newest&utm_source=x": "/en/roles/?sort=newest",
    "/en/roles/?sort=newest&level=senior": "/en/roles/?level=senior&sort=newest",
    "/en/roles/?q=&sort=&page=": "/en/roles/",  # an empty form
    "/en/roles/?sort=new%65st": "/en/roles/?sort=newest",
    "/en/roles/?": "/en/roles/",
    "/en/roles/?&&=&x": "/en/roles/",
    "/sitemap.xml?p=1&section=roles": "/sitemap.xml?p=1",
    "/en/roles/feed.json?page=2&sort=newest": "/en/roles/feed.json?sort=newest",
    "/v1/openapi.json/": "/v1/openapi.json",
    "/v1/boards/kumo/jobs/": "/v1/boards/kumo/jobs",
    "/v1/boards/kumo/jobs/?content=False&x=1": "/v1/boards/kumo/jobs",
    "/v1/boards/kumo/jobs?content=": "/v1/boards/kumo/jobs",
    "/v1/boards/kumo/jobs?content=TRUE": "/v1/boards/kumo/jobs?content=true",
    "/v1/boards/kumo/jobs/?content=0&content=1": "/v1/boards/kumo/jobs?content=true",
    "/v1/boards/kumo/offices?render_as=Tree": "/v1/boards/kumo/offices?render_as=tree",
    "/v1/boards/kumo/offices?render_as=tree&render_as=list": "/v1/boards/kumo/offices",
}


def test_equivalent_urls_share_one_page(wsgi):
    make.company()
    make.role()
    for address, canonical in EQUIVALENT.items():
        page = wsgi.warm(canonical)
        assert wsgi.request(address) == page, address
        # Rendered for the longer URL, it is the same as for the canonical one.
        with wsgi_client() as other_wsgi:
            new_page = other_wsgi.request(address)
            assert (new_page.status, new_page.body) == (page.status, page.body), address


def test_parameters_of_view_make_different_pages(wsgi):
    make.role()
    pages = [
        wsgi.warm(f"/en/roles/?{query}").body
        for query in (
            "",
            "sort=newest",
            "level=senior&level=junior",
            "level=junior&level=senior",  # choices are shown in the order of the query
            "sort=nonsense",
            "sort=%FF",
            "level=%00",
        )
    ]
    assert len(set(pages)) == len(pages)
    assert "Not used in this search" in pages[4].decode()


def test_long_query_is_not_cached(wsgi):
    wsgi.warm("/en/roles/")
    long_query = "&".join(f"level={number}" for number in range(200))
    for _ in range(2):
        response = wsgi.request(f"/en/roles/?{long_query}&utm_source=x")
        assert (response.status, response.cache_status) == (200, "fwd=bypass")
        assert b"utm_source" not in response.body


def test_query_unchanged_outside_public_pages(wsgi, signed_in):
    cookies = signed_in("Recruiters").cookies.items()
    cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in cookies)
    make.role(title_en="Rain engineer")
    make.role(title_en="Snow engineer")
    page = wsgi.request("/admin/roles/role/?q=rain&o=1", cookie=cookie)
    assert b"Rain engineer" in page.body and b"Snow engineer" not in page.body
    redirect = wsgi.request("/admin/?utm_source=x")
    assert redirect.headers["Location"].endswith("next=/admin/%3Futm_source%3Dx")


@override_settings(PAGE_CACHE_BYTES=1024**2)
def test_memory_is_bounded(transactional_db):
    def application(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/html"), ("Cache-Control", "public")])
        return [f"{environ['PATH_INFO']} {environ['QUERY_STRING']} ".encode() + randbytes(3_000)]

    with wsgi_client(application) as wsgi:
        wsgi.warm("/en/")
        tracemalloc.start()
        try:
            for number in range(400):
                assert (
                    wsgi.request(f"/en/roles/?page={number}&utm={number}").cache_status
                    == "fwd=miss; stored"
                )
                assert (
                    wsgi.request(f"/en/roles/{number}-x/?level={number}").cache_status
                    == "fwd=miss; stored"
                )
                assert wsgi.request("/en/").is_hit  # a requested page is not evicted
            memory, _peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert wsgi.request("/en/roles/?page=399").is_hit
        assert not wsgi.request("/en/roles/?page=0").is_hit
    assert memory < 2 * 1024**2
