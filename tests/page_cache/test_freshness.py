"""Freshness: edits, scheduled changes, a failed polling thread, a forked process, an unavailable database."""

import os
import threading
import time
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from careers import publishing
from careers.page_cache.lru import LRUCache
from careers.page_cache.pages import Page, Response
from careers.publishing import next_change_at
from tests import make

from .conftest import attempts, wsgi_client

DAY = timedelta(days=1)
NOON = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)  # noon in Tokyo
HTML = [("Content-Type", "text/html"), ("Cache-Control", "public")]


def wait_for_text(wsgi, address, text):
    """Request the page until it contains the text."""
    for _ in attempts():
        if text.encode() in (response := wsgi.request(address)).body:
            return response
    raise AssertionError(f"{address} does not contain {text}")


def test_edit_invalidates_every_page(wsgi):
    role = make.role()
    addresses = [role.get_absolute_url("en"), "/en/roles/", "/ja/", "/sitemap.xml"]
    for address in addresses:
        wsgi.warm(address)
    role.title_en = "Rain engineer"
    role.save()
    for address in addresses[:2]:
        wait_for_text(wsgi, address, "Rain engineer")
    for address in addresses[2:]:
        assert wsgi.request(address).cache_status == "fwd=miss; stored"
        assert wsgi.request(address).is_hit


def test_invalidate_pages_after_sql(wsgi):
    role = make.role()
    address = role.get_absolute_url("en")
    wsgi.warm(address)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE roles_role SET title_en = 'Rain engineer'")
    time.sleep(0.1)
    assert b"Rain engineer" not in wsgi.request(address).body
    call_command("invalidate_pages", verbosity=0)
    wait_for_text(wsgi, address, "Rain engineer")


def test_page_edited_while_rendering_is_not_cached(transactional_db):
    def application(environ, start_response):
        if environ["PATH_INFO"] == "/en/roles/":
            make.perk()
            time.sleep(0.3)  # the edit is noticed while the page is rendered
        start_response("200 OK", HTML)
        return [b"as it was"]

    with wsgi_client(application) as wsgi:
        wsgi.warm("/en/")
        for _ in range(2):
            assert wsgi.request("/en/roles/").cache_status == "fwd=miss"


def test_scheduled_changes_at_exact_time(wsgi):
    with time_machine.travel(NOON, tick=False) as clock:
        opens = make.role(title_en="Opens soon", opens_at=NOON + DAY / 2)
        closes = make.role(title_en="Closes today", closes_on=date(2026, 11, 21))
        for moment, status, listed, unlisted in (
            (NOON, 404, closes, opens),
            (NOON + DAY / 2 - timedelta(seconds=1), 404, closes, opens),
            (NOON + DAY / 2, 200, opens, closes),
        ):
            clock.move_to(moment)
            for address in ("/en/roles/", "/en/", "/en/roles/feed.atom"):
                for response in (wsgi.request(address), wsgi.warm(address)):
                    assert listed.title_en.encode() in response.body, (moment, address)
                    assert unlisted.title_en.encode() not in response.body, (moment, address)
            assert wsgi.request(opens.get_absolute_url("en")).status == status
        # A month later the page of the closed role is 410.
        end = next_change_at()
        clock.move_to(end - timedelta(seconds=1))
        assert wsgi.warm(closes.get_absolute_url("en")).status == 200
        clock.move_to(end)
        assert wsgi.request(closes.get_absolute_url("en")).status == 410


def test_cached_page_needs_no_query(wsgi):
    make.company()
    wsgi.warm("/en/")
    with CaptureQueriesContext(connection) as queries:
        for _ in range(10):
            assert wsgi.request("/en/").is_hit
    assert len(queries) == 0


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_failed_thread_is_restarted(transactional_db):
    failures = []

    def failing_next_change_at():
        if len(failures) < 2:
            failures.append("failure")
            raise SystemExit
        return publishing.next_change_at()

    with wsgi_client(next_change_at=failing_next_change_at) as wsgi:
        wsgi.warm("/en/")
    assert len(failures) == 2


def test_forked_process_polls_itself(wsgi):
    """gunicorn may load the site before it forks; a thread does not exist in the child."""
    wsgi.warm("/en/roles/")
    connections.close_all()
    read_end, write_end = os.pipe()
    child = os.fork()
    if not child:
        try:
            connections.close_all()
            time.sleep(2.2)  # the parent's last query is too long ago
            results = [wsgi.request("/en/roles/").cache_status]
            role = make.role(title_en="Made in the child")
            results.append(
                role.title_en in wait_for_text(wsgi, "/en/roles/", role.title_en).body.decode()
            )
            os.write(write_end, repr(results).encode())
        finally:
            os._exit(0)
    os.close(write_end)
    with os.fdopen(read_end) as pipe:
        assert pipe.read() == "['hit; detail=database-away', True]"
    os.waitpid(child, 0)


def test_evict_epoch():
    pages = LRUCache(10**6)
    for epoch, key in enumerate(("old", "true"), start=1):
        pages.put(key, Page(Response("200 OK", HTML, b"text"), epoch))
    pages.evict_epoch(1)
    assert pages.get("old") is None
    assert pages.get("true")


def test_unpublished_page_is_never_served_again(transactional_db):
    django_application, is_broken = WSGIHandler(), threading.Event()

    def application(environ, start_response):
        if is_broken.is_set():
            start_response("503 Service Unavailable", [("Content-Type", "text/html")])
            return [b"Away."]
        return django_application(environ, start_response)

    role = make.role()
    address = role.get_absolute_url("en")
    with wsgi_client(application) as wsgi:
        wsgi.warm(address)
        role.unpublish("en")
        role.save()
        for _ in attempts():
            if not wsgi.request("/en/roles/").is_hit:  # the edit has been noticed
                break
        is_broken.set()
        assert wsgi.request(address).status == 503


@pytest.mark.parametrize("seconds", [-10, 10])
def test_stale_if_error_limit(transactional_db, settings, seconds):
    age = settings.STALE_IF_ERROR.total_seconds() + seconds
    with wsgi_client(poll_interval=3600) as wsgi:
        wsgi.warm("/en/hiring/")
        freshness = wsgi.cache._freshness  # its clock is set back
        freshness._state = freshness._state._replace(checked_at=time.monotonic() - age)
        cache_status = wsgi.request("/en/hiring/").cache_status
    assert cache_status == ("hit; detail=database-away" if seconds < 0 else "fwd=miss")


def test_unknown_next_change_does_not_delay_edits(transactional_db):
    def unknown():
        raise OverflowError("date value out of range")

    role = make.role()
    address = role.get_absolute_url("en")
    with wsgi_client(next_change_at=unknown) as wsgi:
        wsgi.warm(address)
        role.title_en = "Rain engineer"
        role.save()
        wait_for_text(wsgi, address, "Rain engineer")
        assert wsgi.warm(address).cache_status == "hit"
