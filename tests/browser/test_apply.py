"""Applying in a browser: with the keyboard, without JavaScript, with errors, in both languages."""

import pytest

from tests.browser.accessibility import violations
from tests.browser.conftest import backdate_token
from tests.browser.test_personas import rows
from tests.browser.test_recruiter_tasks import shell

pytestmark = pytest.mark.browser

PERSON = {
    "en": {"given_name": "Taro", "family_name": "Yamada"},
    "ja": {
        "family_name": "山田",
        "given_name": "太郎",
        "family_kana": "やまだ",
        "given_kana": "たろう",
    },
}
SEND = ".application-form .button"
RECEIVED = {"en": "Your application has arrived", "ja": "ご応募を受け付けました"}
ONE_MORE_STEP = {
    "en": "Not complete yet: open the link in our email",
    "ja": "応募はまだ完了していません。メールのリンクを開いてください",
}


@pytest.fixture
def resume(tmp_path):
    path = tmp_path / "履歴書_プログラマー.txt"
    path.write_text("雲を読む仕事を十年。", "utf-8")
    return path


def send(page):
    with page.expect_navigation():
        page.click(SEND)


def heading(page):
    return page.inner_text("h1").replace("\u200b", "")


def attachment_names(demo_site, email):
    """The names of the files of the application of an email address."""
    query = """SELECT document.name FROM applications_application application
        JOIN applications_attachment attachment ON application_id = application.id
        JOIN documents_document document ON document.id = document_id WHERE email = ?"""
    return [name for (name,) in rows(demo_site, query, email)]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_apply_with_keyboard(visit, demo_site, form, resume, language):
    visitor = visit(1280)
    page = visitor.page
    visitor.open(form(language))
    page.focus("main")
    values = {**PERSON[language], "email": f"keys-{language}@example.org"}
    for _step in range(60):
        page.keyboard.press("Tab")
        name = page.evaluate("document.activeElement.name")
        if name in values:
            page.keyboard.type(values.pop(name))
        elif name == "resume_text":
            page.keyboard.type("Ten years of clouds.")
        elif name == "eligibility" or name == "agree":
            page.keyboard.press("Space")
        elif page.evaluate(f"document.activeElement.matches('{SEND}')"):
            break
    assert values == {}
    backdate_token(page, demo_site)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert heading(page) == RECEIVED[language]
    assert violations(page) == []


@pytest.mark.parametrize("language", ["en", "ja"])
def test_apply_without_javascript_and_with_error(visit, form, resume, language):
    visitor = visit(390, java_script_enabled=False)
    page = visitor.page
    visitor.open(form(language))
    for name, text in PERSON[language].items():
        page.fill(f"[name={name}]", text)
    page.fill("[name=email]", "ｔａｒｏ．ｅｘａｍｐｌｅ")
    page.set_input_files("[name=resume]", resume)
    page.check("[name=agree]")
    send(page)
    assert page.locator("#error-summary a").count() == 1
    assert "履歴書_プログラマー.txt" in page.inner_text(".pending-upload")
    assert page.locator("#error-summary a").get_attribute("href") == "#email"
    page.fill("[name=email]", f"ｎｏ-script-{language}@example.org")
    send(page)
    assert heading(page) == ONE_MORE_STEP[language]


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("script", [True, False], ids=["script", "page"])
def test_form_errors_are_accessible(visit, form, resume, language, script):
    """The same errors at the same places, whether the page was rendered again or by the script."""
    device = {"color_scheme": "dark" if language == "en" else "light"}
    visitor = visit(390, java_script_enabled=script, **device)
    page = visitor.page
    visitor.open(form(language))
    page.fill("[name=email]", "x")
    page.set_input_files("[name=cover_letter]", resume)
    page.click(SEND)
    page.locator("#error-summary").wait_for()
    invalid_fields = page.locator("#error-summary a").evaluate_all(
        "links => links.map(link => link.hash.slice(1))"
    )
    known_fields = [name for name in invalid_fields if not name.startswith("question_")]
    assert known_fields == ["family_name", "email", "resume", "agree"]
    for name in known_fields:
        error = page.locator(f"#{name}_error")
        assert error.evaluate("fault => fault.closest('.field').classList.contains('invalid')")
        described = page.get_attribute(f"[name={name}]", "aria-describedby")
        assert f"{name}_error" in described.split()
        assert page.get_attribute(f"[name={name}]", "aria-invalid") == "true"
    if script:
        assert page.evaluate("document.activeElement.id") == "error-summary"
    for width in (1440, 320, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    if script:
        assert violations(page) == []
    faults = [text for text in visitor.console_messages if "status of 422" not in text]
    assert (faults, visitor.foreign_requests) == ([], [])
    assert page.context.cookies() == []


def test_pending_upload_removed(visit, form, resume):
    visitor = visit(390, java_script_enabled=False)
    visitor.open(form("ja"))
    page = visitor.page
    page.set_input_files("[name=cover_letter]", resume)
    send(page)
    with page.expect_navigation():
        page.click(".pending-upload button")
    assert page.locator(".pending-upload, #error-summary").count() == 0


def test_apply_after_lost_connection(visit, form, resume, demo_site):
    visitor = visit(390)
    page = visitor.page
    visitor.open(form("en"))
    for name, text in {**PERSON["en"], "email": "tunnel@example.org"}.items():
        page.fill(f"[name={name}]", text)
    page.set_input_files("[name=resume]", resume)
    page.check("[name=agree]")
    page.context.set_offline(True)
    page.click(SEND)
    page.get_by_text("The connection was interrupted.").wait_for()
    assert violations(page) == []
    page.context.set_offline(False)
    backdate_token(page, demo_site)
    send(page)
    assert heading(page) == RECEIVED["en"]


@pytest.mark.parametrize("script", [True, False], ids=["script", "page"])
def test_enter_submits_form_and_keeps_pending_upload(visit, form, resume, demo_site, script):
    visitor = visit(1280, java_script_enabled=script)
    page = visitor.page
    visitor.open(form("en"))
    for name, text in {**PERSON["en"], "email": "x"}.items():
        page.fill(f"[name={name}]", text)
    page.set_input_files("[name=resume]", resume)
    page.check("[name=agree]")
    with page.expect_navigation():
        page.evaluate("document.getElementById('application').submit()")  # as without JavaScript
    assert resume.name in page.inner_text(".pending-upload")
    page.fill("[name=email]", f"enter-{script}@example.org")
    backdate_token(page, demo_site)
    with page.expect_navigation():
        page.press("[name=email]", "Enter")
    assert heading(page) in (RECEIVED["en"], ONE_MORE_STEP["en"])
    assert attachment_names(demo_site, f"enter-{script}@example.org") == [resume.name]


@pytest.fixture
def new_question(demo_site):
    """new_question() adds a question to the form of the general application."""
    general = "from careers.application_forms.models import ApplicationForm\nform = ApplicationForm.for_role(None)\n"

    def add():
        question = "text_en='Which cloud?', is_required=True"
        shell(demo_site, f"{general}form.save()\nform.own_questions.create({question})")

    yield add
    shell(demo_site, f"{general}form.own_questions.filter(text_en='Which cloud?').delete()")


def test_question_added_while_form_is_open(visit, resume, demo_site, new_question):
    visitor = visit(1280)
    page = visitor.page
    visitor.open("/en/apply/")
    for name, text in {**PERSON["en"], "email": "question@example.org"}.items():
        page.fill(f"[name={name}]", text)
    page.set_input_files("[name=resume]", resume)
    page.check("[name=agree]")
    new_question()
    send(page)
    assert "Please answer this question." in page.inner_text("#error-summary")
    page.get_by_label("Which cloud?").fill("Cirrus")
    backdate_token(page, demo_site)
    send(page)
    assert heading(page) in (RECEIVED["en"], ONE_MORE_STEP["en"])
    assert attachment_names(demo_site, "question@example.org") == [resume.name]


def test_back_button_restores_form(visit, form):
    visitor = visit(1280, java_script_enabled=False)
    page = visitor.page
    visitor.open(form("ja"))
    token = page.input_value("[name=token]")
    page.fill("[name=family_name]", "山田")
    page.fill("[name=message]", "雨が好きです。")
    send(page)
    assert page.locator("#error-summary").count() == 1
    page.go_back()
    assert page.locator("#error-summary").count() == 0
    assert page.input_value("[name=token]") == token
    assert page.input_value("[name=family_name]") == "山田"
    assert page.input_value("[name=message]") == "雨が好きです。"


def test_restored_page_can_be_sent(visit, form):
    """Browsers keep pages for the Back button; this test only sends the event."""
    visitor = visit(1280)
    page = visitor.page
    visitor.open(form("en"))
    page.route("**/apply/?submit", lambda route: None)  # without a response
    page.click(SEND)
    assert page.is_disabled(SEND) and page.is_visible(".progress")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    assert page.is_enabled(SEND) and page.is_hidden(".progress")


@pytest.mark.parametrize("language", ["en", "ja"])
def test_large_file_reported_before_sending(visit, tmp_path, language):
    visitor = visit(390)
    page = visitor.page
    visitor.open(f"/{language}/apply/")
    large_file = tmp_path / "large.pdf"
    with large_file.open("wb") as file:
        file.truncate(10 * 1024 * 1024 + 1)
    page.set_input_files("[name=cover_letter]", large_file)
    request_methods = []
    page.on("request", lambda request: request_methods.append(request.method))
    page.click(SEND)
    expected = {
        "en": "Please choose a file of up to 10 MB (this one has 10.1 MB).",
        "ja": "ファイルサイズは10MB以内にしてください（選択されたファイル：10.1MB）。",
    }
    assert expected[language] in page.inner_text("#cover_letter_error")
    assert page.get_attribute("#error-summary a", "href") == "#cover_letter"
    assert request_methods == []
    assert violations(page) == []


@pytest.mark.parametrize("proxy", [False, True], ids=["sum", "413"])
def test_total_size_reported(visit, form, resume, proxy):
    visitor = visit(390)
    page = visitor.page
    visitor.open(form("en"))
    page.set_input_files("[name=resume]", resume)
    page.set_input_files("[name=cover_letter]", resume)
    if proxy:
        page.route("**/apply/?submit", lambda route: route.fulfill(status=413, body="Too large"))
    else:
        size = resume.stat().st_size
        page.evaluate("size => document.forms.application.dataset.totalLimit = size", 2 * size - 1)
    page.click(SEND)
    assert "Together, the files are larger than 50 MB." in page.inner_text("#error-summary")
    assert page.is_enabled(SEND) and page.is_hidden(".progress")


def test_new_file_replaces_pending_upload(visit, form, resume):
    visitor = visit(1280)
    page = visitor.page
    visitor.open(form("en"))
    page.set_input_files("[name=cover_letter]", resume)
    with page.expect_navigation():
        page.evaluate("document.getElementById('application').submit()")
    assert page.locator(".pending-upload").count() == 1
    page.set_input_files("[name=cover_letter]", resume)
    assert page.locator(".pending-upload").count() == 0
