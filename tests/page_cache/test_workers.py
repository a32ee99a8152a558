"""One site, two processes that answer: an edit by whatever door is visible on both within a second, in both
languages; and what an HTTP client gets of them."""

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

from .stage import EMAIL, HEADERS, PASSWORD, running

pytestmark = [pytest.mark.runs_first, pytest.mark.xdist_group("workers")]

TOKYO = ZoneInfo("Asia/Tokyo")
SECOND = 1.0


class Recruiter:
    """Somebody at the admin of one process, in a browser of their own."""

    def __init__(self, process):
        self.process, self.cookies = process, {}
        login = "/admin/account/login/"
        self.send(login, {"login": EMAIL, "password": PASSWORD}, page=self.get(login))
        assert "__Host-sessionid" in self.cookies

    def get(self, path):
        return self._ask("GET", path)

    def send(self, path, fields, *, page=None):
        """Send a form, with the token of the page on which it stands."""
        token = re.search(
            r'name="csrfmiddlewaretoken" value="(\w+)"', (page or self.get(path)).text
        )
        form = urlencode({"csrfmiddlewaretoken": token[1], **fields}, doseq=True)
        answer = self._ask("POST", path, form)
        assert answer.status == 302, answer.text

    def edit(self, path, **typed):
        """Open a form of the admin, type, save."""
        page = self.get(path)
        changes = typed.pop("changes", {})
        self.send(path, {**fields_of(page), **typed, **changes}, page=page)

    def _ask(self, method, path, form=None):
        said = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {**HEADERS, "Cookie": said, "Origin": f"https://{HOST}"}
        if form:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        with self.process.connected() as connection:
            connection.request(method, path, form, headers)
            answer = connection.getresponse()
            for header in answer.headers.get_all("Set-Cookie", []):
                self.cookies |= {name: each.value for name, each in SimpleCookie(header).items()}
            return SimpleNamespace(status=answer.status, text=answer.read().decode())


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    with own_database(folder, "demo") as database, running(folder, database) as stage:
        yield stage


@pytest.fixture(scope="module")
def both(stage):
    return stage.serve(2)


@pytest.fixture(scope="module")
def recruiter(both):
    return Recruiter(both[0])


@pytest.fixture
def seen(stage, both):
    """`with seen("/{}/", en="text", ja="文"):` what is done there is on the pages of both processes, in both
    languages, a second later; before, it was not. `gone=True`: it was there, and is not any more."""

    @contextlib.contextmanager
    def seen(path, *, gone=False, **texts):
        paths = {language: path.format(language) for language in ("en", "ja")}

        def shown():
            pages = [
                (process.page(paths[language])[0], texts[language])
                for process in both
                for language in paths
            ]
            # Without the places where a Japanese heading may break.
            return [bool(re.search(text, page.replace("\u200b", ""))) for page, text in pages]

        stage.keep(both, *paths.values())
        assert shown() == [gone] * 4
        yield
        time.sleep(SECOND)
        assert shown() == [not gone] * 4

    return seen


# --- Doors -------------------------------------------------------------------------------------


@pytest.fixture
def role(stage):
    """An opening: where its form is, and its page."""
    told = stage.told.roles[0]
    path = told["path"].replace("/en/", "/{}/", 1)
    return SimpleNamespace(form=f"/admin/roles/role/{told['key']}/change/", path=path)


def test_saving_a_form(seen, recruiter, role):
    with seen(role.path, en="Rain engineer", ja="雨のエンジニア"):
        recruiter.edit(role.form, title_en="Rain engineer", title_ja="雨のエンジニア")
    with seen("/{}/roles/", en="Snow engineer", ja="雪のエンジニア"):
        recruiter.edit(role.form, title_en="Snow engineer", title_ja="雪のエンジニア")


def test_saving_an_inline(seen, recruiter, role):
    texts = {
        "conditions-0-text_en": "From dawn to dusk",
        "conditions-0-text_ja": "夜明けから日暮れまで",
    }
    with seen(role.path, en="From dawn to dusk", ja="夜明けから日暮れまで"):
        recruiter.edit(role.form, changes=texts)


def test_a_bulk_action(stage, seen, recruiter):
    value = stage.told.value
    bulk = {"action": "delete_selected", "_selected_action": value["key"], "post": "yes"}
    with seen("/{}/working-here/", gone=True, en=value["en"], ja=value["ja"]):
        recruiter.send("/admin/company/value/", bulk)


def test_a_new_order(stage, seen, recruiter):
    first, last = stage.told.steps[0], stage.told.steps[-1]
    orders = {
        code: rf"(?s)<h3[^>]*>{last[code]}<.*<h3[^>]*>{first[code]}<" for code in ("en", "ja")
    }
    with seen("/{}/hiring/", **orders):
        recruiter.send(
            f"/admin/company/hiringstep/{last['key']}/move/",
            {"position": "1"},
            page=recruiter.get("/admin/"),
        )


def test_the_command_that_loads_the_demo(stage, seen, recruiter):
    said = {code: stage.told.testimonial[code][:20] for code in ("en", "ja")}
    bulk = {
        "action": "delete_selected",
        "_selected_action": stage.told.testimonials,
        "post": "yes",
    }
    with seen("/{}/working-here/", gone=True, **said):
        recruiter.send("/admin/company/testimonial/", bulk)
    with seen("/{}/working-here/", **said):
        manage(stage.environment, "load_demo")


def test_sql_that_is_announced(stage, seen):
    with seen("/{}/", en="Written in SQL", ja="SQLで書いた"):
        stage.sql(
            "UPDATE company_company SET about_en = 'Written in SQL', about_ja = 'SQLで書いた'"
        )
        manage(stage.environment, "invalidate_pages")


def test_what_opens_and_what_closes(stage):
    """At midnight, on two processes for which it comes soon."""
    day = datetime.now(TOKYO).date()
    midnight = datetime.combine(day + timedelta(days=1), datetime.min.time(), TOKYO)
    opens, closes = (told["key"] for told in stage.told.roles[1:])
    written = f"{midnight.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
    stage.sql(f"UPDATE roles_role SET opens_at = '{written}+00:00' WHERE id = {opens}")
    stage.sql(f"UPDATE roles_role SET closes_on = '{day}' WHERE id = {closes}")

    def listed(process, language):
        page, _said = process.page(f"/{language}/roles/")
        return [f"/{language}/roles/{key}-" in page for key in (opens, closes)]

    for seconds in (12, 60):  # more, where the machine is slow
        moment = datetime.now(UTC) + timedelta(seconds=seconds)
        processes = stage.serve(2, ahead=(midnight - moment).total_seconds())
        stage.keep(processes, "/en/roles/", "/ja/roles/")
        if datetime.now(UTC) < moment - timedelta(seconds=1):
            break
    asked = [(process, language) for process in processes for language in ("en", "ja")]
    assert [listed(*each) for each in asked] == [[False, True]] * 4
    time.sleep((moment - datetime.now(UTC)).total_seconds() - 0.5)
    assert [listed(*each) for each in asked] == [[False, True]] * 4
    time.sleep(SECOND)
    assert [listed(*each) for each in asked] == [[True, False]] * 4


# --- An HTTP client ----------------------------------------------------------------------------


def test_one_connection_for_everything(stage, both):
    [text] = stage.keep(both[:1], "/en/")
    with both[0].connected() as connection:

        def ask(method, path, **headers):
            connection.request(method, path, headers={**HEADERS, **headers})
            answer = connection.getresponse()
            return answer, answer.read()

        for _ in range(2):
            answer, body = ask("GET", "/en/?utm_source=x")
            assert (answer.status, body.decode()) == (200, text)
            assert answer.getheader("Cache-Status") == "Careers; hit"
            assert answer.getheader("Set-Cookie") is None
            assert "default-src 'none'" in answer.getheader("Content-Security-Policy")
            etag = answer.getheader("ETag")
            head, nothing = ask("HEAD", "/en/")
            assert (head.status, nothing) == (200, b"")
            assert head.getheader("Content-Length") == str(len(body))
            there, nothing = ask("GET", "/en/", **{"If-None-Match": etag})
            assert (there.status, nothing) == (304, b"")
            assert there.getheader("ETag") == etag
            small, _body = ask("GET", "/en/", **{"Accept-Encoding": "br"})
            assert int(small.getheader("Content-Length")) < len(body) / 2
            form, _body = ask("GET", "/en/apply/")
            assert form.getheader("Cache-Status") == "Careers; fwd=bypass"


def test_both_name_the_same_page_by_the_same_etag(stage, both):
    for path in ("/en/", "/ja/roles/", stage.told.roles[0]["path"], "/sitemap.xml"):
        stage.keep(both, path)
        names = set()
        for process in both:
            with process.connected() as connection:
                connection.request("HEAD", path, headers={**HEADERS, "Accept-Encoding": "br"})
                names.add(connection.getresponse().getheader("ETag"))
        assert len(names) == 1, path


def test_log_line_of_a_cache_hit(stage, both):
    """A cache hit is logged with the keys of a rendered page, its `bytes`, and `cache`.

    Other tests of this module edit the page, so the rendering to compare with is the latest one.
    """
    stage.keep(both[:1], "/en/hiring/")
    for _ in range(100):  # a line is written when its answer has been sent
        lines = [line for line in both[0].lines() if line.get("route") == "/en/hiring/"]
        if "cache" in lines[-1]:
            break
        time.sleep(0.02)
    rendered, hit = [line for line in lines if "cache" not in line][-1], lines[-1]
    assert hit["cache"] == "hit"
    assert rendered.keys() | {"cache"} == hit.keys()
    assert (hit["status"], hit["bytes"]) == (200, rendered["bytes"])
