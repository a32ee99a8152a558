"""What makes a page another one: its path, and what its view reads. Whatever else somebody has hung on
an address reaches neither the page nor the memory."""

import tracemalloc
from random import randbytes

import pytest
from django.test import override_settings

from tests import make

from .conftest import opened

pytestmark = pytest.mark.one_database

SAME = {
    "/en/?utm_source=x": "/en/",
    "/en/?page=2": "/en/",  # home reads nothing
    "/en/?q=rain": "/en/",
    "/en/roles/?fbclid=1&sort=newest&utm_source=x": "/en/roles/?sort=newest",
    "/en/roles/?sort=newest&level=senior": "/en/roles/?level=senior&sort=newest",
    "/en/roles/?q=&sort=&page=": "/en/roles/",  # an empty form
    "/en/roles/?sort=new%65st": "/en/roles/?sort=newest",
    "/en/roles/?": "/en/roles/",
    "/en/roles/?&&=&x": "/en/roles/",
    "/sitemap.xml?p=1&section=roles": "/sitemap.xml?p=1",
    "/en/roles/feed.json?page=2&sort=newest": "/en/roles/feed.json?sort=newest",
}


def test_one_page_under_many_addresses(door):
    make.company()
    make.role()
    for address, same in SAME.items():
        page = door.keep(same)
        assert door.ask(address) == page, address
        # Made under the longer address, it is the same as under the plain one.
        with opened() as another:
            made = another.ask(address)
            assert (made.status, made.body) == (page.status, page.body), address


def test_what_a_view_reads_makes_another_page(door):
    make.role()
    pages = [
        door.keep(f"/en/roles/?{query}").body
        for query in (
            "",
            "sort=newest",
            "level=senior&level=junior",
            "level=junior&level=senior",  # choices are told in the order in which they were made
            "sort=nonsense",
            "sort=%FF",
            "level=%00",
        )
    ]
    assert len(set(pages)) == len(pages)
    assert "Not used in this search" in pages[4].decode()


def test_a_query_without_end_is_not_kept(door):
    door.keep("/en/roles/")
    long = "&".join(f"level={number}" for number in range(200))
    for _ in range(2):
        answer = door.ask(f"/en/roles/?{long}&utm_source=x")
        assert (answer.status, answer.said) == (200, "fwd=bypass")
        assert b"utm_source" not in answer.body


def test_outside_the_public_pages_the_query_stays_as_it_came(door, signed_in):
    cookies = signed_in("Recruiters").cookies.items()
    cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in cookies)
    make.role(title_en="Rain engineer")
    make.role(title_en="Snow engineer")
    page = door.ask("/admin/roles/role/?q=rain&o=1", cookie=cookie)
    assert b"Rain engineer" in page.body and b"Snow engineer" not in page.body
    led = door.ask("/admin/?utm_source=x")
    assert led.headers["Location"].endswith("next=/admin/%3Futm_source%3Dx")


@override_settings(PAGE_CACHE_BYTES=1024**2)
def test_any_number_of_addresses_takes_no_more_memory_than_it_may(transactional_db):
    def application(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/html"), ("Cache-Control", "public")])
        return [f"{environ['PATH_INFO']} {environ['QUERY_STRING']} ".encode() + randbytes(3_000)]

    with opened(application) as door:
        door.keep("/en/")
        tracemalloc.start()
        try:
            for number in range(400):
                assert door.ask(f"/en/roles/?page={number}&utm={number}").said == "fwd=miss; stored"
                assert door.ask(f"/en/roles/{number}-x/?level={number}").said == "fwd=miss; stored"
                assert door.ask("/en/").is_hit  # what is asked for is not pushed out
            memory, _peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert door.ask("/en/roles/?page=399").is_hit
        assert not door.ask("/en/roles/?page=0").is_hit
    assert memory < 2 * 1024**2
