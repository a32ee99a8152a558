"""Limits of the proxy: slow and greedy networks beside ordinary visitors. Each 127.0.0.x is a network."""

import contextlib
import hashlib
import http.client
import os
import statistics
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.components import nginx
from tests.faults.killable_site import running

pytestmark = [
    pytest.mark.one_database,
    pytest.mark.runs_first,
    pytest.mark.xdist_group("proxy_limits"),
]

HOST = "careers.example.com"
# The limits of proxy/nginx.conf.
UPLOADS, UPLOADS_OF_NETWORK, FORMS, REQUESTS_OF_NETWORK = 60, 10, 500, 300
# A hundredth of the production sizes.
MAX_BODY, MAX_FORM = 520_000, 10_000  # bytes
SMALL = {"client_max_body_size 52m": f"client_max_body_size {MAX_BODY}", "{1,6}": "{1,4}"}
SPOOL_BOUND = UPLOADS * MAX_BODY + FORMS * MAX_FORM
# In production, the proxy reloads every 900 s, and 50 MB at 1 Mbit/s take 400 s. Here the relation is the same.
RELOAD_INTERVAL, HONEST_TIME = 9, 4  # seconds
SHORT = {
    "sleep 900": f"sleep {RELOAD_INTERVAL}",
    "worker_shutdown_timeout 15m": f"worker_shutdown_timeout {RELOAD_INTERVAL}s",
}
HEADER_TIMEOUT = 10  # seconds
VISITOR_P95 = 0.5  # seconds
REJECTED = 403  # by the site: a form without a token


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with running(tmp_path_factory.mktemp("site"), on_postgresql=False) as running_site:
        yield running_site


@pytest.fixture
def proxy(site):
    with nginx.running(HOST, site.port, SMALL) as running_proxy:
        yield running_proxy


class SlowClient:
    """A connection that sends `beginning` at once, and then one byte at each drip()."""

    def __init__(self, proxy, source, beginning):
        self.connection = proxy.connection(source)
        self.socket = self.connection.sock
        self.ended = False
        with contextlib.suppress(OSError):  # refused before everything was sent
            self.socket.sendall(beginning)

    def drip(self):
        try:
            self.socket.sendall(b"a")
        except OSError:
            self.ended = True

    def response(self):
        """What the proxy has sent until now, or b"" if it closed the connection; None if it waits."""
        self.socket.settimeout(0.02)
        try:
            return self.socket.recv(65536)
        except TimeoutError:
            return None
        except OSError:
            return b""

    def close(self):
        self.connection.close()


def slow_upload(proxy, source):
    """An upload that has sent all but a fifth of the largest body."""
    head = f"POST /en/apply/ HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: {MAX_BODY}\r\n\r\n"
    return SlowClient(proxy, source, head.encode() + b"a" * (MAX_BODY * 4 // 5))


def slow_headers(proxy, source):
    return SlowClient(proxy, source, f"GET /en/ HTTP/1.1\r\nHost: {HOST}\r\nX-".encode())


@contextlib.contextmanager
def clients(make, proxy, sources):
    """One client for each source, made by several threads."""
    with ThreadPoolExecutor(16) as pool:
        opened = list(pool.map(lambda source: make(proxy, source), sources))
    try:
        yield opened
    finally:
        for client in opened:
            client.close()


@contextlib.contextmanager
def dripping(slow_clients):
    """While this block runs, each of them sends a byte a second."""
    stopped = threading.Event()

    def drip():
        while not stopped.wait(1):
            for client in slow_clients:
                if not client.ended:
                    client.drip()

    thread = threading.Thread(target=drip)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()


def refusals(slow_clients, expected):
    """The responses of the proxy, after at most 20 s: as soon as `expected` clients have one."""
    responses, limit = {}, time.monotonic() + 20
    while len(responses) < expected and time.monotonic() < limit:
        for client in slow_clients:
            if client not in responses and (response := client.response()) is not None:
                responses[client] = response
    return list(responses.values())


def spooled(proxy):
    """Bytes in the spool, but for the cache: files without a name, which the processes of the proxy have open."""
    size, folder = 0, f"{proxy.folder}/spool/"
    for file in Path("/proc").glob("[0-9]*/fd/*"):
        with contextlib.suppress(OSError):  # of another user, or closed in the meantime
            target = str(file.readlink())
            if target.startswith(folder) and target.endswith("(deleted)"):
                size += file.stat().st_size
    return size


def cached(proxy):
    """Bytes of the files in the cache."""
    size = 0
    for file in (proxy.folder / "spool" / "pages").rglob("*"):
        with contextlib.suppress(OSError):  # renamed in the meantime
            size += file.stat().st_size if file.is_file() else 0
    return size


def wait_until(condition, seconds):
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, f"not within {seconds} s"
        time.sleep(0.1)


def visit(proxy):
    """The 95th percentile of an ordinary visitor's requests, in seconds: of a cached page and of a form."""
    durations = []
    for number in range(40):
        start = time.monotonic()
        assert proxy.request("/ja/apply/" if number % 2 else "/en/").status == 200
        durations.append(time.monotonic() - start)
    return statistics.quantiles(durations, n=20)[-1]


def assert_busy_page(response):
    """It is our own page, in both languages, with the headers of every page."""
    assert (response.status, response.headers["Retry-After"]) == (429, "60")
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert "max-age" in response.headers["Strict-Transport-Security"]
    page = response.body.decode()
    assert "it cannot arrive twice" in page and "二重に届くことはありません" in page


def test_limits_of_slow_clients_beside_visitor(site):
    """300 clients with slow headers and 30 dripping uploads, from 20 networks, do not delay a visitor."""
    networks = [f"127.0.0.{number}" for number in range(10, 30)]
    # Opening so many connections may take longer than the timeout in production.
    patient = {"client_header_timeout       10s": "client_header_timeout 300s"}
    with nginx.running(HOST, site.port, SMALL | patient) as proxy:
        quiet = visit(proxy)
        with (
            clients(slow_headers, proxy, networks * 15) as headers,
            clients(slow_upload, proxy, (networks * 2)[:30]) as uploads,
            dripping(headers + uploads),
        ):
            wait_until(lambda: spooled(proxy) > 30 * MAX_BODY / 2, 20)
            attacked = visit(proxy)
            assert spooled(proxy) <= SPOOL_BOUND
            assert [client.ended for client in headers + uploads] == [False] * 330
        # On a slow machine, the visitor is slow without the others, too.
        assert attacked < VISITOR_P95 or attacked < 3 * quiet


def test_limits_end_slow_clients(site):
    networks = [f"127.0.0.{number}" for number in range(10, 20)]
    with (
        nginx.running(HOST, site.port, SMALL | SHORT) as proxy,
        clients(slow_headers, proxy, networks) as headers,
        clients(slow_upload, proxy, networks) as uploads,
        dripping(headers + uploads),
    ):
        wait_until(lambda: spooled(proxy) > 0, 5)
        wait_until(lambda: all(client.ended for client in headers), HEADER_TIMEOUT + 10)
        wait_until(lambda: all(client.ended for client in uploads), 2 * RELOAD_INTERVAL + 10)
        assert (len(headers), len(uploads)) == (10, 10)
        wait_until(lambda: spooled(proxy) == 0, 5)
        assert "[alert]" not in (proxy.folder / "log").read_text()


def test_limits_allow_slow_honest_upload(site):
    """50 MB at 1 Mbit/s, scaled; it lasts longer than the rest of the interval between two reloads."""
    with nginx.running(HOST, site.port, SMALL | SHORT) as proxy:
        time.sleep(RELOAD_INTERVAL - HONEST_TIME / 2)
        steps = 40

        def body():
            for _ in range(steps):
                time.sleep(HONEST_TIME / steps)
                yield b"a" * (500_000 // steps)

        response = proxy.request("/en/", "POST", body(), Content_Length="500000")
        assert response.status == REJECTED
        assert "Careers" in response.headers["Cache-Status"]


def test_limits_of_slow_downloads(site, proxy):
    """30 clients that request a video of 30 MB and read only parts of it share one copy in the spool."""
    content = os.urandom(30_000_000)
    name = f"{hashlib.sha256(content).hexdigest()}.mp4"
    Path(site.environment["VAR_DIR"], "media", name).write_bytes(content)
    head = f"GET /media/{name} HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode()

    def reader(proxy, source):
        return SlowClient(proxy, source, head)

    with clients(reader, proxy, ["127.0.0.2"] * 30) as readers:
        for _ in range(5):
            time.sleep(1)
            assert len([client for client in readers if client.response()]) == 30
            assert 1_000_000 < spooled(proxy) + cached(proxy) < 2 * len(content)
        assert proxy.request("/en/apply/").status == 200


def test_limits_uploads_of_network(proxy):
    sources = ["127.0.0.2"] * 30
    with clients(slow_upload, proxy, sources) as uploads, dripping(uploads):
        responses = refusals(uploads, 30 - UPLOADS_OF_NETWORK)
        assert len(responses) == 30 - UPLOADS_OF_NETWORK
        assert {response.partition(b"\r\n")[0] for response in responses} == {
            b"HTTP/1.1 429 Too Many Requests"
        }
        assert 0 < spooled(proxy) <= UPLOADS_OF_NETWORK * MAX_BODY
        # The network can still read and submit forms without large files; other networks can upload.
        assert proxy.request("/en/", source="127.0.0.2").status == 200
        assert proxy.request("/en/", "POST", b"a" * 9000, "127.0.0.2").status == REJECTED
        assert_busy_page(proxy.request("/en/", "POST", b"a" * 11_000, "127.0.0.2"))
        assert proxy.request("/en/", "POST", b"a" * 500_000, "127.0.0.3").status == REJECTED


def test_limits_uploads_of_all_networks(proxy):
    sources = [f"127.0.0.{10 + number // UPLOADS_OF_NETWORK}" for number in range(80)]
    with clients(slow_upload, proxy, sources) as uploads, dripping(uploads):
        assert len(refusals(uploads, 80 - UPLOADS)) == 80 - UPLOADS
        assert UPLOADS * MAX_BODY / 2 < spooled(proxy) <= SPOOL_BOUND
        # A body of undeclared size is an upload.
        chunks = iter([b"a" * 5000])
        assert_busy_page(proxy.request("/en/", "POST", chunks))
        assert proxy.request("/en/", "POST", b"a" * 9000).status == REJECTED
        assert proxy.request("/en/apply/").status == 200


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_limits_body_of_request_that_needs_none(proxy, method):
    """Such requests are not counted as uploads, so their bodies never reach the spool."""
    for path in ("/en/", "/static/nothing.css", "/media/nothing.mp4"):
        response = proxy.request(path, method, b"a" * 100_000)
        assert response.status == 413
        chunks = iter([b"a" * 50_000, b"a" * 50_000])
        response = proxy.request(path, method, chunks)
        assert response.status == 413
    assert spooled(proxy) == 0


def test_redirect_to_https_discards_body(proxy):
    connection = http.client.HTTPConnection("127.0.0.1", proxy.http_port, timeout=20)
    with contextlib.closing(connection):
        connection.request("POST", "/en/apply/", b"a" * 2_000_000, {"Host": HOST})
        response = connection.getresponse()
    assert response.status == 301
    assert response.headers["Location"] == f"https://{HOST}/en/apply/"
    assert spooled(proxy) == 0


def test_limits_request_rate_of_network(site):
    changes = {"rate=50r/s": "rate=1r/m", f"burst={REQUESTS_OF_NETWORK}": "burst=9"}
    with nginx.running(HOST, site.port, changes) as proxy:
        page = [proxy.request("/en/") for _ in range(10)][-1].body.decode()
        style = page.split('rel="stylesheet" href="')[1].split('"')[0]
        assert_busy_page(proxy.request("/en/"))
        assert_busy_page(proxy.request("/en/apply/", "POST", b"name=Hanako"))
        # Files are not counted, and other networks are not affected.
        assert [proxy.request(style).status for _ in range(20)] == [200] * 20
        assert proxy.request("/away.css").status == 200
        assert proxy.request("/en/", source="127.0.0.2").status == 200


def test_limits_allow_office_behind_one_address(proxy):
    """200 people open a page, its style sheet and the form together; 50 of them submit it with a file."""
    page = proxy.request("/en/").body.decode()
    style = page.split('rel="stylesheet" href="')[1].split('"')[0]

    def apply(number):
        with contextlib.closing(proxy.connection()) as connection:
            paths = ("/en/", style, "/en/apply/")
            statuses = [proxy.request_on(connection, path).status for path in paths]
            if number % 4 == 0:
                body = b"a" * 50_000
                statuses.append(proxy.request_on(connection, "/en/", "POST", body).status)
            return statuses

    with ThreadPoolExecutor(8) as people:
        statuses = [status for answers in people.map(apply, range(200)) for status in answers]
    assert statuses.count(200) == 600
    assert statuses.count(REJECTED) == 50
    assert len(statuses) == 650
