"""Lists and rows of the admin in a real browser: the bar of actions, messages, and rows without scripts."""

import pytest

from tests.components import site
from tests.conftest import PASSWORD

pytestmark = pytest.mark.browser

SYNONYMS = "/admin/roles/synonymgroup/"
# The color of the level of a message, and of its bar.
COLORS = """
    [...document.querySelectorAll(".messagelist li")].map((row) => [
      getComputedStyle(row.querySelector(".message-level")).color,
      getComputedStyle(row).borderInlineStartColor,
    ])
"""
ADD_MESSAGES = """
    const list = document.createElement("ul");
    list.className = "messagelist";
    for (const level of ["success", "info", "warning", "error"]) {
      const row = list.appendChild(document.createElement("li"));
      row.className = level;
      row.appendChild(document.createElement("strong")).className = "message-level";
    }
    document.querySelector("main").prepend(list);
"""


@pytest.mark.parametrize("width", [390, 1440])
def test_bar_of_actions_stays_in_view_along_a_list(width, signed_in):
    visitor = signed_in("en")
    page = visitor.page
    page.set_viewport_size({"width": width, "height": 900})
    visitor.open(SYNONYMS)
    page.locator("#result_list tbody tr").last.scroll_into_view_if_needed()
    assert page.evaluate("scrollY") > 900
    box = page.locator(".actions").bounding_box()
    assert 0 <= box["y"] < 20
    row = page.locator("#result_list tbody tr").last.locator("[type=checkbox]")
    row.check()
    assert "1 of" in page.inner_text(".actions")
    # The focus moves to rows that the bar does not cover.
    for _press in range(30):
        page.keyboard.press("Shift+Tab")
        focused = page.evaluate("document.activeElement.getBoundingClientRect().bottom")
        bar = page.locator(".actions").bounding_box()
        assert focused > bar["y"] + bar["height"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_message_levels_have_colors_of_their_own(scheme, signed_in):
    visitor = signed_in("en", color_scheme=scheme)
    visitor.open("/admin/")
    visitor.page.evaluate(ADD_MESSAGES)
    colors = visitor.page.evaluate(COLORS)
    assert len({level for level, _bar in colors}) == len({bar for _level, bar in colors}) == 4


def test_rows_without_javascript(signed_in, visit, demo_site):
    """The button adds a visible row, at the place where it was pressed; typed texts stay."""
    signed_in("en")  # creates the account
    visitor = visit(390, java_script_enabled=False)
    visitor.sign_in("en@example.com", PASSWORD)
    page = visitor.page
    path = "/admin/roles/role/add/"
    visitor.open(path)
    assert not page.is_visible(".inline-related.empty-form")
    page.fill("[name=title_ja]", "雪のエンジニア")
    for number in range(2):
        page.click("button[name=_add_row][value=conditions]")
        assert page.url == f"{demo_site[0]}{path}#conditions-{number}"
        assert page.is_visible(f"[name=conditions-{number}-text_ja]")
        assert page.input_value("[name=title_ja]") == "雪のエンジニア"
        page.fill(f"[name=conditions-{number}-text_ja]", f"条件{number}")
    assert page.input_value("[name=conditions-0-text_ja]") == "条件0"
    code = "from careers.roles.models import Role\nprint(Role.objects.filter(title_ja='雪のエンジニア').count())"
    assert site.shell(demo_site[1], code).strip() == "0"


def test_row_buttons_are_absent_with_javascript(signed_in):
    """Django's script has links of its own."""
    visitor = signed_in("en")
    visitor.open("/admin/roles/role/add/")
    assert visitor.page.locator("button[name=_add_row]").count() == 0
    assert visitor.page.locator(".add-row a").count() >= 4
