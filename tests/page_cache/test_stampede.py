"""Simultaneous requests: a page is rendered once, and all clients get the same bytes."""

import threading
import time
from collections import Counter

import pytest

from careers.page_cache.models import Generation

from .conftest import wsgi_client

pytestmark = pytest.mark.one_database

CLIENTS = 12


class SlowApplication:
    """An application with slow pages, which are numbered."""

    def __init__(self, status="200 OK", cache_control="public", seconds=0.3, error=None):
        self.status, self.cache_control = status, cache_control
        self.seconds, self.error = seconds, error
        self.renders = Counter()
        self.lock = threading.Lock()

    def __call__(self, environ, start_response):
        with self.lock:
            self.renders[environ["PATH_INFO"]] += 1
            number = self.renders[environ["PATH_INFO"]]
        if environ["PATH_INFO"] == "/en/":  # requested before the others
            start_response("200 OK", [("Content-Type", "text/html"), ("Cache-Control", "public")])
            return [b"home"]
        time.sleep(self.seconds)
        if self.error:
            raise self.error
        start_response(
            self.status, [("Content-Type", "text/html"), ("Cache-Control", self.cache_control)]
        )
        return [f"page {number} {environ['PATH_INFO']}".encode() * 100]


def request_simultaneously(wsgi, addresses):
    """The responses of simultaneous requests, and the seconds until the last one."""
    barrier, responses = threading.Barrier(len(addresses)), []

    def request(address):
        barrier.wait()
        try:
            responses.append(wsgi.request(address))
        except ZeroDivisionError as error:
            responses.append(error)

    threads = [threading.Thread(target=request, args=[address]) for address in addresses]
    start = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(responses) == len(addresses), "a request did not end"
    return responses, time.monotonic() - start


def test_page_rendered_once(transactional_db):
    application = SlowApplication()
    with wsgi_client(application) as wsgi:
        wsgi.warm("/en/")
        responses, _seconds = request_simultaneously(wsgi, ["/en/roles/"] * CLIENTS)
        assert application.renders["/en/roles/"] == 1
        assert len({response.body for response in responses}) == 1
        counts = Counter(response.cache_status for response in responses)
        assert counts["fwd=miss; stored"] == 1
        assert counts["fwd=miss; collapsed"] + counts["hit"] == CLIENTS - 1
        assert counts["fwd=miss; collapsed"] > 0


def test_different_pages_render_in_parallel(transactional_db):
    application = SlowApplication(seconds=0.5)
    with wsgi_client(application) as wsgi:
        wsgi.warm("/en/")
        addresses = ["/en/roles/", "/ja/roles/", "/en/hiring/", "/ja/hiring/"] * 2
        responses, seconds = request_simultaneously(wsgi, addresses)
        assert {response.status for response in responses} == {200}
        assert set(application.renders.values()) - {application.renders["/en/"]} == {1}
        assert seconds < 4 * application.seconds


@pytest.mark.parametrize(
    "application",
    [
        SlowApplication(status="404 Not Found"),
        SlowApplication(cache_control="private"),
        SlowApplication(status="500 Oh"),
    ],
)
def test_uncacheable_responses_do_not_block(transactional_db, application):
    with wsgi_client(application) as wsgi:
        wsgi.warm("/en/")
        responses, seconds = request_simultaneously(wsgi, ["/en/roles/"] * CLIENTS)
        assert application.renders["/en/roles/"] == CLIENTS
        # Each request got its own response.
        assert len({response.body for response in responses}) == CLIENTS
        assert seconds < 3


def test_error_releases_waiting_requests(transactional_db):
    application = SlowApplication(error=ZeroDivisionError())
    with wsgi_client(application) as wsgi:
        wsgi.warm("/en/")
        responses, _seconds = request_simultaneously(wsgi, ["/en/roles/"] * 4)
        assert [type(response) for response in responses] == [ZeroDivisionError] * 4
        application.error = None
        assert wsgi.request("/en/roles/").cache_status == "fwd=miss; stored"


def test_request_after_edit_renders_again(transactional_db):
    application = SlowApplication(seconds=1)
    with wsgi_client(application) as wsgi:
        wsgi.warm("/en/")
        responses = []
        thread = threading.Thread(target=lambda: responses.append(wsgi.request("/en/roles/")))
        thread.start()
        time.sleep(0.2)
        Generation.bump()
        time.sleep(0.2)
        second = wsgi.request("/en/roles/")
        thread.join()
        assert application.renders["/en/roles/"] == 2
        assert responses[0].cache_status == "fwd=miss"  # it was stale when it was ready
        assert second.cache_status == "fwd=miss; stored"
        assert wsgi.request("/en/roles/").body == second.body


def test_lock_timeout(transactional_db):
    application = SlowApplication(seconds=1)
    with wsgi_client(application, lock_timeout=0.1) as wsgi:
        wsgi.warm("/en/")
        responses, seconds = request_simultaneously(wsgi, ["/en/roles/"] * 2)
        assert application.renders["/en/roles/"] == 2
        assert {response.status for response in responses} == {200}
        assert seconds < 2
