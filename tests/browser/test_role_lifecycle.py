"""A role from its first Japanese draft to a restored version, as a recruiter works on it."""

import pytest

from tests.browser.conftest import save, wait_until_published
from tests.browser.test_preview import frame

pytestmark = pytest.mark.browser


def write(page, field, text):
    """Type into a rich text editor."""
    page.click(f"#id_{field}_area")
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def chips(page):
    return [
        chip.get_attribute("class").split()[1] for chip in page.locator(".language-bar .chip").all()
    ]


def test_role_from_draft_to_restored_version(signed_in, visit, demo_site):
    recruiter = signed_in("ja")
    page = recruiter.page

    # A draft in Japanese only, published in Japanese only.
    recruiter.open("/admin/roles/role/add/")
    page.fill("[name=title_ja]", "雨のエンジニア")
    page.fill("[name=summary_ja]", "雨を読む仕事です。")
    write(page, "duties_ja", "毎朝、雨を読みます。")
    page.fill("[name=reference_id]", "WHOLE-WAY")
    page.select_option("[name=department]", index=1)
    save(page)
    assert chips(page) == ["missing", "ready"]
    page.check("[name=publish_ja]")
    save(page)
    candidate = visit(390)
    address = page.get_by_role("link", name="サイト上で表示").get_attribute("href")
    path = page.evaluate("address => fetch(address).then(answer => answer.url)", address)
    candidate.page.goto(path)
    assert "/ja/roles/" in candidate.page.url
    assert candidate.page.inner_text("h1").replace("\u200b", "") == "雨のエンジニア"
    assert "This opening is posted in Japanese only." in candidate.page.inner_text("header")

    # English is added; after an English edit the Japanese is outdated until it is marked as correct.
    page.fill("[name=title_en]", "Rain engineer")
    page.fill("[name=summary_en]", "Reads the rain.")
    write(page, "duties_en", "Read the rain every morning.")
    save(page)
    assert chips(page) == ["ready", "ready"]
    page.fill("[name=title_en]", "Storm engineer")
    save(page)
    assert chips(page) == ["ready", "stale"]
    page.check(".fieldBox.field-title_ja [name^=_correct]")
    save(page)
    assert chips(page) == ["ready", "ready"]

    # The preview shows unsaved text, which candidates do not see.
    page.click("#preview-toggle")
    page.fill("[name=title_ja]", "嵐のエンジニア")
    frame(page, "ja").get_by_text("嵐の").first.wait_for()
    candidate.page.reload()
    assert "嵐" not in candidate.page.inner_text("h1")

    # A colleague saves at the same time; no edit is lost.
    colleague = signed_in("en")
    colleague.open(page.url.removeprefix(demo_site[0]))
    colleague.page.fill("[name=title_ja]", "雲のエンジニア")
    colleague.page.fill("[name=summary_en]", "Reads the clouds.")
    save(colleague.page)
    save(page)
    assert page.input_value("[name=title_ja]") == "嵐のエンジニア"
    assert page.input_value("[name=summary_en]") == "Reads the clouds."
    assert page.locator(".field-title_ja .errorlist q").first.inner_text() == "雲のエンジニア"
    save(page)
    wait_until_published(page)
    candidate.page.reload()
    assert candidate.page.inner_text("h1").replace("\u200b", "") == "嵐のエンジニア"

    # The colleague's version is restored.
    page.click("a.historylink")
    page.click("table.versions tbody tr:nth-child(2) a >> nth=0")
    assert page.input_value("[name=title_ja]") == "雲のエンジニア"
    save(page)
    wait_until_published(page)
    candidate.page.reload()
    assert candidate.page.inner_text("h1").replace("\u200b", "") == "雲のエンジニア"

    # The role is moved to the first position with the keyboard; candidates see the new order.
    before = list_position("雲のエンジニア", candidate)
    recruiter.open("/admin/roles/role/")
    row = page.locator("#result_list tbody tr", has_text="雲のエンジニア")
    row.locator("[name=position]").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("1")
    page.keyboard.press("Enter")
    page.locator("#move-forms [role=status]", has_text="雲のエンジニア").wait_for(state="attached")
    wait_until_published(page)
    assert list_position("雲のエンジニア", candidate) < before


def list_position(title, candidate):
    """Its index in the public list of roles."""
    candidate.open("/ja/roles/")
    titles = candidate.page.locator("main .rows a").all_inner_texts()
    return next(n for n, text in enumerate(titles) if title in text.replace("\u200b", ""))
