"""Two recruiters edit one record without losing text; versions are compared and restored."""

import pytest

from tests.browser.accessibility import violations
from tests.browser.conftest import save
from tests.components import site

pytestmark = pytest.mark.browser

CREATE_CODE = """
from careers.roles.models import Role, Department, RoleCondition
n = Role.objects.count()
role = Role.objects.create(
    title_en="Rain engineer", title_ja="雨のエンジニア", summary_en="Reads the rain.",
    summary_ja="雨を読む仕事です。", duties_en="<p>Read the rain.</p>", duties_ja="<p>雨を読みます。</p>",
    reference_id=f"BOTH-{n}", department=Department.objects.first(), opens_at="2031-01-01T00:00Z")
RoleCondition.objects.create(role=role, kind="hours", text_en="9 to 6", text_ja="9:00～18:00")
print(role.pk)
"""


@pytest.fixture
def role(demo_site):
    """The path of a new role in the admin."""
    output = site.shell(demo_site[1], CREATE_CODE)
    return f"/admin/roles/role/{output.strip()}"


def write(page, field, text):
    """Type into a rich text editor."""
    page.click(f"#id_{field}_area")
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_edit_conflict_keeps_both_edits(signed_in, role, language):
    own, colleague = signed_in(language), signed_in("ja" if language == "en" else "en")
    own.open(f"{role}/change/")
    colleague.open(f"{role}/change/")
    colleague.page.fill("[name=title_en]", "Storm engineer")
    colleague.page.fill("[name=summary_ja]", "嵐を読む仕事です。")
    write(colleague.page, "duties_en", "Read the storm.")
    save(colleague.page)
    page = own.page
    page.fill("[name=title_en]", "Cloud engineer")
    page.fill("[name=conditions-0-text_en]", "10 to 7")
    write(page, "duties_en", "Read the clouds.")
    save(page)
    assert page.input_value("[name=title_en]") == "Cloud engineer"
    assert page.inner_text("#id_duties_en_area") == "Read the clouds."
    assert page.input_value("[name=conditions-0-text_en]") == "10 to 7"
    # Merged from the colleague.
    assert page.input_value("[name=summary_ja]") == "嵐を読む仕事です。"
    conflict = page.locator(".field-title_en .errorlist q").first
    assert conflict.inner_text() == "Storm engineer"
    assert "Read the storm." in page.locator(".field-duties_en .errorlist").first.inner_text()
    assert violations(page) == []
    save(page)
    assert page.locator(".errorlist").count() == 0
    own.open(f"{role}/change/")
    assert page.input_value("[name=title_en]") == "Cloud engineer"
    assert page.input_value("[name=summary_ja]") == "嵐を読む仕事です。"


@pytest.mark.parametrize("language", ["en", "ja"])
def test_version_compared_and_restored(signed_in, role, language):
    """The first difference is the URL: until the role is published, it follows the English title."""
    visitor = signed_in(language)
    page = visitor.page
    visitor.open(f"{role}/change/")
    page.fill("[name=title_en]", "Storm engineer")
    page.fill("[name=title_ja]", "嵐のエンジニア")
    save(page)
    page.click("a.historylink")
    assert violations(page) == []
    page.click("main button[class=button], #content button[class=button]")
    comparison = page.locator(".comparison")
    assert comparison.locator("del").all_inner_texts() == ["rain", "Rain", "雨"]
    assert comparison.locator("ins").all_inner_texts() == ["storm", "Storm", "嵐"]
    assert violations(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.set_viewport_size({"width": 1280, "height": 900})
    page.click("table.versions tbody tr:last-child a[href$='language=ja']")
    assert page.input_value("[name=title_en]") == "Storm engineer"
    assert page.input_value("[name=title_ja]") == "雨のエンジニア"
    assert page.locator(".messagelist").count() == 1
    assert violations(page) == []
    save(page)
    visitor.open(f"{role}/history/")
    assert page.locator("table.versions tbody tr").count() == 3
