"""The proxy's own nginx in front of the site as in production: what it keeps, for how long, and for whom."""

import http.client
import os
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from typing import NamedTuple

import pytest

from tests.components import nginx
from tests.components.site import manage, wait
from tests.faults.stage import running

pytestmark = [pytest.mark.one_database, pytest.mark.runs_first, pytest.mark.xdist_group("proxy")]

HOST = "careers.example.com"
QUIET = 3  # seconds after which no page is kept without asking; an hour is no different
SOON = 3  # seconds within which an edit is on every page
RENAME = """
import time
from careers.company.models import Company
company = Company.get()
company.name_en = company.name_ja = "{}"
time.sleep(max(0, {} - time.time()))
company.save()
print(time.time())
"""


class Answer(NamedTuple):
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def kept(self):
        """What the proxy says that it has done."""
        return self.headers.get_all("Cache-Status")[-1]


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    on_postgresql = os.environ.get("DATABASE_URL", "").startswith("postgres")
    with running(tmp_path_factory.mktemp("site"), on_postgresql=on_postgresql) as running_stage:
        yield running_stage


@pytest.fixture(scope="module")
def ask(stage):
    """ask("/en/") is what a visitor gets, who comes by https."""
    with nginx.running(HOST, stage.port) as proxy:

        def asked(path, method="GET", **headers):
            line = http.client.HTTPSConnection(HOST, proxy.port, timeout=20)
            raw = socket.create_connection(("127.0.0.1", proxy.port), 20)
            line.sock = proxy.trust.wrap_socket(raw, server_hostname=HOST)
            said = {name.replace("_", "-"): value for name, value in headers.items()}
            with closing(line):
                line.request(method, path, headers={"Host": HOST, **said})
                answer = line.getresponse()
                return Answer(answer.status, answer.headers, answer.read())

        yield asked


@contextmanager
def away(stage):
    """For as long as this block, nobody answers behind the proxy."""
    stage.web.kill()
    try:
        yield
    finally:
        stage.web.start()
        wait(f"http://127.0.0.1:{stage.port}", stage.web.process, Host=HOST)


def test_a_page_is_kept_for_as_long_as_the_site_says(ask):
    first = ask("/en/privacy/")
    assert (first.status, first.kept) == (200, "proxy; fwd=miss")
    again = ask("/en/privacy/")
    assert again.kept.startswith("proxy; hit")
    assert again.body == first.body
    for name in ("Content-Security-Policy", "Strict-Transport-Security", "X-Content-Type-Options"):
        assert again.headers.get_all(name) == first.headers.get_all(name)
        assert len(again.headers.get_all(name)) == 1


@pytest.mark.parametrize("quiet", [0, QUIET])
def test_an_edit_is_seen_soon_even_after_a_quiet_time(ask, stage, quiet):
    name = f"After {quiet}"
    for path in ("/en/", "/ja/"):
        ask(path)
    manage(stage.environment, "shell", "--no-imports", "-c", RENAME.format(name, 0))
    edited = time.monotonic()
    if quiet:
        time.sleep(quiet)
        # The very first visitor afterwards gets no page from before.
        assert all(name in ask(path).body.decode() for path in ("/en/", "/ja/"))
        return
    while not all(name in ask(path).body.decode() for path in ("/en/", "/ja/")):
        assert time.monotonic() < edited + SOON
        time.sleep(0.1)


def test_an_edit_is_seen_soon_at_the_worst_moment(ask, stage):
    """nginx counts whole seconds: what it keeps at the beginning of one, it keeps for almost two. And no
    worker knows yet of an edit of a tenth of a second ago."""
    second = int(time.time()) + 5
    script = RENAME.format("At the worst moment", second - 0.1)
    with ThreadPoolExecutor(1) as recruiter:
        edit = recruiter.submit(manage, stage.environment, "shell", "--no-imports", "-c", script)
        time.sleep(second + 0.02 - time.time())
        ask("/en/advice/")
        time.sleep(max(0, float(edit.result()) + SOON - time.time()))
    answer = ask("/en/advice/")
    assert answer.kept == "proxy; fwd=stale"
    assert "At the worst moment" in answer.body.decode()


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
def test_each_gets_an_encoding_that_they_understand(ask, accepted, sent):
    for _ in range(2):  # from the site, and kept
        answer = ask("/en/hiring/", Accept_Encoding=accepted)
        assert answer.headers["Content-Encoding"] == sent
        assert answer.headers["Vary"] == "Accept-Encoding"


def test_whoever_has_the_page_gets_no_second_copy(ask):
    tag = ask("/en/").headers["ETag"]
    answer = ask("/en/", If_None_Match=tag)
    assert (answer.status, answer.body) == (304, b"")


@pytest.mark.parametrize(
    "path", ["/", "/admin/", "/admin/account/login/", "/en/apply/", "/ja/apply/", "/en/roles/?q=a"]
)
def test_what_is_for_one_person_is_kept_for_nobody(ask, path):
    for _ in range(2):
        answer = ask(path)
        assert answer.kept == "proxy; fwd=bypass"
        assert "s-maxage" not in answer.headers["Cache-Control"]


def test_what_does_not_say_that_it_may_be_kept_is_not(ask):
    for _ in range(2):
        answer = ask("/theme-fffffffffffffffffffffffffffffffe.css")
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.kept == "proxy; fwd=miss"


def test_films_are_not_kept_and_static_files_are(ask):
    page = ask("/en/").body.decode()
    style = page.split('rel="stylesheet" href="')[1].split('"')[0]
    assert ask(style).status == 200
    assert ask(style).kept.startswith("proxy; hit")
    assert ask("/media/nothing.mp4").headers.get("Cache-Status", "").count("proxy") == 0


def test_what_was_withdrawn_does_not_come_back_while_nobody_answers(ask, stage):
    find = "from careers.roles.models import Role; role = Role.objects.public('en').last(); "
    found = f"{find}print(role.get_absolute_url('en'))"
    path = manage(stage.environment, "shell", "--no-imports", "-c", found).strip()
    assert ask(path).status == 200
    withdrawn = f"{find}role.unpublish('en'); role.unpublish('ja'); role.save()"
    manage(stage.environment, "shell", "--no-imports", "-c", withdrawn)
    time.sleep(QUIET)
    assert ask(path).status == 404
    with away(stage):
        assert ask(path).status in (404, 503)


def test_another_spelling_of_the_host_changes_nobodys_page(ask):
    other = ask("/en/accessibility/", Host=f"{HOST}:1", Accept_Encoding="br")
    assert (other.status, other.headers["Content-Encoding"]) == (200, None)
    assert ask("/en/accessibility/", Accept_Encoding="br").headers["Content-Encoding"] == "br"


def test_while_nobody_answers_kept_pages_go_on_being_served(ask, stage):
    kept = ask("/ja/hiring/")
    with away(stage):
        time.sleep(QUIET)
        answer, form = ask("/ja/hiring/"), ask("/en/apply/")
    assert (answer.status, answer.body) == (200, kept.body)
    assert answer.kept == "proxy; hit; detail=stale"
    assert answer.headers.get_all("Content-Security-Policy") == kept.headers.get_all(
        "Content-Security-Policy"
    )
    assert (form.status, form.headers["Retry-After"]) == (503, "10")
    assert "it cannot arrive twice" in form.body.decode()
