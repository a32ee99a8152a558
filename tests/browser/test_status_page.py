"""The candidate's status page: with the keyboard, without JavaScript, at every width."""

import os
import re
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from tests.browser.accessibility import violations
from tests.browser.conftest import backdate_token
from tests.browser.test_apply import PERSON, SEND, heading, send
from tests.components import site

pytestmark = pytest.mark.browser

IN_REVIEW = {"en": "We’re reviewing your application", "ja": "書類選考中です"}
WITHDRAWN = {"en": "You’ve withdrawn your application", "ja": "応募の取り下げを承りました"}
ERASED = {"en": "You’ve asked us to delete your data", "ja": "個人情報の削除のご依頼を承りました"}
SCREENSHOTS = os.environ.get("SCREENSHOTS")  # a folder for screenshots


@pytest.fixture
def open_status_page(visit, demo_site, form):
    """open_status_page("ja", 390) applies, and opens the status link of the email; a visitor and the path."""
    url, environment = demo_site

    def apply(language, width, **device):
        applicant = visit(1280)
        page = applicant.page
        applicant.open(form(language))
        address = f"own-{os.urandom(6).hex()}@example.org"
        for name, text in {**PERSON[language], "email": address}.items():
            page.fill(f"[name={name}]", text)
        page.fill("[name=resume_text]", "Ten years of clouds.")
        page.set_input_files(
            "[name=cover_letter]", file_input("志望動機_雲を読む仕事に就きたい理由.txt")
        )
        page.check("[name=agree]")
        page.locator("[name=solution]:not([value=''])").wait_for(state="attached")
        backdate_token(page, demo_site)
        send(page)
        site.call(environment, "send_queued_mail")
        path = link(environment, address).removeprefix(url)
        visitor = visit(width, **device)
        visitor.open(path)
        return visitor, path

    return apply


def file_input(name, text="雲を読む仕事を十年。"):
    return {"name": name, "mimeType": "text/plain", "buffer": text.encode()}


def link(environment, address):
    for file in Path(environment["VAR_DIR"], "emails").glob("*.eml"):
        message = message_from_bytes(file.read_bytes(), policy=policy.default)
        if message["To"] == address:
            text = message.get_body(["plain"]).get_content()
            return re.search(r"http\S+/application/\S+/", text)[0]
    raise AssertionError(f"No email to {address}")


def assert_accessible(visitor, name=""):
    """No console messages, requests to other hosts, cookies, axe violations, or overflow at any width."""
    page = visitor.page
    faults = [text for text in visitor.console_messages if "status of 422" not in text]
    assert (faults, visitor.foreign_requests) == ([], [])
    assert page.context.cookies() == []
    for width in (1440, 320, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if SCREENSHOTS and name:
            page.screenshot(path=f"{SCREENSHOTS}/{name}-{width}.png", full_page=True)
    assert violations(page) == []


def press_with_keyboard(page, text):
    """Press Tab until the button or link with this text has the focus, then Enter."""
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
def test_status_pages_are_accessible(open_status_page, language):
    device = {"color_scheme": "dark" if language == "en" else "light"}
    visitor, path = open_status_page(language, 390, **device)
    page = visitor.page
    assert heading(page) == IN_REVIEW[language]
    assert_accessible(visitor, f"status-{language}")
    page.click("form.follow-up-form .button")
    page.locator("#error-summary").wait_for()
    assert page.locator("#error-summary a").get_attribute("href") == "#document"
    assert "document_error" in page.get_attribute("[name=document]", "aria-describedby")
    assert_accessible(visitor, f"fault-{language}")
    for end in ("withdraw", "erasure"):
        visitor.open(f"{path}{end}/")
        assert_accessible(visitor, f"{end}-{language}")
    with page.expect_navigation():
        page.click("main .button")
    assert heading(page) == ERASED[language]
    assert_accessible(visitor, f"erased-{language}")


@pytest.mark.parametrize("language", ["en", "ja"])
def test_withdrawal_with_keyboard(open_status_page, language):
    visitor, path = open_status_page(language, 1280)
    page = visitor.page
    labels = {
        "en": ("Withdraw application", "Yes, withdraw application"),
        "ja": ("応募を取り下げる", "応募を取り下げる"),
    }[language]
    press_with_keyboard(page, labels[0])
    assert page.url.endswith(f"{path}withdraw/")
    press_with_keyboard(page, labels[1])
    assert heading(page) == WITHDRAWN[language]
    assert page.locator("[name=document]").count() == 0
    assert_accessible(visitor)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_status_page_without_javascript(open_status_page, language):
    visitor, path = open_status_page(language, 390, java_script_enabled=False)
    page = visitor.page
    page.set_input_files("[name=document]", file_input("推薦状.txt", "よい人です。"))
    page.select_option("[name=kind]", "cover_letter")
    with page.expect_navigation():
        page.click(SEND.replace(".application-form", "form.follow-up-form"))
    assert page.url.endswith(f"{path}#documents")
    assert page.locator("#documents dt").count() == 2
    with page.expect_navigation():
        page.click("#retention-consent button[value=yes]")
    assert page.locator("#retention-consent button[value=no]").count() == 1
    with page.expect_navigation():
        page.click(".language-switcher a")
    other = {"en": "ja", "ja": "en"}[language]
    assert heading(page) == IN_REVIEW[other]
    assert page.get_attribute("html", "lang") == other
    assert "推薦状.txt" in page.inner_text("#documents")
