"""nginx in front of the site, configured as in production: what it caches, and for how long."""

import hashlib
import os
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.components import nginx
from tests.components.site import manage, wait
from tests.faults.killable_site import running

pytestmark = [pytest.mark.one_database, pytest.mark.runs_first, pytest.mark.xdist_group("proxy")]

HOST = "careers.example.com"
IDLE_TIME = (
    3  # seconds after which a cached page is always revalidated; an hour makes no difference
)
LONG_OUTAGE = 60  # seconds
FRESH_WITHIN = 3  # seconds until an edit is visible on every page
RENAME = """
import time
from careers.company.models import Company
company = Company.get()
company.name_en = company.name_ja = "{}"
time.sleep(max(0, {} - time.time()))
company.save()
print(time.time())
"""


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    on_postgresql = os.environ.get("DATABASE_URL", "").startswith("postgres")
    with running(tmp_path_factory.mktemp("site"), on_postgresql=on_postgresql) as running_stage:
        yield running_stage


@pytest.fixture(scope="module")
def proxy(stage):
    with nginx.running(HOST, stage.port) as running_proxy:
        yield running_proxy


@pytest.fixture
def ask(proxy):
    """ask("/en/") is the response to an https request through the proxy."""
    return proxy.request


@contextmanager
def outage(stage, proxy, has_name=True):
    """While this block runs, no server answers behind the proxy; in Docker, its name does not exist either."""
    stage.web.kill()
    proxy.name_server.has_names = has_name
    try:
        yield
    finally:
        proxy.name_server.has_names = True
        stage.web.start()
        wait(f"http://127.0.0.1:{stage.port}", stage.web.process, Host=HOST)


def test_proxy_caches_page_with_its_headers(ask):
    first = ask("/en/privacy/")
    assert (first.status, first.cache_status) == (200, "proxy; fwd=miss")
    cached = ask("/en/privacy/")
    assert cached.cache_status.startswith("proxy; hit")
    assert cached.body == first.body
    for name in ("Content-Security-Policy", "Strict-Transport-Security", "X-Content-Type-Options"):
        assert cached.headers.get_all(name) == first.headers.get_all(name)
        assert len(cached.headers.get_all(name)) == 1


@pytest.mark.parametrize("path", ["/readyz", "//readyz", "/%72eadyz", "/en/../readyz", "/readyz?a"])
def test_proxy_refuses_readiness(ask, path):
    """The site answers it, but only to the operator, and not through the proxy."""
    response = ask(path)
    assert response.status == 404
    assert b"database" not in response.body


@pytest.mark.parametrize("idle_time", [0, IDLE_TIME])
def test_proxy_shows_edit_soon_even_after_idle_time(ask, stage, idle_time):
    name = f"After {idle_time}"
    for path in ("/en/", "/ja/"):
        ask(path)
    manage(stage.environment, "shell", "--no-imports", "-c", RENAME.format(name, 0))
    edited = time.monotonic()
    if idle_time:
        time.sleep(idle_time)
        # The first request afterwards already gets the new page.
        assert all(name in ask(path).body.decode() for path in ("/en/", "/ja/"))
        return
    while not all(name in ask(path).body.decode() for path in ("/en/", "/ja/")):
        assert time.monotonic() < edited + FRESH_WITHIN
        time.sleep(0.1)


def test_proxy_shows_edit_soon_at_the_worst_moment(ask, stage):
    """nginx counts whole seconds: what it caches at the start of one, it keeps for almost two. And no worker knows of an edit of a tenth of a second ago."""
    second = int(time.time()) + 5
    script = RENAME.format("At the worst moment", second - 0.1)
    with ThreadPoolExecutor(1) as recruiter:
        edit = recruiter.submit(manage, stage.environment, "shell", "--no-imports", "-c", script)
        time.sleep(second + 0.02 - time.time())
        ask("/en/advice/")
        time.sleep(max(0, float(edit.result()) + FRESH_WITHIN - time.time()))
    response = ask("/en/advice/")
    assert response.cache_status == "proxy; fwd=stale"
    assert "At the worst moment" in response.body.decode()


@pytest.mark.parametrize(
    ("accepted", "sent"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=1.0, gzip;q=0.8, *;q=0.1", "br"),
        ("gzip, deflate", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br; q=0.0, gzip;q=0", None),
        ("deflate", None),
        ("", None),
    ],
)
def test_proxy_negotiates_encoding(ask, accepted, sent):
    for _ in range(2):  # from the site, then from the cache
        response = ask("/en/hiring/", Accept_Encoding=accepted)
        assert response.headers["Content-Encoding"] == sent
        assert response.headers["Vary"] == "Accept-Encoding"


def test_proxy_answers_304_to_current_etag(ask):
    tag = ask("/en/").headers["ETag"]
    response = ask("/en/", If_None_Match=tag)
    assert (response.status, response.body) == (304, b"")


@pytest.mark.parametrize(
    "path", ["/", "/admin/", "/admin/account/login/", "/en/apply/", "/ja/apply/", "/en/roles/?q=a"]
)
def test_proxy_does_not_cache_private_pages(ask, path):
    for _ in range(2):
        response = ask(path)
        assert response.cache_status == "proxy; fwd=bypass"
        assert "s-maxage" not in response.headers["Cache-Control"]


def test_proxy_does_not_cache_no_store(ask):
    for _ in range(2):
        response = ask("/theme-fffffffffffffffffffffffffffffffe.css")
        assert response.headers["Cache-Control"] == "no-store"
        assert response.cache_status == "proxy; fwd=miss"


def test_proxy_caches_static_files(ask):
    page = ask("/en/").body.decode()
    style = page.split('rel="stylesheet" href="')[1].split('"')[0]
    assert ask(style).status == 200
    assert ask(style).cache_status.startswith("proxy; hit")


@pytest.fixture
def video(stage):
    """The name and content of a video of three and a half slices."""
    content = os.urandom(3_670_016)
    name = f"{hashlib.sha256(content).hexdigest()}.mp4"
    path = Path(stage.environment["VAR_DIR"], "media", name)
    path.write_bytes(content)
    yield name, content
    path.unlink(missing_ok=True)


def test_proxy_serves_ranges_of_video(ask, video):
    name, content = video
    path, size = f"/media/{name}", len(content)
    for _ in range(2):  # from the site, then from the cache
        whole = ask(path)
        assert (whole.status, whole.body) == (200, content)
        assert whole.headers["Content-Type"] == "video/mp4"
        assert whole.headers["Accept-Ranges"] == "bytes"
        tag = whole.headers["ETag"]
        for first, last in ((0, 99), (1_048_570, 1_048_580), (2_000_000, size - 1)):
            part = ask(path, Range=f"bytes={first}-{last}", If_Range=tag)
            assert (part.status, part.body) == (206, content[first : last + 1])
            assert part.headers["Content-Range"] == f"bytes {first}-{last}/{size}"
        assert ask(path, Range="bytes=-100").body == content[-100:]
        assert ask(path, Range=f"bytes={size}-").status == 416
        assert ask(path, If_None_Match=tag).status == 304
        head = ask(path, "HEAD")
        assert (head.status, head.headers["Content-Length"]) == (200, str(size))


def test_proxy_does_not_serve_deleted_video(stage, video):
    path = f"/media/{video[0]}"
    with nginx.running(HOST, stage.port, {"200 206 10m": "200 206 1s"}) as proxy:
        assert proxy.request(path).status == 200
        Path(stage.environment["VAR_DIR"], "media", video[0]).unlink()
        time.sleep(IDLE_TIME)
        assert [proxy.request(path).status for _ in range(2)] == [404, 404]


def test_proxy_does_not_serve_unpublished_page_during_outage(ask, stage, proxy):
    find = "from careers.roles.models import Role; role = Role.objects.public('en').last(); "
    script = f"{find}print(role.get_absolute_url('en'))"
    path = manage(stage.environment, "shell", "--no-imports", "-c", script).strip()
    assert ask(path).status == 200
    unpublish = f"{find}role.unpublish('en'); role.unpublish('ja'); role.save()"
    manage(stage.environment, "shell", "--no-imports", "-c", unpublish)
    time.sleep(IDLE_TIME)
    assert ask(path).status == 404
    with outage(stage, proxy):
        assert ask(path).status in (404, 503)


def test_proxy_cache_ignores_port_in_host_header(ask):
    other = ask("/en/accessibility/", Host=f"{HOST}:1", Accept_Encoding="br")
    assert (other.status, other.headers["Content-Encoding"]) == (200, None)
    assert ask("/en/accessibility/", Accept_Encoding="br").headers["Content-Encoding"] == "br"


@pytest.mark.parametrize("has_name", [True, False])
def test_proxy_serves_cached_pages_during_outage(ask, stage, proxy, has_name):
    cached, uncached = ask("/ja/hiring/"), f"/ja/hiring/?name={has_name}"
    style = cached.body.decode().split('rel="stylesheet" href="')[1].split('"')[0]
    assert ask(style).status == 200
    with outage(stage, proxy, has_name):
        # Each request also asks for the name again, and may replace the cached page.
        for seconds in (0, 1, 1, 0, IDLE_TIME, LONG_OUTAGE if not has_name else 0):
            time.sleep(seconds)
            response = ask("/ja/hiring/")
            assert (response.status, response.body) == (200, cached.body)
            assert ask(style).status == 200
            assert ask(uncached).status == 503
        form = ask("/en/apply/")
        upload = ask("/en/apply/", "POST", b"a" * 2_000_000)
    assert ask(uncached).status == 200
    assert response.cache_status == "proxy; hit; detail=stale"
    assert response.headers.get_all("Content-Security-Policy") == cached.headers.get_all(
        "Content-Security-Policy"
    )
    for response in (form, upload):
        assert (response.status, response.headers["Retry-After"]) == (503, "10")
        assert "it cannot arrive twice" in response.body.decode()
