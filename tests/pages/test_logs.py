"""Log lines of requests and errors, and secrets that they never contain, from a real gunicorn process."""

import contextlib
import http.client
import json
import os
import re
import socket
import subprocess
import sys
import textwrap
import threading
import time
import uuid
from queue import Queue

import pytest

from tools.catalogues import ROOT

pytestmark = [pytest.mark.one_database, pytest.mark.runs_first, pytest.mark.xdist_group("logs")]

SETTINGS = """
    from tests.settings import *

    ROOT_URLCONF = "shared"
    WHITENOISE_USE_FINDERS = True  # static files without collecting them
"""
URLCONF = """
    from django.db import IntegrityError
    from django.http import HttpResponse
    from django.urls import path

    from careers.urls import *

    def share(request, token):
        if "fail" in request.GET:
            raise IntegrityError(f"DETAIL: (name)=({request.GET['fail']}) exists")
        if "type" in request.GET:
            raise TypeError(f"too many for {request.GET['type']}")
        return HttpResponse("for your eyes only")

    urlpatterns += [path("en/share/<str:token>/", share)]
"""
ID = re.compile(r"[0-9a-f]{16}")
SECRETS = ("taro", "S3CRET", "Mozilla", "127.0.0.1", "sessionid", "Yamada")


class Site:
    """A gunicorn process with the site's configuration on a free port, and its output."""

    def __init__(self, folder, level="info"):
        (folder / "sharing.py").write_text(textwrap.dedent(SETTINGS), "utf-8")
        (folder / "shared.py").write_text(textwrap.dedent(URLCONF), "utf-8")
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": f"{ROOT}{os.pathsep}{folder}",
            "DJANGO_SETTINGS_MODULE": "sharing",
            "DATABASE_URL": f"sqlite:///{folder / 'careers.sqlite3'}",
            "WEB_CONCURRENCY": "1",
        }
        with socket.create_server(("127.0.0.1", 0)) as server:
            self.port = server.getsockname()[1]
        gunicorn = (sys.executable, "-m", "gunicorn", "careers.wsgi", "--log-level", level)
        self.process = subprocess.Popen(
            [*gunicorn, "--bind", f"127.0.0.1:{self.port}"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.output = Queue()
        threading.Thread(target=self._listen, daemon=True).start()
        self._wait()

    def _listen(self):
        with self.process.stdout as lines:
            for line in lines:
                self.output.put(line)

    def _wait(self):
        limit = time.monotonic() + 30
        while time.monotonic() < limit:
            with contextlib.suppress(OSError, http.client.HTTPException):
                return self.get("/healthz")
            time.sleep(0.05)
        raise AssertionError("gunicorn does not answer")

    def stop(self):
        self.process.terminate()
        self.process.wait(15)

    def line(self, **fields):
        """The next line with these fields. Asserts that each line up to it is JSON and contains no secret."""
        while True:
            text = self.output.get(timeout=20)
            line = json.loads(text)
            if "Listening at" not in text:
                assert not [secret for secret in SECRETS if secret in text], text
            assert "?" not in line.get("route", "")
            if fields.items() <= line.items():
                return line

    def get(self, address, method="GET"):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {
            "Host": "careers.example.com",
            "X-Forwarded-Proto": "https",
            "User-Agent": "Mozilla",
            "Cookie": "sessionid=S3CRET",
            "Referer": "https://careers.example.com/?q=taro",
        }
        with contextlib.closing(connection):
            connection.request(method, address, headers=headers)
            response = connection.getresponse()
            return response.status, len(response.read())


@pytest.fixture(scope="module")
def started(tmp_path_factory):
    site = Site(tmp_path_factory.mktemp("logs"))
    yield site
    site.stop()


@pytest.fixture
def site(started):
    """The site, after reading the output of earlier tests."""
    path = f"/{uuid.uuid4()}"
    started.get(path)
    started.line(route=path)
    return started


def test_log_line_of_request(site):
    status, size = site.get("/robots.txt?email=taro%40example.org&token=S3CRET")
    line = site.line(route="/robots.txt")
    assert list(line) == ["time", "request_id", "method", "route", "status", "bytes", "duration_ms"]
    assert (line["method"], line["status"], line["bytes"]) == ("GET", status, size)
    assert status == 200 and size > 0
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line["time"])
    assert ID.fullmatch(line["request_id"])
    assert 0 <= line["duration_ms"] < 20_000


def test_log_request_ids_differ(site):
    site.get("/robots.txt")
    site.get("/robots.txt")
    assert (
        site.line(route="/robots.txt")["request_id"] != site.line(route="/robots.txt")["request_id"]
    )


def test_log_route_hides_token(site):
    assert site.get("/en/share/S3CRET/?name=taro")[0] == 200
    site.line(route="/en/share/<str:token>/", status=200)


def test_log_route_hides_password_reset_key(site):
    assert site.get("/admin/account/password/choose/1/S3CRET-S3CRET/")[0] == 500  # no database
    site.line(route="/admin/account/password/choose/<str:uidb36>/<str:key>/", status=500)


@pytest.mark.parametrize(
    ("address", "route"),
    [
        ("/en/share/S3CRET", "/en/share/…"),
        ("/en/shared/S3CRET/).", "/en/shared/…"),
        ("/en/x/S3CRET/a", "/en/x/…"),
    ],
)
def test_log_route_of_unknown_url_hides_token(site, address, route):
    # The 404 page needs a database, and this site has none.
    assert site.get(address)[0] == 500
    assert site.line(method="GET", status=500)["route"] == route


def test_log_route_of_link_without_last_slash_hides_key(site):
    assert site.get("/admin/account/password/choose/1/S3CRET")[0] == 301
    site.line(route="/admin/account/<path:key>", status=301)
    assert site.get("/admin/account/password/choose/1/S3CRET/).")[0] == 301
    site.line(route="/admin/account/<path:key>", status=301)


def test_log_route_of_short_unknown_url(site):
    site.get("/wp-login.php?user=taro")
    site.line(route="/wp-login.php")


def test_log_route_of_static_file(site):
    status, size = site.get("/static/css/tokens.css?v=taro")
    line = site.line(route="/static/css/tokens.css")
    assert (line["status"], line["bytes"]) == (status, size)
    assert status == 200 and size > 0
    site.get("/static/css/tokens.css", "HEAD")
    assert site.line(route="/static/css/tokens.css", method="HEAD")["bytes"] == 0


def test_log_omits_health_checks(site):
    assert site.get("/healthz")[0] == 200
    site.get("/robots.txt")
    assert site.line(method="GET")["route"] == "/robots.txt"


def test_log_of_database_error_hides_values(site):
    assert site.get("/en/share/S3CRET/?fail=Yamada")[0] == 500
    error = site.line(level="ERROR")
    assert error["message"] == "Internal Server Error: /en/share/<str:token>/"
    assert error["logger"] == "django.request"
    assert 'shared.py", line ' in error["exception"]
    assert error["exception"].endswith("IntegrityError")
    line = site.line(status=500)
    assert line["request_id"] == error["request_id"]


def test_log_of_exception_hides_email_addresses(site):
    site.get("/en/share/S3CRET/?type=taro@example.org")
    error = site.line(level="ERROR")
    assert error["exception"].endswith("TypeError: too many for (email)")


def test_log_of_invalid_http_request(site):
    with socket.create_connection(("127.0.0.1", site.port), 20) as connection:
        connection.sendall(b"GET /?email=taro HTTP/9.9 taro\r\n\r\n")
        assert b"400 Bad Request" in connection.recv(1000)
    assert site.line(level="WARNING")["message"] == "Invalid request"


def test_log_level_warning_omits_requests(tmp_path):
    quiet = Site(tmp_path, "warning")
    assert quiet.get("/")[0] == 302  # a page would log that this site has no database
    quiet.stop()
    assert quiet.output.empty()
