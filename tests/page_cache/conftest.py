"""The site as its web server opens it, in this process: kept pages in front, Django behind."""

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

POLL_INTERVAL = 0.01  # seconds between two queries for the generation, so that tests need not wait
PATIENCE = 5


class Answer(NamedTuple):
    """What somebody got."""

    status: int
    headers: dict
    body: bytes

    @property
    def said(self):
        """What the cache says of it, without its own name."""
        return self.headers["Cache-Status"].removeprefix("Careers; ")

    @property
    def is_hit(self):
        return self.said == "hit"


class Door:
    """Asks a WSGI application, which is held to PEP 3333 meanwhile."""

    def __init__(self, application, **options):
        options = {
            "next_change_at": publishing.next_change_at,
            "poll_interval": POLL_INTERVAL,
            **options,
        }
        self.cache = PageCache(application, **options)
        self.application = validator(self.cache)

    def ask(self, address, method="GET", *, host=HOST, scheme="https", **headers):
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
        said = []

        def start_response(status, headers, exc_info=None):
            said[:] = int(status[:3]), headers
            return lambda data: None

        answered = self.application(environ, start_response)
        body = b"".join(answered)
        answered.close()
        names = [name for name, _value in said[1] if name != "Set-Cookie"]
        assert len(names) == len(set(names)), names  # nothing is said twice
        return Answer(said[0], dict(said[1]), body)

    def keep(self, address, **headers):
        """Ask until it is kept: a process that has just started knows no generation yet."""
        for _ in attempts():
            if (answer := self.ask(address, **headers)).is_hit:
                return answer
        raise AssertionError(f"{address} is not kept: {answer.headers}")


def attempts(patience=PATIENCE):
    """Turns of a loop that waits for something."""
    limit = time.monotonic() + patience
    while time.monotonic() < limit:
        yield
        time.sleep(0.005)


@contextmanager
def opened(application=None, **options):
    """A Door to the site, or to another application in its place."""
    door = Door(application or WSGIHandler(), **options)
    try:
        yield door
    finally:
        door.cache.close()


@pytest.fixture
def door(transactional_db):
    with opened() as there:
        yield there
