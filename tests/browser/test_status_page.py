"""The candidate's own page, from the link in the letter: keyboard, no JavaScript, every width."""

import email
import os
import re
from email import policy
from pathlib import Path

import pytest

from tests.browser.accessibility import violations
from tests.browser.conftest import take_time
from tests.browser.test_applying import PERSON, SEND, heading, send
from tests.components import site

pytestmark = pytest.mark.browser

READING = {"en": "We are reading your application", "ja": "応募内容を拝見しています"}
WITHDRAWN = {"en": "You have withdrawn this application", "ja": "応募を取り下げました"}
FORGOTTEN = {"en": "You have asked us to erase your details", "ja": "消去のご依頼を承りました"}
SHOTS = os.environ.get("SHOTS")  # a folder for pictures, to look at


@pytest.fixture
def applied(visit, served, form):
    """applied("ja", 390) is a visitor at their own page, and its path: they followed the letter."""
    url, environment = served

    def apply(language, width, **device):
        applicant = visit(1280)
        page = applicant.page
        applicant.open(form(language))
        address = f"own-{os.urandom(6).hex()}@example.org"
        for name, text in {**PERSON[language], "email": address}.items():
            page.fill(f"[name={name}]", text)
        page.fill("[name=resume_text]", "Ten years of clouds.")
        page.set_input_files(
            "[name=cover_letter]", paper("志望動機_雲を読む仕事に就きたい理由.txt")
        )
        page.check("[name=agree]")
        page.locator("[name=solution]:not([value=''])").wait_for(state="attached")
        take_time(page, served)
        send(page)
        site.manage(environment, "send_queued_mail")
        path = link(environment, address).removeprefix(url)
        visitor = visit(width, **device)
        visitor.open(path)
        return visitor, path

    return apply


def paper(name, text="雲を読む仕事を十年。"):
    return {"name": name, "mimeType": "text/plain", "buffer": text.encode()}


def link(environment, address):
    for file in Path(environment["VAR_DIR"], "emails").glob("*.eml"):
        letter = email.message_from_bytes(file.read_bytes(), policy=policy.default)
        if letter["To"] == address:
            text = letter.get_body(["plain"]).get_content()
            return re.search(r"http\S+/application/\S+/", text)[0]
    raise AssertionError(f"No letter to {address}")


def fine(visitor, name=""):
    """Nothing said, nothing fetched from elsewhere, no cookie; axe is content, and every width fits."""
    page = visitor.page
    faults = [text for text in visitor.said if "status of 422" not in text]
    assert (faults, visitor.elsewhere) == ([], [])
    assert page.context.cookies() == []
    for width in (1440, 320, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if SHOTS and name:
            page.screenshot(path=f"{SHOTS}/{name}-{width}.png", full_page=True)
    assert violations(page) == []


def press(page, text):
    """By keyboard alone: to the button or link with this name, then Enter."""
    page.focus("main")
    for _step in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText").replace("\u200b", "").strip() == text:
            break
    else:
        raise AssertionError(f"No way to {text!r}")
    with page.expect_navigation():
        page.keyboard.press("Enter")


@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_page_of_it_is_accessible(applied, language):
    device = {"color_scheme": "dark" if language == "en" else "light"}
    visitor, path = applied(language, 390, **device)
    page = visitor.page
    assert heading(page) == READING[language]
    fine(visitor, f"own-{language}")
    page.click("form.follow-up-form .button")
    page.locator("#error-summary").wait_for()
    assert page.locator("#error-summary a").get_attribute("href") == "#document"
    assert "document_error" in page.get_attribute("[name=document]", "aria-describedby")
    fine(visitor, f"fault-{language}")
    for end in ("withdraw", "erasure"):
        visitor.open(f"{path}{end}/")
        fine(visitor, f"{end}-{language}")
    with page.expect_navigation():
        page.click("main .button")
    assert heading(page) == FORGOTTEN[language]
    fine(visitor, f"forgotten-{language}")


@pytest.mark.parametrize("language", ["en", "ja"])
def test_by_keyboard_alone(applied, language):
    visitor, path = applied(language, 1280)
    page = visitor.page
    said = {
        "en": ("Withdraw the application", "Yes, withdraw it"),
        "ja": ("応募を取り下げる", "応募を取り下げる"),
    }[language]
    press(page, said[0])
    assert page.url.endswith(f"{path}withdraw/")
    press(page, said[1])
    assert heading(page) == WITHDRAWN[language]
    assert page.locator("[name=document]").count() == 0
    fine(visitor)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_without_javascript_and_in_the_other_language(applied, language):
    visitor, path = applied(language, 390, java_script_enabled=False)
    page = visitor.page
    page.set_input_files("[name=document]", paper("推薦状.txt", "よい人です。"))
    page.select_option("[name=kind]", "cover_letter")
    with page.expect_navigation():
        page.click(SEND.replace(".application-form", "form.follow-up-form"))
    assert page.url.endswith(f"{path}#documents")
    assert page.locator("#documents dt").count() == 2
    with page.expect_navigation():
        page.click("#keeping button[value=yes]")
    assert page.locator("#keeping button[value=no]").count() == 1
    with page.expect_navigation():
        page.click(".language-switcher a")
    other = {"en": "ja", "ja": "en"}[language]
    assert heading(page) == READING[other]
    assert page.get_attribute("html", "lang") == other
    assert "推薦状.txt" in page.inner_text("#documents")
