"""The page cache in front of Django in this process, called as a WSGI server calls it."""

import time
from contextlib import contextmanager
from io import BytesIO
from typing import NamedTuple
from wsgiref.validate import validator

import pytest
from django.core.handlers.wsgi import WSGIHandler

from careers import publishing
from careers.page_cache.cache import PageCache
from tests.conftest import HOST

POLL_INTERVAL = 0.01  # seconds between two queries for the generation
TIMEOUT = 5  # seconds


class WSGIResponse(NamedTuple):
    """The response to a request."""

    status: int
    headers: dict
    body: bytes

    @property
    def cache_status(self):
        """The Cache-Status header without the name of the cache."""
        return self.headers["Cache-Status"].removeprefix("Careers; ")

    @property
    def is_hit(self):
        return self.cache_status == "hit"


class WSGIClient:
    """Sends requests to a WSGI application behind the page cache, and validates PEP 3333."""

    def __init__(self, application, **options):
        options = {
            "next_change_at": publishing.next_change_at,
            "poll_interval": POLL_INTERVAL,
            **options,
        }
        self.cache = PageCache(application, **options)
        self.application = validator(self.cache)

    def request(self, address, method="GET", *, host=HOST, scheme="https", **headers):
        path, _mark, query = address.partition("?")
        environ = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": host,
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": scheme,
            "wsgi.input": BytesIO(),
            "wsgi.errors": BytesIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
            **{f"HTTP_{name.upper()}": value for name, value in headers.items()},
        }
        started = []

        def start_response(status, headers, exc_info=None):
            started[:] = int(status[:3]), headers
            return lambda data: None

        chunks = self.application(environ, start_response)
        body = b"".join(chunks)
        chunks.close()
        names = [name for name, _value in started[1] if name != "Set-Cookie"]
        assert len(names) == len(set(names)), names  # no header appears twice
        return WSGIResponse(started[0], dict(started[1]), body)

    def warm(self, address, **headers):
        """Request a page until it is a cache hit; a new process does not know the generation yet."""
        for _ in attempts():
            if (response := self.request(address, **headers)).is_hit:
                return response
        raise AssertionError(f"{address} is not cached: {response.headers}")


def attempts(timeout=TIMEOUT):
    """Iterations of a loop that waits until a condition holds."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        yield
        time.sleep(0.005)


@contextmanager
def wsgi_client(application=None, **options):
    """Yield a WSGIClient of the site, or of another application."""
    wsgi = WSGIClient(application or WSGIHandler(), **options)
    try:
        yield wsgi
    finally:
        wsgi.cache.close()


@pytest.fixture
def wsgi(transactional_db):
    with wsgi_client() as client:
        yield client
