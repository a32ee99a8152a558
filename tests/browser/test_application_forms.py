"""Editing application forms: with the keyboard in Japanese, with warnings about unfair questions."""

import pytest

from tests.browser.accessibility import violations_on_devices
from tests.browser.conftest import save
from tests.components import site

pytestmark = pytest.mark.browser


@pytest.fixture
def role(demo_site):
    """The key of a role that has no form yet."""
    output = site.shell(
        demo_site[1],
        "from careers.roles.models import Role, Department\n"
        "from django.utils import timezone\n"
        "n = Role.objects.count()\n"
        "role = Role.objects.create(title_en='Rain engineer', title_ja='雨のエンジニア',"
        " summary_en='Reads the rain.', summary_ja='雨を読む仕事です。',"
        " duties_en='<p>Read the rain.</p>', duties_ja='<p>雨を読みます。</p>',"
        " reference_id=f'ASKED-{n}', published_at_en=timezone.now(), published_at_ja=timezone.now(),"
        " department=Department.objects.first())\n"
        "print(role.pk)",
    )
    return output.strip()


def question(number, name):
    return f"[name=own_questions-{number}-{name}]"


def write(page, number, text, *, down=0):
    """Add a question with the keyboard; `down` is the position of the kind in its list."""
    page.locator("#own_questions-group .add-row a").focus()
    page.keyboard.press("Enter")
    page.locator(question(number, "text_ja")).focus()
    page.keyboard.type(text)
    page.locator(question(number, "kind")).focus()
    for _line in range(down):
        page.keyboard.press("ArrowDown")
    page.locator(question(number, "is_required")).focus()
    page.keyboard.press("Space")


def press_save(page):
    """Save with the keyboard."""
    page.locator("[name=_continue] >> nth=-1").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_questions_written_with_keyboard_show_warning(signed_in, role):
    visitor = signed_in("ja")
    page = visitor.page
    visitor.open(f"/admin/roles/role/{role}/change/")
    page.get_by_role("link", name="応募フォーム", exact=True).last.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator("[name=role] option:checked").inner_text() == "雨のエンジニア"
    write(page, 0, "好きな雲は何ですか。", down=1)
    write(page, 1, "信仰している宗教を教えてください。")
    press_save(page)
    unfair, hidden = page.locator(".messagelist .warning").all_inner_texts()
    assert "「信仰している宗教を教えてください。」" in unfair
    assert "「宗教」に関する質問の可能性があります。" in unfair
    assert "英語のページに表示されない求人：雨のエンジニア" in hidden
    field_warning = page.locator(".field-text_ja .help .warning")
    assert field_warning.count() == 1 and "厚生労働省" in field_warning.inner_text()
    described = page.get_attribute(question(1, "text_ja"), "aria-describedby")
    assert "厚生労働省" in page.locator(f"#{described}").inner_text()
    assert page.is_checked(question(0, "is_required"))
    assert page.locator(f"{question(0, 'kind')} option:checked").inner_text() == "長文"
    assert [page.input_value(question(n, "position")) for n in (0, 1)] == ["1", "2"]
    assert violations_on_devices(page) == []
    page.locator(question(0, "position")).focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("3")
    press_save(page)
    assert page.input_value(question(1, "text_ja")) == "好きな雲は何ですか。"
    page.fill(question(0, "text_ja"), "好きな雨は何ですか。")
    save(page)
    [hidden] = page.locator(".warning").all_inner_texts()
    assert "英語のページに表示されない求人：雨のエンジニア" in hidden


def test_preview_shows_unsaved_questions(signed_in, role):
    visitor = signed_in("ja")
    page = visitor.page
    visitor.open(f"/admin/application_forms/applicationform/add/?role={role}")
    page.click("#preview-toggle")
    frame = page.frame_locator("[data-language=ja] iframe")
    frame.locator("h1").wait_for()
    write(page, 0, "どの雲が好きですか。")
    frame.get_by_text("どの雲が好きですか。").first.wait_for()
    assert (visitor.console_messages, visitor.foreign_requests) == ([], [])


@pytest.mark.parametrize("language", ["en", "ja"])
def test_form_and_set_pages_are_accessible(signed_in, role, language):
    visitor = signed_in(language)
    page = visitor.page
    start = "/admin/application_forms/"
    faults = []
    for path in (
        f"{start}applicationform/",
        f"{start}applicationform/add/?role={role}",
        f"{start}questionset/",
        f"{start}questionset/add/",
    ):
        visitor.open(path)
        if "add" in path:
            page.locator(".add-row a").last.click()
        faults += violations_on_devices(page, contrast=language == "ja")
    page.locator("[name=name_en]").fill("Basics")
    page.locator("[name=questions-0-text_en]").fill("How old are you?")
    page.locator("[name=questions-0-kind]").select_option("single_select")
    save(page)
    assert page.locator(".errorlist").first.is_visible()  # no choices yet
    assert page.locator(".help .warning").is_visible()
    faults += violations_on_devices(page, contrast=language == "ja")
    assert not faults, "\n".join(faults)
