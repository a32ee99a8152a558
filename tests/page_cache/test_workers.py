"""Two processes of one site: every kind of edit is visible on both within a second, in both languages."""

import contextlib
import re
import time
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie
from types import SimpleNamespace
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest

from tests.bilingual.forms import fields_of
from tests.components.database import own_database
from tests.components.site import manage
from tests.conftest import HOST

from .processes import HEADERS, RECRUITER_EMAIL, RECRUITER_PASSWORD, running

pytestmark = [pytest.mark.runs_first, pytest.mark.xdist_group("workers")]

TOKYO = ZoneInfo("Asia/Tokyo")
SECOND = 1.0


class RecruiterSession:
    """A recruiter who is signed in to the admin of one process."""

    def __init__(self, process):
        self.process, self.cookies = process, {}
        login = "/admin/account/login/"
        self.submit(
            login, {"login": RECRUITER_EMAIL, "password": RECRUITER_PASSWORD}, page=self.get(login)
        )
        assert "__Host-sessionid" in self.cookies

    def get(self, path):
        return self._ask("GET", path)

    def submit(self, path, fields, *, page=None):
        """Submit a form with the CSRF token of its page."""
        token = re.search(
            r'name="csrfmiddlewaretoken" value="(\w+)"', (page or self.get(path)).text
        )
        form = urlencode({"csrfmiddlewaretoken": token[1], **fields}, doseq=True)
        response = self._ask("POST", path, form)
        assert response.status == 302, response.text

    def edit(self, path, **typed):
        """Open a form of the admin, change values, save."""
        page = self.get(path)
        changes = typed.pop("changes", {})
        self.submit(path, {**fields_of(page), **typed, **changes}, page=page)

    def _ask(self, method, path, form=None):
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {**HEADERS, "Cookie": cookies, "Origin": f"https://{HOST}"}
        if form:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        with self.process.connected() as connection:
            connection.request(method, path, form, headers)
            response = connection.getresponse()
            for header in response.headers.get_all("Set-Cookie", []):
                self.cookies |= {name: pair.value for name, pair in SimpleCookie(header).items()}
            return SimpleNamespace(status=response.status, text=response.read().decode())


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    with own_database(folder, "demo") as database, running(folder, database) as site:
        yield site


@pytest.fixture(scope="module")
def both(site):
    return site.serve(2)


@pytest.fixture(scope="module")
def recruiter(both):
    return RecruiterSession(both[0])


@pytest.fixture
def assert_visible(site, both):
    """`with assert_visible("/{}/", en="text", ja="文"):` an edit in this block is on the pages of both
    processes, in both languages, a second later, and was not before. `gone=True` is the opposite."""

    @contextlib.contextmanager
    def assert_visible(path, *, gone=False, **texts):
        paths = {language: path.format(language) for language in ("en", "ja")}

        def has_texts():
            pages = [
                (process.page(paths[language])[0], texts[language])
                for process in both
                for language in paths
            ]
            # Without the zero-width spaces of Japanese headings.
            return [bool(re.search(text, page.replace("\u200b", ""))) for page, text in pages]

        site.warm(both, *paths.values())
        assert has_texts() == [gone] * 4
        yield
        time.sleep(SECOND)
        assert has_texts() == [not gone] * 4

    return assert_visible


# --- Edits -------------------------------------------------------------------------------------


@pytest.fixture
def role(site):
    """A role: the paths of its form and its page."""
    texts = site.texts.roles[0]
    path = texts["path"].replace("/en/", "/{}/", 1)
    return SimpleNamespace(form=f"/admin/roles/role/{texts['key']}/change/", path=path)


def test_edit_by_form(assert_visible, recruiter, role):
    with assert_visible(role.path, en="Rain engineer", ja="雨のエンジニア"):
        recruiter.edit(role.form, title_en="Rain engineer", title_ja="雨のエンジニア")
    with assert_visible("/{}/roles/", en="Snow engineer", ja="雪のエンジニア"):
        recruiter.edit(role.form, title_en="Snow engineer", title_ja="雪のエンジニア")


def test_edit_by_inline(assert_visible, recruiter, role):
    texts = {
        "conditions-0-text_en": "From dawn to dusk",
        "conditions-0-text_ja": "夜明けから日暮れまで",
    }
    with assert_visible(role.path, en="From dawn to dusk", ja="夜明けから日暮れまで"):
        recruiter.edit(role.form, changes=texts)


def test_edit_by_bulk_action(site, assert_visible, recruiter):
    value = site.texts.value
    bulk = {"action": "delete_selected", "_selected_action": value["key"], "post": "yes"}
    with assert_visible("/{}/working-here/", gone=True, en=value["en"], ja=value["ja"]):
        recruiter.submit("/admin/company/value/", bulk)


def test_edit_of_order(site, assert_visible, recruiter):
    first, last = site.texts.steps[0], site.texts.steps[-1]
    orders = {
        code: rf"(?s)<h3[^>]*>{last[code]}<.*<h3[^>]*>{first[code]}<" for code in ("en", "ja")
    }
    with assert_visible("/{}/hiring/", **orders):
        recruiter.submit(
            f"/admin/company/hiringstep/{last['key']}/move/",
            {"position": "1"},
            page=recruiter.get("/admin/"),
        )


def test_edit_by_load_demo(site, assert_visible, recruiter):
    texts = {code: site.texts.testimonial[code][:20] for code in ("en", "ja")}
    bulk = {
        "action": "delete_selected",
        "_selected_action": site.texts.testimonials,
        "post": "yes",
    }
    with assert_visible("/{}/working-here/", gone=True, **texts):
        recruiter.submit("/admin/company/testimonial/", bulk)
    with assert_visible("/{}/working-here/", **texts):
        manage(site.environment, "load_demo")


def test_edit_by_sql_and_invalidate_pages(site, assert_visible):
    with assert_visible("/{}/", en="Written in SQL", ja="SQLで書いた"):
        site.sql("UPDATE company_company SET about_en = 'Written in SQL', about_ja = 'SQLで書いた'")
        manage(site.environment, "invalidate_pages")


def test_opening_and_closing_at_midnight(site):
    """At midnight, which comes soon for two processes with another clock."""
    day = datetime.now(TOKYO).date()
    midnight = datetime.combine(day + timedelta(days=1), datetime.min.time(), TOKYO)
    opens, closes = (texts["key"] for texts in site.texts.roles[1:])
    utc_time = f"{midnight.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
    site.sql(f"UPDATE roles_role SET opens_at = '{utc_time}+00:00' WHERE id = {opens}")
    site.sql(f"UPDATE roles_role SET closes_on = '{day}' WHERE id = {closes}")

    def listed_roles(process, language):
        page, _status = process.page(f"/{language}/roles/")
        return [f"/{language}/roles/{key}-" in page for key in (opens, closes)]

    for seconds in (12, 60):  # more time on a slow machine
        moment = datetime.now(UTC) + timedelta(seconds=seconds)
        processes = site.serve(2, ahead=(midnight - moment).total_seconds())
        site.warm(processes, "/en/roles/", "/ja/roles/")
        if datetime.now(UTC) < moment - timedelta(seconds=1):
            break
    pairs = [(process, language) for process in processes for language in ("en", "ja")]
    assert [listed_roles(*pair) for pair in pairs] == [[False, True]] * 4
    time.sleep((moment - datetime.now(UTC)).total_seconds() - 0.5)
    assert [listed_roles(*pair) for pair in pairs] == [[False, True]] * 4
    time.sleep(SECOND)
    assert [listed_roles(*pair) for pair in pairs] == [[True, False]] * 4


# --- An HTTP client ----------------------------------------------------------------------------


def test_http_client_keep_alive(site, both):
    [text] = site.warm(both[:1], "/en/")
    with both[0].connected() as connection:

        def request(method, path, **headers):
            connection.request(method, path, headers={**HEADERS, **headers})
            response = connection.getresponse()
            return response, response.read()

        for _ in range(2):
            response, body = request("GET", "/en/?utm_source=x")
            assert (response.status, body.decode()) == (200, text)
            assert response.getheader("Cache-Status") == "Careers; hit"
            assert response.getheader("Set-Cookie") is None
            assert "default-src 'none'" in response.getheader("Content-Security-Policy")
            etag = response.getheader("ETag")
            head, no_body = request("HEAD", "/en/")
            assert (head.status, no_body) == (200, b"")
            assert head.getheader("Content-Length") == str(len(body))
            not_modified, no_body = request("GET", "/en/", **{"If-None-Match": etag})
            assert (not_modified.status, no_body) == (304, b"")
            assert not_modified.getheader("ETag") == etag
            compressed, _body = request("GET", "/en/", **{"Accept-Encoding": "br"})
            assert int(compressed.getheader("Content-Length")) < len(body) / 2
            form, _body = request("GET", "/en/apply/")
            assert form.getheader("Cache-Status") == "Careers; fwd=bypass"


def test_etag_is_the_same_on_both_processes(site, both):
    for path in ("/en/", "/ja/roles/", site.texts.roles[0]["path"], "/sitemap.xml"):
        site.warm(both, path)
        etags = set()
        for process in both:
            with process.connected() as connection:
                connection.request("HEAD", path, headers={**HEADERS, "Accept-Encoding": "br"})
                etags.add(connection.getresponse().getheader("ETag"))
        assert len(etags) == 1, path


def test_log_line_of_a_cache_hit(site, both):
    """A cache hit is logged with the keys of a rendered page, its `bytes`, and `cache`.

    Other tests of this module edit the page, so the rendering to compare with is the latest one.
    """
    site.warm(both[:1], "/en/hiring/")
    for _ in range(100):  # a line is written when its answer has been sent
        lines = [line for line in both[0].lines() if line.get("route") == "/en/hiring/"]
        if "cache" in lines[-1]:
            break
        time.sleep(0.02)
    rendered, hit = [line for line in lines if "cache" not in line][-1], lines[-1]
    assert hit["cache"] == "hit"
    assert rendered.keys() | {"cache"} == hit.keys()
    assert (hit["status"], hit["bytes"]) == (200, rendered["bytes"])
