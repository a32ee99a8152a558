"""A kept page is never older than it may be: edits, moments at which pages change by themselves, a thread
that dies, a process that forks."""

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

from .conftest import attempts, opened

DAY = timedelta(days=1)
NOON = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)  # noon in Tokyo
HTML = [("Content-Type", "text/html"), ("Cache-Control", "public")]


def until_new(door, address, text):
    """Ask until the page says so."""
    for _ in attempts():
        if text.encode() in (answer := door.ask(address)).body:
            return answer
    raise AssertionError(f"{address} does not say {text}")


def test_an_edit_makes_every_page_new(door):
    role = make.role()
    addresses = [role.get_absolute_url("en"), "/en/roles/", "/ja/", "/sitemap.xml"]
    for address in addresses:
        door.keep(address)
    role.title_en = "Rain engineer"
    role.save()
    for address in addresses[:2]:
        until_new(door, address, "Rain engineer")
    for address in addresses[2:]:
        assert door.ask(address).said == "fwd=miss; stored"
        assert door.ask(address).is_hit


def test_what_nobody_saw_is_announced(door):
    role = make.role()
    address = role.get_absolute_url("en")
    door.keep(address)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE roles_role SET title_en = 'Rain engineer'")
    time.sleep(0.1)
    assert b"Rain engineer" not in door.ask(address).body
    call_command("invalidate_pages", verbosity=0)
    until_new(door, address, "Rain engineer")


def test_a_page_that_was_edited_while_it_was_made_is_not_kept(transactional_db):
    def application(environ, start_response):
        if environ["PATH_INFO"] == "/en/roles/":
            make.perk()
            time.sleep(0.3)  # it is seen while the page is being made
        start_response("200 OK", HTML)
        return [b"as it was"]

    with opened(application) as door:
        door.keep("/en/")
        for _ in range(2):
            assert door.ask("/en/roles/").said == "fwd=miss"


def test_pages_turn_at_the_moment_itself(door):
    with time_machine.travel(NOON, tick=False) as clock:
        opens = make.role(title_en="Opens soon", opens_at=NOON + DAY / 2)
        closes = make.role(title_en="Closes today", closes_on=date(2026, 11, 21))
        for moment, status, here, gone in (
            (NOON, 404, closes, opens),
            (NOON + DAY / 2 - timedelta(seconds=1), 404, closes, opens),
            (NOON + DAY / 2, 200, opens, closes),
        ):
            clock.move_to(moment)
            for address in ("/en/roles/", "/en/", "/en/roles/feed.atom"):
                for answer in (door.ask(address), door.keep(address)):
                    assert here.title_en.encode() in answer.body, (moment, address)
                    assert gone.title_en.encode() not in answer.body, (moment, address)
            assert door.ask(opens.get_absolute_url("en")).status == status
        # A month later the page of what has closed is gone.
        end = next_change_at()
        clock.move_to(end - timedelta(seconds=1))
        assert door.keep(closes.get_absolute_url("en")).status == 200
        clock.move_to(end)
        assert door.ask(closes.get_absolute_url("en")).status == 410


def test_a_kept_page_costs_no_query(door):
    make.company()
    door.keep("/en/")
    with CaptureQueriesContext(connection) as queries:
        for _ in range(10):
            assert door.ask("/en/").is_hit
    assert len(queries) == 0


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_thread_that_dies_is_started_again(transactional_db):
    deaths = []

    def until():
        if len(deaths) < 2:
            deaths.append("a death")
            raise SystemExit
        return publishing.next_change_at()

    with opened(next_change_at=until) as door:
        door.keep("/en/")
    assert len(deaths) == 2


def test_a_fork_watches_for_itself(door):
    """gunicorn may load the site before it forks, and threads do not survive a fork."""
    door.keep("/en/roles/")
    connections.close_all()
    reads, writes = os.pipe()
    child = os.fork()
    if not child:
        try:
            connections.close_all()
            time.sleep(2.2)  # what the parent saw last is too old by now
            said = [door.ask("/en/roles/").said]
            made = make.role(title_en="Made in the child")
            said.append(made.title_en in until_new(door, "/en/roles/", made.title_en).body.decode())
            os.write(writes, repr(said).encode())
        finally:
            os._exit(0)
    os.close(writes)
    with os.fdopen(reads) as line:
        assert line.read() == "['hit; detail=database-away', True]"
    os.waitpid(child, 0)


def test_what_is_old_is_forgotten():
    pages = LRUCache(10**6)
    for epoch, key in enumerate(("old", "true"), start=1):
        pages.put(key, Page(Response("200 OK", HTML, b"text"), epoch))
    pages.evict_epoch(1)
    assert pages.get("old") is None
    assert pages.get("true")


def test_what_was_withdrawn_never_comes_back(transactional_db):
    site, is_broken = WSGIHandler(), threading.Event()

    def application(environ, start_response):
        if is_broken.is_set():
            start_response("503 Service Unavailable", [("Content-Type", "text/html")])
            return [b"Away."]
        return site(environ, start_response)

    role = make.role()
    address = role.get_absolute_url("en")
    with opened(application) as door:
        door.keep(address)
        role.unpublish("en")
        role.save()
        for _ in attempts():
            if not door.ask("/en/roles/").is_hit:  # the edit has been seen
                break
        is_broken.set()
        assert door.ask(address).status == 503


@pytest.mark.parametrize("seconds", [-10, 10])
def test_without_a_database_a_page_is_kept_for_a_day_and_no_longer(
    transactional_db, settings, seconds
):
    age = settings.STALE_IF_ERROR.total_seconds() + seconds
    with opened(poll_interval=3600) as door:
        door.keep("/en/hiring/")
        freshness = door.cache._freshness  # whose clock is moved
        freshness._state = freshness._state._replace(checked_at=time.monotonic() - age)
        said = door.ask("/en/hiring/").said
    assert said == ("hit; detail=database-away" if seconds < 0 else "fwd=miss")


def test_a_turn_that_cannot_be_told_holds_up_no_edit(transactional_db):
    def unknown():
        raise OverflowError("date value out of range")

    role = make.role()
    address = role.get_absolute_url("en")
    with opened(next_change_at=unknown) as door:
        door.keep(address)
        role.title_en = "Rain engineer"
        role.save()
        until_new(door, address, "Rain engineer")
        assert door.keep(address).said == "hit"
