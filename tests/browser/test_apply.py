"""Somebody applies: by keyboard alone, without JavaScript, with mistakes, in both languages."""

import pytest

from tests.browser.accessibility import violations
from tests.browser.conftest import take_time
from tests.browser.test_everyday import shell
from tests.browser.test_personas import rows

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
ARRIVED = {"en": "Your application has arrived", "ja": "ご応募を受け付けました"}
ONE_MORE_STEP = {
    "en": "One more step: open the link in our email",
    "ja": "あと一つ、メールのリンクを開いてください",
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


def files_of(served, email):
    """The names of the files that have arrived with the application of an address."""
    query = """SELECT document.name FROM applications_application application
        JOIN applications_attachment attachment ON application_id = application.id
        JOIN documents_document document ON document.id = document_id WHERE email = ?"""
    return [name for (name,) in rows(served, query, email)]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_by_keyboard_alone(visit, served, form, resume, language):
    visitor = visit(1280)
    page = visitor.page
    visitor.open(form(language))
    page.focus("main")
    typed = {**PERSON[language], "email": f"keys-{language}@example.org"}
    for _step in range(60):
        page.keyboard.press("Tab")
        name = page.evaluate("document.activeElement.name")
        if name in typed:
            page.keyboard.type(typed.pop(name))
        elif name == "resume_text":
            page.keyboard.type("Ten years of clouds.")
        elif name == "eligibility" or name == "agree":
            page.keyboard.press("Space")
        elif page.evaluate(f"document.activeElement.matches('{SEND}')"):
            break
    assert typed == {}
    take_time(page, served)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert heading(page) == ARRIVED[language]
    assert violations(page) == []


@pytest.mark.parametrize("language", ["en", "ja"])
def test_without_javascript_and_with_a_mistake(visit, form, resume, language):
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
    page.fill("[name=email]", "ｎｏ-script@example.org")
    send(page)
    assert heading(page) == ONE_MORE_STEP[language]


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("script", [True, False], ids=["script", "page"])
def test_mistakes_are_accessible(visit, form, resume, language, script):
    """What stands where is the same whether a page came back or a script was answered."""
    device = {"color_scheme": "dark" if language == "en" else "light"}
    visitor = visit(390, java_script_enabled=script, **device)
    page = visitor.page
    visitor.open(form(language))
    page.fill("[name=email]", "x")
    page.set_input_files("[name=cover_letter]", resume)
    page.click(SEND)
    page.locator("#error-summary").wait_for()
    wrong = page.locator("#error-summary a").evaluate_all(
        "links => links.map(link => link.hash.slice(1))"
    )
    ours = [name for name in wrong if not name.startswith("question_")]
    assert ours == ["family_name", "email", "resume", "agree"]
    for name in ours:
        beside = page.locator(f"#{name}_error")
        assert beside.evaluate("fault => fault.closest('.field').classList.contains('invalid')")
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
    faults = [text for text in visitor.said if "status of 422" not in text]
    assert (faults, visitor.elsewhere) == ([], [])
    assert page.context.cookies() == []


def test_a_waiting_file_is_taken_back(visit, form, resume):
    visitor = visit(390, java_script_enabled=False)
    visitor.open(form("ja"))
    page = visitor.page
    page.set_input_files("[name=cover_letter]", resume)
    send(page)
    with page.expect_navigation():
        page.click(".pending-upload button")
    assert page.locator(".pending-upload, #error-summary").count() == 0


def test_a_lost_connection_costs_nothing(visit, form, resume, served):
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
    take_time(page, served)
    send(page)
    assert heading(page) == ARRIVED["en"]


@pytest.mark.parametrize("script", [True, False], ids=["script", "page"])
def test_enter_sends_the_form_and_takes_no_waiting_file_back(visit, form, resume, served, script):
    visitor = visit(1280, java_script_enabled=script)
    page = visitor.page
    visitor.open(form("en"))
    for name, text in {**PERSON["en"], "email": "x"}.items():
        page.fill(f"[name={name}]", text)
    page.set_input_files("[name=resume]", resume)
    page.check("[name=agree]")
    with page.expect_navigation():
        page.evaluate("document.getElementById('application').submit()")  # as without a script
    assert resume.name in page.inner_text(".pending-upload")
    page.fill("[name=email]", f"enter-{script}@example.org")
    take_time(page, served)
    with page.expect_navigation():
        page.press("[name=email]", "Enter")
    assert heading(page) in (ARRIVED["en"], ONE_MORE_STEP["en"])
    assert files_of(served, f"enter-{script}@example.org") == [resume.name]


@pytest.fixture
def new_question(served):
    """new_question() is added to the form of the general application, while somebody fills it in."""
    general = "from careers.application_forms.models import ApplicationForm\nform = ApplicationForm.for_role(None)\n"

    def add():
        question = "text_en='Which cloud?', is_required=True"
        shell(served, f"{general}form.save()\nform.own_questions.create({question})")

    yield add
    shell(served, f"{general}form.own_questions.filter(text_en='Which cloud?').delete()")


def test_a_question_that_the_open_page_lacks_is_shown(visit, resume, served, new_question):
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
    take_time(page, served)
    send(page)
    assert heading(page) in (ARRIVED["en"], ONE_MORE_STEP["en"])
    assert files_of(served, "question@example.org") == [resume.name]


def test_going_back_finds_the_form_as_it_was_left(visit, form):
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


def test_a_page_that_was_kept_while_it_was_sending_can_be_sent(visit, form):
    """Browsers keep whole pages for those who go back; the one of these tests says so only."""
    visitor = visit(1280)
    page = visitor.page
    visitor.open(form("en"))
    page.route("**/apply/", lambda route: None)  # never answered
    page.click(SEND)
    assert page.is_disabled(SEND) and page.is_visible(".progress")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    assert page.is_enabled(SEND) and page.is_hidden(".progress")


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_file_that_is_too_large_is_named_before_it_is_sent(visit, tmp_path, language):
    visitor = visit(390)
    page = visitor.page
    visitor.open(f"/{language}/apply/")
    large = tmp_path / "large.pdf"
    with large.open("wb") as file:
        file.truncate(10 * 1024 * 1024 + 1)
    page.set_input_files("[name=cover_letter]", large)
    sent = []
    page.on("request", lambda request: sent.append(request.method))
    page.click(SEND)
    said = {
        "en": "Please choose a file of up to 10 MB (this one has 10.1 MB).",
        "ja": "ファイルサイズは10MB以内にしてください（選択されたファイル：10.1MB）。",
    }
    assert said[language] in page.inner_text("#cover_letter_error")
    assert page.get_attribute("#error-summary a", "href") == "#cover_letter"
    assert sent == []
    assert violations(page) == []


@pytest.mark.parametrize("proxy", [False, True], ids=["sum", "413"])
def test_files_that_are_too_large_together_say_so(visit, form, resume, proxy):
    visitor = visit(390)
    page = visitor.page
    visitor.open(form("en"))
    page.set_input_files("[name=resume]", resume)
    page.set_input_files("[name=cover_letter]", resume)
    if proxy:
        page.route("**/apply/", lambda route: route.fulfill(status=413, body="Too large"))
    else:
        size = resume.stat().st_size
        page.evaluate("size => document.forms.application.dataset.totalLimit = size", 2 * size - 1)
    page.click(SEND)
    assert "Together, the files are larger than 50 MB." in page.inner_text("#error-summary")
    assert page.is_enabled(SEND) and page.is_hidden(".progress")


def test_a_chosen_file_takes_the_place_of_the_waiting_one(visit, form, resume):
    visitor = visit(1280)
    page = visitor.page
    visitor.open(form("en"))
    page.set_input_files("[name=cover_letter]", resume)
    with page.expect_navigation():
        page.evaluate("document.getElementById('application').submit()")
    assert page.locator(".pending-upload").count() == 1
    page.set_input_files("[name=cover_letter]", resume)
    assert page.locator(".pending-upload").count() == 0
