"""Everybody gets through with at most one more step: twelve people and machines that checks elsewhere
turn away (no script, no cookies, a shared network, an old browser, a helpful password manager)."""

import contextlib
import re
import sqlite3
import urllib.parse
import urllib.request
from datetime import timedelta
from uuid import uuid4

import pytest

from tests.browser.accessibility import violations
from tests.browser.conftest import BY_ITSELF, take_time
from tests.browser.test_everyday import shell
from tests.components import site

pytestmark = pytest.mark.browser

FORM = {"en": "/en/apply/", "ja": "/ja/apply/"}
NAMES = {"en": {"given_name": "Taro"}, "ja": {"given_name": "太郎", "given_kana": "タロウ"}}
FAMILY = {"en": {"family_name": "Yamada"}, "ja": {"family_name": "山田", "family_kana": "ヤマダ"}}
CV = {"name": "cv.txt", "mimeType": "text/plain", "buffer": b"I have watched the sky."}
ARRIVED = """SELECT confirmed_at IS NOT NULL, (SELECT COUNT(*) FROM applications_attachment
    WHERE application_id = application.id) FROM applications_application application
    WHERE email = ? ORDER BY id"""
# It is slow now and then, and leaves out the animation between two pages.
OF_THE_BROWSER = (*BY_ITSELF, "Transition was aborted because of invalid state")


def rows(served, query, *values):
    """What a query finds in the site's database, or does to it: quicker than a command of the site."""
    path = f"{served[1]['VAR_DIR']}/careers.sqlite3"
    with contextlib.closing(sqlite3.connect(path, timeout=20)) as database, database:
        return database.execute(query, values).fetchall()


@pytest.fixture(autouse=True)
def quiet_hour(served):
    """Whoever came before is forgotten: all of these tests are one network."""
    rows(served, "DELETE FROM applications_submission")


@pytest.fixture
def person(visit, served):
    """person("en", ...) has opened the form of the general application, with such a browser."""
    return lambda language="en", **device: Person(visit, served, language, device)


class Person:
    """Somebody who applies, and the console of their browser."""

    def __init__(self, visit, served, language, device):
        self.visitor, self.served, self.language = visit(1280, **device), served, language
        self.scripted = device.get("java_script_enabled", True)
        self.page = self.visitor.page
        self.email = f"{uuid4().hex}@example.org"

    def opens(self):
        self.visitor.open(FORM[self.language])
        return self

    def writes(self, **changes):
        written = {**NAMES[self.language], **FAMILY[self.language], "email": self.email, **changes}
        for name, text in written.items():
            self.page.fill(f"[name={name}]", text)
        self.page.set_input_files("[name=resume]", CV)
        self.page.check("[name=agree]")
        return self

    def waits_for_the_puzzle(self):
        self.page.locator("[name=solution]:not([value=''])").wait_for(state="attached")
        return self

    def sends(self):
        """Sent no sooner than a person could have written it."""
        self.takes_time()
        with self.page.expect_navigation():
            self.page.click("form.application-form .button")
        return self

    def steps(self):
        """How many more steps it took until the application had arrived."""
        self.arrived_at_its_page()
        taken = 0
        if self.state() != (1, 1):
            taken = 1
            self.page.goto(self.link())
            if self.scripted:  # axe is a script
                assert violations(self.page) == []
            with self.page.expect_navigation():
                self.page.click("form.application-form .button")
            self.arrived_at_its_page()
        assert self.state() == (1, 1)
        assert self.page.context.cookies() == []
        assert [said for said in self.visitor.said if not said.startswith(OF_THE_BROWSER)] == []
        assert self.visitor.elsewhere == []
        return taken

    def arrived_at_its_page(self):
        assert "/apply/received/" in self.page.url, self.page.inner_text("main")
        assert re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}", self.page.inner_text("main"))

    def state(self):
        """Whether the one application of this address is confirmed, and how many files it has."""
        ((confirmed, files),) = rows(self.served, ARRIVED, self.email)
        return confirmed, files

    def link(self):
        """The address in the letter."""
        ((body,),) = rows(
            self.served,
            "SELECT body FROM outbox_email WHERE recipient = ? AND erase_after_sending",
            self.email,
        )
        (address,) = [line for line in body.splitlines() if "/apply/confirm/" in line]
        return address

    def takes_time(self, time=timedelta(seconds=5)):
        """The form has been open for so long."""
        take_time(self.page, self.served, time)
        return self


@pytest.mark.parametrize("language", ["en", "ja"])
def test_with_an_ordinary_browser_nothing_more_is_asked(person, language):
    somebody = person(language).opens().writes().waits_for_the_puzzle()
    assert somebody.sends().steps() == 0


@pytest.mark.parametrize("language", ["en", "ja"])
def test_without_script(person, language):
    somebody = person(language, java_script_enabled=False).opens().writes()
    assert somebody.sends().steps() == 1


def test_without_cookies(person):
    somebody = person()
    session = somebody.page.context.new_cdp_session(somebody.page)
    session.send("Emulation.setDocumentCookieDisabled", {"disabled": True})
    assert somebody.opens().writes().waits_for_the_puzzle().sends().steps() == 0


def test_with_the_keyboard_alone(person):
    somebody = person().opens()
    page = somebody.page
    page.focus("[name=given_name]")
    written = {"given_name": "Taro", "family_name": "Yamada", "email": somebody.email}
    seen = []
    for _key in range(40):
        name = page.evaluate("document.activeElement.name ?? ''")
        seen.append(name)
        if name in written:
            page.keyboard.type(written[name])
        if name == "resume_text":
            page.keyboard.type("I have watched the sky.")
        if name == "resume":
            page.set_input_files("[name=resume]", CV)
        if name == "agree":
            page.keyboard.press("Space")
        if page.evaluate("document.activeElement.matches('form.application-form .button')"):
            break
        page.keyboard.press("Tab")
    assert "website" not in seen
    somebody.waits_for_the_puzzle()
    somebody.takes_time()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert somebody.steps() == 0


def crowd(served, number):
    """So many people have just applied from the same network, with solved puzzles."""
    shell(
        served,
        "from datetime import timedelta\n"
        "from django.utils import timezone\n"
        "from careers.applications.models import Application, Submission\n"
        "from careers.applications.spam.assessment import hmac_of\n"
        "at = timezone.now() - timedelta(minutes=5)\n"
        f"for n in range({number}):\n"
        "    name = f'crowd{n}'\n"
        "    one, _new = Application.objects.get_or_create(\n"
        "        digest=name, defaults=dict(form_key=name, language='en', family_name=name,\n"
        "        confirmed_at=at, email=f'{name}@example.org'))\n"
        "    Submission.objects.update_or_create(application=one, defaults=dict(\n"
        "        network_hash=hmac_of('127.0.0.1'), email_hash=hmac_of(one.email), content_hash=hmac_of(name),\n"
        "        is_solved=True, submitted_at=at, emailed_at=at if n < 20 else None))",
    )


def test_the_sixtieth_of_the_hour_on_one_network(person, served):
    crowd(served, 59)
    somebody = person().opens().writes().waits_for_the_puzzle().sends()
    somebody.arrived_at_its_page()
    assert "no further email is sent now" in somebody.page.inner_text("main")
    assert violations(somebody.page) == []
    for column in ("submitted_at", "emailed_at"):  # an hour later
        hour_ago = f"UPDATE applications_submission SET {column} = datetime({column}, '-1 hour')"
        rows(served, hour_ago)
    site.manage(served[1], "send_deferred_mail")
    assert somebody.steps() == 1


def test_with_a_form_that_was_open_for_26_hours(person):
    somebody = person().opens().writes().waits_for_the_puzzle()
    assert somebody.takes_time(timedelta(hours=26)).sends().steps() == 0


@pytest.mark.parametrize(("days", "steps"), [(1, 0), (-1, 1)])
def test_where_clocks_disagree_by_a_day(person, days, steps):
    somebody = person().opens().writes().waits_for_the_puzzle()
    somebody.takes_time(timedelta(days=days))
    assert somebody.sends().steps() == steps


@pytest.mark.parametrize("language", ["en", "ja"])
def test_with_a_password_manager_that_fills_in_everything(person, language):
    somebody = person(language).opens().writes().waits_for_the_puzzle()
    fill = "document.querySelector('[name=website]').value = 'https://example.org'"
    somebody.page.evaluate(fill)
    assert somebody.sends().steps() == 1


def test_with_a_double_click(person):
    somebody = person().opens().writes().waits_for_the_puzzle()
    somebody.takes_time()
    with somebody.page.expect_navigation(url="**/received/**"):
        somebody.page.dblclick("form.application-form .button")
    assert somebody.steps() == 0


def test_back_and_sent_again(person):
    somebody = person().opens().writes().waits_for_the_puzzle().sends()
    somebody.arrived_at_its_page()
    somebody.page.go_back()
    # The page may come back empty or filled in; in both cases it is sent once more.
    somebody.writes(message="I forgot this.").sends()
    somebody.arrived_at_its_page()
    first, *later = rows(somebody.served, ARRIVED, somebody.email)
    assert first == (1, 1) and all(files == 1 for _confirmed, files in later)


def test_when_the_connection_drops_during_the_upload(person):
    somebody = person().opens().writes().waits_for_the_puzzle()
    page = somebody.page
    somebody.takes_time()
    page.route("**/apply/", lambda route: route.abort("connectionreset"))
    page.click("form.application-form .button")
    page.get_by_text("The connection was interrupted.").wait_for()
    page.unroute("**/apply/")
    somebody.visitor.said.clear()  # the browser's own line about the lost connection
    assert somebody.sends().steps() == 0


@pytest.mark.parametrize(
    "missing",
    [
        "Object.defineProperty(crypto.__proto__, 'subtle', { value: undefined })",
        "delete globalThis.Worker",
        "globalThis.Worker = class { constructor() { throw new TypeError('module') } }",
    ],
    ids=["no subtle", "no workers", "no module workers"],
)
def test_with_an_old_browser(person, missing):
    somebody = person()
    if "subtle" in missing:  # what counts is the one inside the worker
        somebody.page.route(
            re.compile("/pow-worker"),
            lambda route: route.fulfill(
                content_type="text/javascript",
                body=f"{missing};\n{route.fetch().text()}",
            ),
        )
    else:
        somebody.page.add_init_script(missing)
    assert somebody.opens().writes().sends().steps() == 1


def test_with_a_browser_without_modules(person):
    somebody = person()
    somebody.page.route(re.compile(r"/(pow|apply)[.\w]*\.js"), lambda route: route.abort())
    somebody.visitor.page.goto(somebody.visitor.url + FORM["en"])
    somebody.visitor.said.clear()  # of the route above
    assert somebody.writes().sends().steps() == 1


def test_behind_a_proxy_that_takes_headers_away(person):
    """Browsers add these headers behind every place where a test could take them away: a client sends
    what such a proxy passes on."""
    somebody = person().opens().waits_for_the_puzzle()
    page = somebody.page
    somebody.takes_time()
    form = {name: page.input_value(f"[name={name}]") for name in ("token", "solution")}
    form |= {"given_name": "Taro", "family_name": "Yamada", "email": somebody.email}
    form |= {"resume_text": "I have watched the sky.", "agree": "on"}
    address = somebody.visitor.url + FORM["en"]
    with urllib.request.urlopen(address, urllib.parse.urlencode(form).encode()) as answer:
        assert "/apply/received/" in answer.url and "Set-Cookie" not in answer.headers
    assert somebody.state() == (1, 0)
