"""One posting from its first Japanese sentence to its last edit, as a recruiter meets it."""

import pytest

from tests.browser.conftest import published, save
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


def test_from_a_japanese_draft_to_an_old_version(signed_in, visit, served):
    hana = signed_in("ja")
    page = hana.page

    # A draft in Japanese alone, published in Japanese alone.
    hana.open("/admin/roles/role/add/")
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

    # English is written; then it changes, and the Japanese is out of date until somebody looks.
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

    # What is typed can be looked at before anybody else does.
    page.click("#preview-toggle")
    page.fill("[name=title_ja]", "嵐のエンジニア")
    frame(page, "ja").get_by_text("嵐の").first.wait_for()
    candidate.page.reload()
    assert "嵐" not in candidate.page.inner_text("h1")

    # Meanwhile a colleague saves; nothing of either is lost.
    ken = signed_in("en")
    ken.open(page.url.removeprefix(served[0]))
    ken.page.fill("[name=title_ja]", "雲のエンジニア")
    ken.page.fill("[name=summary_en]", "Reads the clouds.")
    save(ken.page)
    save(page)
    assert page.input_value("[name=title_ja]") == "嵐のエンジニア"
    assert page.input_value("[name=summary_en]") == "Reads the clouds."
    assert page.locator(".field-title_ja .errorlist q").first.inner_text() == "雲のエンジニア"
    save(page)
    published(page)
    candidate.page.reload()
    assert candidate.page.inner_text("h1").replace("\u200b", "") == "嵐のエンジニア"

    # The colleague's version is put back.
    page.click("a.historylink")
    page.click("table.versions tbody tr:nth-child(2) a >> nth=0")
    assert page.input_value("[name=title_ja]") == "雲のエンジニア"
    save(page)
    published(page)
    candidate.page.reload()
    assert candidate.page.inner_text("h1").replace("\u200b", "") == "雲のエンジニア"

    # In the list it goes to the first place, by keyboard; candidates find it further up.
    before = place_of("雲のエンジニア", candidate)
    hana.open("/admin/roles/role/")
    row = page.locator("#result_list tbody tr", has_text="雲のエンジニア")
    row.locator("[name=position]").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("1")
    page.keyboard.press("Enter")
    page.locator("#move-forms [role=status]", has_text="雲のエンジニア").wait_for(state="attached")
    published(page)
    assert place_of("雲のエンジニア", candidate) < before


def place_of(title, candidate):
    """Where candidates find it in the list of openings."""
    candidate.open("/ja/roles/")
    titles = candidate.page.locator("main .rows a").all_inner_texts()
    return next(n for n, text in enumerate(titles) if title in text.replace("\u200b", ""))
