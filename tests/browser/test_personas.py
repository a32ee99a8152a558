"""Twelve kinds of candidates that spam checks elsewhere reject: each one needs one extra step at most."""

import contextlib
import re
import sqlite3
import urllib.parse
import urllib.request
from datetime import timedelta
from uuid import uuid4

import pytest

from tests.browser.accessibility import violations
from tests.browser.conftest import BROWSER_MESSAGES, backdate_token
from tests.browser.test_recruiter_tasks import shell
from tests.components import site

pytestmark = pytest.mark.browser

FORM = {"en": "/en/apply/", "ja": "/ja/apply/"}
NAMES = {"en": {"given_name": "Taro"}, "ja": {"given_name": "太郎", "given_kana": "タロウ"}}
FAMILY = {"en": {"family_name": "Yamada"}, "ja": {"family_name": "山田", "family_kana": "ヤマダ"}}
CV = {"name": "cv.txt", "mimeType": "text/plain", "buffer": b"I have watched the sky."}
STATE_QUERY = """SELECT confirmed_at IS NOT NULL, (SELECT COUNT(*) FROM applications_attachment
    WHERE application_id = application.id) FROM applications_application application
    WHERE email = ? ORDER BY id"""
# A slow browser skips the animation between two pages.
IGNORED_MESSAGES = (*BROWSER_MESSAGES, "Transition was aborted because of invalid state")


def rows(demo_site, query, *values):
    """Run a query on the site's database; faster than a management command."""
    path = f"{demo_site[1]['VAR_DIR']}/careers.sqlite3"
    with contextlib.closing(sqlite3.connect(path, timeout=20)) as database, database:
        return database.execute(query, values).fetchall()


@pytest.fixture(autouse=True)
def no_submissions(demo_site):
    """Delete earlier submissions, because all of these tests come from one network."""
    rows(demo_site, "DELETE FROM applications_submission")


@pytest.fixture
def persona(visit, demo_site):
    """persona("en", ...) is a candidate with such a browser."""
    return lambda language="en", **device: Persona(visit, demo_site, language, device)


class Persona:
    """A candidate and their browser, at the form of the general application."""

    def __init__(self, visit, demo_site, language, device):
        self.visitor, self.demo_site, self.language = visit(1280, **device), demo_site, language
        self.javascript = device.get("java_script_enabled", True)
        self.page = self.visitor.page
        self.email = f"{uuid4().hex}@example.org"

    def open(self):
        self.visitor.open(FORM[self.language])
        return self

    def fill_in(self, **changes):
        values = {**NAMES[self.language], **FAMILY[self.language], "email": self.email, **changes}
        for name, text in values.items():
            self.page.fill(f"[name={name}]", text)
        self.page.set_input_files("[name=resume]", CV)
        self.page.check("[name=agree]")
        return self

    def wait_for_solution(self):
        self.page.locator("[name=solution]:not([value=''])").wait_for(state="attached")
        return self

    def send(self):
        """Send the form, not sooner than a person could have filled it in."""
        self.backdate_token()
        with self.page.expect_navigation():
            self.page.click("form.application-form .button")
        return self

    def count_steps(self):
        """Confirm if necessary; return the number of extra steps until the application was confirmed."""
        self.assert_receipt()
        steps = 0
        if self.state() != (1, 1):
            steps = 1
            self.page.goto(self.link())
            if self.javascript:  # axe needs JavaScript
                assert violations(self.page) == []
            with self.page.expect_navigation():
                self.page.click("form.application-form .button")
            self.assert_receipt()
        assert self.state() == (1, 1)
        assert self.page.context.cookies() == []
        assert [
            message
            for message in self.visitor.console_messages
            if not message.startswith(IGNORED_MESSAGES)
        ] == []
        assert self.visitor.foreign_requests == []
        return steps

    def assert_receipt(self):
        assert "/apply/received/" in self.page.url, self.page.inner_text("main")
        assert re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}", self.page.inner_text("main"))

    def state(self):
        """Whether the application of this email address is confirmed, and its number of files."""
        ((confirmed, files),) = rows(self.demo_site, STATE_QUERY, self.email)
        return confirmed, files

    def link(self):
        """The confirmation link in the email."""
        ((body,),) = rows(
            self.demo_site,
            "SELECT body FROM outbox_email WHERE recipient = ? AND erase_after_sending",
            self.email,
        )
        (address,) = [line for line in body.splitlines() if "/apply/confirm/" in line]
        return address

    def backdate_token(self, age=timedelta(seconds=5)):
        """Make the form as old as if it had been open for so long."""
        backdate_token(self.page, self.demo_site, age)
        return self


@pytest.mark.parametrize("language", ["en", "ja"])
def test_persona_ordinary_browser(persona, language):
    candidate = persona(language).open().fill_in().wait_for_solution()
    assert candidate.send().count_steps() == 0


@pytest.mark.parametrize("language", ["en", "ja"])
def test_persona_without_javascript(persona, language):
    candidate = persona(language, java_script_enabled=False).open().fill_in()
    assert candidate.send().count_steps() == 1


def test_persona_without_cookies(persona):
    candidate = persona()
    session = candidate.page.context.new_cdp_session(candidate.page)
    session.send("Emulation.setDocumentCookieDisabled", {"disabled": True})
    assert candidate.open().fill_in().wait_for_solution().send().count_steps() == 0


def test_persona_keyboard_only(persona):
    candidate = persona().open()
    page = candidate.page
    page.focus("[name=given_name]")
    values = {"given_name": "Taro", "family_name": "Yamada", "email": candidate.email}
    focused_names = []
    for _key in range(40):
        name = page.evaluate("document.activeElement.name ?? ''")
        focused_names.append(name)
        if name in values:
            page.keyboard.type(values[name])
        if name == "resume_text":
            page.keyboard.type("I have watched the sky.")
        if name == "resume":
            page.set_input_files("[name=resume]", CV)
        if name == "agree":
            page.keyboard.press("Space")
        if page.evaluate("document.activeElement.matches('form.application-form .button')"):
            break
        page.keyboard.press("Tab")
    assert "website" not in focused_names
    candidate.wait_for_solution()
    candidate.backdate_token()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert candidate.count_steps() == 0


def add_submissions(demo_site, number):
    """Add applications from the same network five minutes ago, with solved challenges."""
    shell(
        demo_site,
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


def test_persona_sixtieth_on_shared_network(persona, demo_site):
    add_submissions(demo_site, 59)
    candidate = persona().open().fill_in().wait_for_solution().send()
    candidate.assert_receipt()
    assert "We can’t send the link right away" in candidate.page.inner_text("main")
    assert violations(candidate.page) == []
    for column in ("submitted_at", "emailed_at"):  # an hour later
        hour_ago = f"UPDATE applications_submission SET {column} = datetime({column}, '-1 hour')"
        rows(demo_site, hour_ago)
    site.call(demo_site[1], "send_deferred_mail")
    assert candidate.count_steps() == 1


def test_persona_form_open_for_26_hours(persona):
    candidate = persona().open().fill_in().wait_for_solution()
    assert candidate.backdate_token(timedelta(hours=26)).send().count_steps() == 0


@pytest.mark.parametrize(("days", "expected_steps"), [(1, 0), (-1, 1)])
def test_persona_clock_off_by_a_day(persona, days, expected_steps):
    candidate = persona().open().fill_in().wait_for_solution()
    candidate.backdate_token(timedelta(days=days))
    assert candidate.send().count_steps() == expected_steps


@pytest.mark.parametrize("language", ["en", "ja"])
def test_persona_password_manager_fills_honeypot(persona, language):
    candidate = persona(language).open().fill_in().wait_for_solution()
    fill = "document.querySelector('[name=website]').value = 'https://example.org'"
    candidate.page.evaluate(fill)
    assert candidate.send().count_steps() == 1


def test_persona_double_click(persona):
    candidate = persona().open().fill_in().wait_for_solution()
    candidate.backdate_token()
    with candidate.page.expect_navigation(url="**/received/**"):
        candidate.page.dblclick("form.application-form .button")
    assert candidate.count_steps() == 0


def test_persona_back_and_sent_again(persona):
    candidate = persona().open().fill_in().wait_for_solution().send()
    candidate.assert_receipt()
    candidate.page.go_back()
    # The page may be empty or filled in; in both cases it is sent again, and asks.
    candidate.fill_in(message="I forgot this.").send()
    assert len(rows(candidate.demo_site, STATE_QUERY, candidate.email)) == 1
    with candidate.page.expect_navigation():
        candidate.page.click("#already-sent button")
    candidate.assert_receipt()
    first, second = rows(candidate.demo_site, STATE_QUERY, candidate.email)
    assert first == (1, 1) and second[1] == 1


def test_persona_connection_lost_during_upload(persona):
    candidate = persona().open().fill_in().wait_for_solution()
    page = candidate.page
    candidate.backdate_token()
    page.route("**/apply/?submit", lambda route: route.abort("connectionreset"))
    page.click("form.application-form .button")
    page.get_by_text("The connection was interrupted.").wait_for()
    page.unroute("**/apply/?submit")
    candidate.visitor.console_messages.clear()  # the browser's message about the lost connection
    assert candidate.send().count_steps() == 0


@pytest.mark.parametrize(
    "missing",
    [
        "Object.defineProperty(crypto.__proto__, 'subtle', { value: undefined })",
        "delete globalThis.Worker",
        "globalThis.Worker = class { constructor() { throw new TypeError('module') } }",
    ],
    ids=["no subtle", "no workers", "no module workers"],
)
def test_persona_old_browser(persona, missing):
    candidate = persona()
    if "subtle" in missing:  # the worker has its own `crypto`
        candidate.page.route(
            re.compile("/pow-worker"),
            lambda route: route.fulfill(
                content_type="text/javascript",
                body=f"{missing};\n{route.fetch().text()}",
            ),
        )
    else:
        candidate.page.add_init_script(missing)
    assert candidate.open().fill_in().send().count_steps() == 1


def test_persona_browser_without_modules(persona):
    candidate = persona()
    candidate.page.route(re.compile(r"/(pow|apply)[.\w]*\.js"), lambda route: route.abort())
    candidate.visitor.page.goto(candidate.visitor.url + FORM["en"])
    candidate.visitor.console_messages.clear()  # of the route above
    assert candidate.fill_in().send().count_steps() == 1


def test_persona_behind_header_stripping_proxy(persona):
    """A browser adds these headers last, so a client sends the request of such a proxy instead."""
    candidate = persona().open().wait_for_solution()
    page = candidate.page
    candidate.backdate_token()
    form = {name: page.input_value(f"[name={name}]") for name in ("token", "solution")}
    form |= {"given_name": "Taro", "family_name": "Yamada", "email": candidate.email}
    form |= {"resume_text": "I have watched the sky.", "agree": "on"}
    address = candidate.visitor.url + FORM["en"]
    with urllib.request.urlopen(address, urllib.parse.urlencode(form).encode()) as response:
        assert "/apply/received/" in response.url and "Set-Cookie" not in response.headers
    assert candidate.state() == (1, 0)
