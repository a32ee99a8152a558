"""Rich text in the admin: typed with the tools, pasted from other programs, saved as clean HTML."""

import re
import sqlite3
from pathlib import Path

import pytest

from tests.browser.accessibility import violations
from tests.browser.conftest import save

pytestmark = pytest.mark.browser

TOOLS = {
    "en": "Bold|Italic|Heading|Small heading|Bulleted list|Numbered list|Link|Undo|Redo",
    "ja": "太字|斜体|見出し|小見出し|箇条書き|番号付きリスト|リンク|元に戻す|やり直す",
}

# --- Clipboard contents of other programs ------------------------------------------------------

WORD_HEAD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"
xmlns:w="urn:schemas-microsoft-com:office:word" xmlns="http://www.w3.org/TR/REC-html40">
<head><meta http-equiv=Content-Type content="text/html; charset=utf-8">
<meta name=ProgId content=Word.Document><meta name=Generator content="Microsoft Word 15">
<title>求人票</title>
<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]-->
<style><!-- /* List Definitions */ @list l0 {mso-list-id:1;} p.MsoNormal {margin:0mm;} --></style>
</head><body lang=JA style='tab-interval:42.0pt'><!--StartFragment-->
"""
WORD_END = "<!--EndFragment--></body></html>"


def word(level, marker, text, font="", comment=True, kind="Middle"):
    """A paragraph of a list, as Word for Windows and Mac writes it."""
    marker_html = (
        f"<span lang=EN-US style='font-family:{font}'><span style='mso-list:Ignore'>{marker}"
        "<span style='font:7.0pt \"Times New Roman\"'>&nbsp;&nbsp;&nbsp;&nbsp; </span></span></span>"
    )
    if comment:
        marker_html = f"<![if !supportLists]>{marker_html}<![endif]>"
    return (
        f"<p class=MsoListParagraphCxSp{kind} style='margin-left:21.0pt;mso-para-margin-left:0gd;"
        f"text-indent:-21.0pt;mso-list:l0 level{level} lfo1'>{marker_html}"
        f"<span lang=EN-US>{text}<o:p></o:p></span></p>\n"
    )


CASES = {
    "Word: headings, bold, a link, an empty paragraph": (
        WORD_HEAD
        + """<h1><a name="_Toc1"></a>仕事内容<span lang=EN-US><o:p></o:p></span></h1>
<p class=MsoNormal><b><span lang=EN-US style='font-size:14.0pt;color:red'>Rain</span></b>を
読む<i>仕事</i>です。<a href="https://example.com/a?b=1&amp;c=2"><span style='color:#0563C1'>詳しく</span></a><o:p></o:p></p>
<p class=MsoNormal><span lang=EN-US><o:p>&nbsp;</o:p></span></p>
<h2>You will</h2><h3>first
of all</h3><p class=MsoTitle>題</p>"""
        + WORD_END,
        "<h3>仕事内容</h3><p>Rainを読む仕事です。"
        '<a href="https://example.com/a?b=1&amp;c=2">詳しく</a></p>'
        "<h3>You will</h3><h4>first of all</h4><h3>題</h3>",
    ),
    "Word: bullets within bullets": (
        WORD_HEAD
        + word(1, "·", "雨を読む", "Symbol", kind="First")
        + word(2, "o", "雷を読む", '"Courier New"')
        + word(3, "§", "hail", "Wingdings")
        + word(1, "·", "晴れを読む", "Symbol", kind="Last")
        + WORD_END,
        "<ul><li>雨を読む<ul><li>雷を読む<ul><li>hail</li></ul></li></ul></li>"
        "<li>晴れを読む</li></ul>",
    ),
    "Word in Japanese: the bullet is the character l of Wingdings": (
        WORD_HEAD
        + word(1, "l", "気象", "Wingdings")
        + word(1, "Ø", "海象", "Wingdings")
        + WORD_END,
        "<ul><li>気象</li><li>海象</li></ul>",
    ),
    "Word: numbers of every kind": (
        WORD_HEAD
        + "".join(
            word(1, "1.", "one") + word(2, marker, "sub") for marker in ("a)", "（ア）", "①", "イ")
        )
        + word(1, "10.", "ten")
        + word(2, "·", "bullet", "Symbol")
        + WORD_END,
        "<ol>"
        + "<li>one<ol><li>sub</li></ol></li>" * 4
        + "<li>ten<ul><li>bullet</li></ul></li></ol>",
    ),
    "Word: a list, text, another list; markers without comments": (
        WORD_HEAD
        + word(1, "・", "甲", comment=False)
        + "<p class=MsoNormal>続いて</p>"
        + word(1, "一、", "乙", comment=False)
        + word(1, "二、", "丙", comment=False)
        + WORD_END,
        "<ul><li>甲</li></ul><p>続いて</p><ol><li>乙</li><li>丙</li></ol>",
    ),
    "Word: a marker in a comment only, as older versions write it": (
        "<p class=MsoListParagraph style='mso-list:l3 level1 lfo2'><!--[if !supportLists]-->"
        "<span>1)&nbsp;</span><!--[endif]-->first</p>"
        "<p class=MsoListParagraph style='mso-list:l4 level1 lfo3'><!--[if !supportLists]-->"
        "<span>1)&nbsp;</span><!--[endif]-->of another list</p>",
        "<ol><li>first</li></ol><ol><li>of another list</li></ol>",
    ),
    "Word: a table becomes paragraphs": (
        "<table class=MsoTableGrid border=1><tr><td width=99><p class=MsoNormal>給与</p></td>"
        "<td><p class=MsoNormal>月給</p></td></tr></table><img src='file:///C:/a.png'>"
        "<p class=MsoNormal><a href='#_ftn1'>注</a><a href='file:///C:/b.doc'>別紙</a></p>",
        "<p>給与</p><p>月給</p><p>注別紙</p>",
    ),
    "Word for the web": (
        """<div class="OutlineElement Ltr SCXW1 BCX0"><p class="Paragraph SCXW1 BCX0" role="heading"
aria-level="1" paraid="1"><span data-contrast="none" class="TextRun SCXW1"><span
class="NormalTextRun SCXW1" data-ccp-parastyle="heading 1">職務</span></span><span class="EOP SCXW1"
data-ccp-props="{&quot;1&quot;:2}">&nbsp;</span></p></div>
<div class="ListContainerWrapper SCXW1"><ul class="BulletListStyle1 SCXW1" role="list"><li
data-leveltext="●" data-font="Symbol" data-listid="2" aria-setsize="-1" data-aria-posinset="1"
data-aria-level="1" role="listitem" class="OutlineElement Ltr SCXW1"><p class="Paragraph SCXW1"><span
class="TextRun SCXW1"><span class="NormalTextRun">雨</span></span><span class="EOP">&nbsp;</span></p></li></ul></div>
<div class="ListContainerWrapper SCXW1"><ul class="BulletListStyle2 SCXW1" role="list"><li
data-leveltext="o" data-listid="2" data-aria-level="2" role="listitem"><p class="Paragraph"><span
class="TextRun">雷</span><span class="EOP">&nbsp;</span></p></li></ul></div>
<div class="ListContainerWrapper SCXW1"><ul class="BulletListStyle1 SCXW1" role="list"><li
data-listid="2" data-aria-level="1" role="listitem"><p class="Paragraph">晴</p></li></ul></div>
<div class="ListContainerWrapper"><ol class="NumberListStyle1" role="list" start="1"><li
data-listid="3" data-aria-level="1" role="listitem"><p>one</p></li></ol></div>
<div class="ListContainerWrapper"><ol class="NumberListStyle1" role="list" start="2"><li
data-listid="3" data-aria-level="1" role="listitem"><p>two</p></li></ol></div>""",
        "<h3>職務</h3><ul><li>雨<ul><li>雷</li></ul></li><li>晴</li></ul>"
        "<ol><li>one</li><li>two</li></ol>",
    ),
    "Google Docs": (
        """<meta charset='utf-8'><b style="font-weight:normal;" id="docs-internal-guid-1f2e-7fff">
<h1 dir="ltr" style="line-height:1.38;margin-top:20pt;"><span style="font-size:20pt;">About
you</span></h1><p dir="ltr"><span style="font-weight:400;white-space:pre-wrap;">あなたは</span><span
style="font-weight:700;">雨</span><span>が好き。</span><a href="https://example.com/"
style="text-decoration:none;"><span style="color:#1155cc;">もっと</span><span>読む</span></a></p><br />
<ul style="margin-top:0;"><li dir="ltr" style="list-style-type:disc;" aria-level="1"><p dir="ltr"
role="presentation"><span>one</span></p></li><ul><li dir="ltr" style="list-style-type:circle;"
aria-level="2"><p dir="ltr" role="presentation"><span>one and a half</span></p></li></ul><li
aria-level="1"><p role="presentation"><span>two</span></p></li></ul><ol><li style="list-style-type:
decimal;" aria-level="1"><p role="presentation"><span>壱</span></p></li></ol></b><br
class="Apple-interchange-newline">""",
        '<h3>About you</h3><p>あなたは雨が好き。<a href="https://example.com/">もっと読む</a></p>'
        "<ul><li>one<ul><li>one and a half</li></ul></li><li>two</li></ul><ol><li>壱</li></ol>",
    ),
    "Pages": (
        """<!DOCTYPE html><html><head><meta name="Generator" content="Cocoa HTML Writer">
<style type="text/css">p.p1 {margin: 0.0px; font: 12.0px 'Hiragino Sans'} span.s1 {font: 12px}</style>
</head><body><p class="p1"><b>募集</b>要項</p><p class="p2"><br></p>
<ul class="ul1"><li class="li1"><span class="s1"></span>雨<ul class="ul1"><li class="li1">雷</li></ul></li>
</ul><ol class="ol1"><li class="li1"><span class="s1"></span>first</li></ol></body></html>""",
        "<p>募集要項</p><ul><li>雨<ul><li>雷</li></ul></li></ul><ol><li>first</li></ol>",
    ),
    "LibreOffice": (
        """<!DOCTYPE html><html><head><meta name="generator" content="LibreOffice 7.4 (Linux)"/>
<style type="text/css">@page { size: 21cm 29.7cm } p { line-height: 115% }</style></head>
<body lang="en-US" dir="ltr"><h2 class="western"><font face="Liberation Sans"><span lang="ja-JP">応募
資格</span></font></h2><p style="line-height: 100%">Plain
words<br/>on two lines</p><ol><li><p style="margin-bottom: 0cm">one</p><ol type="a"><li><p>one a</p></li>
</ol></li><li><p>two</p><p>still two</p></li></ol></body></html>""",
        "<h3>応募資格</h3><p>Plain words<br>on two lines</p>"
        "<ol><li>one<ol><li>one a</li></ol></li><li>two<br>still two</li></ol>",
    ),
    "a web page with forbidden content": (
        """<div onclick="alert(1)"><h5 style="color:red">See<script>alert(2)</script></h5>
<a href="javascript:alert(3)">here</a> &lt;b&gt; <iframe src="https://example.net/"></iframe>
<img src="https://example.net/spy.gif" onerror="alert(4)">or <a href="mailto:jobs@example.com">write</a>
</div><div>first<br><br>second</div>""",
        "<h4>See</h4><p>here &lt;b&gt; or "
        '<a href="mailto:jobs@example.com">write</a></p><p>first</p><p>second</p>',
    ),
    "another site with the same kind of editor": (
        '<h2 data-pm-slice="0 0 []" style="color:red">題</h2><p><strong>雨</strong>を読む</p>',
        "<h3>題</h3><p>雨を読む</p>",
    ),
}


# --- Driving the form --------------------------------------------------------------------------

PASTE = """(area, [html, text]) => {
  const clipboardData = new DataTransfer();
  if (html) clipboardData.setData("text/html", html);
  clipboardData.setData("text/plain", text);
  area.focus();
  area.dispatchEvent(
    new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""


def write_article(visitor, title):
    """Open the form of a new article; return the editor of its Japanese text."""
    visitor.open("/admin/articles/article/add/")
    visitor.page.fill("[name=title_ja]", title)
    return visitor.page.locator("#id_text_ja_area")


def paste(area, html, text="not this"):
    area.evaluate(PASTE, [html, text])


def save_and_read(visitor, demo_site):
    """Save the form without errors; return the text in the database."""
    page = visitor.page
    save(page)
    page.wait_for_url(re.compile(r"/\d+/change/$"))
    assert (visitor.console_messages, visitor.foreign_requests) == ([], [])
    pk = page.url.split("/")[-3]
    database = sqlite3.connect(Path(demo_site[1]["VAR_DIR"]) / "careers.sqlite3")
    [[text]] = database.execute("SELECT text_ja FROM articles_article WHERE id = ?", [pk])
    database.close()
    return text


@pytest.mark.parametrize("case", CASES)
def test_paste_keeps_allowed_elements_only(signed_in, demo_site, case):
    html, expected = CASES[case]
    visitor = signed_in("ja")
    paste(write_article(visitor, case), html)
    assert save_and_read(visitor, demo_site) == expected


def test_paste_plain_text(signed_in, demo_site):
    visitor = signed_in("ja")
    paste(write_article(visitor, "文"), "", "雨を読む。\r\n<b>風</b>を読む。\n\n・晴れも")
    assert (
        save_and_read(visitor, demo_site)
        == "<p>雨を読む。</p><p>&lt;b&gt;風&lt;/b&gt;を読む。</p><p>・晴れも</p>"
    )


def test_paste_from_own_editor(signed_in, demo_site):
    visitor = signed_in("ja")
    area = write_article(visitor, "写し")
    paste(area, '<p data-pm-slice="1 1 []">雨を<strong>読</strong><em>む</em></p>')
    assert save_and_read(visitor, demo_site) == "<p>雨を<strong>読</strong><em>む</em></p>"


# --- Writing -----------------------------------------------------------------------------------


def test_toolbar_buttons(signed_in, demo_site):
    visitor = signed_in("en")
    page, press = visitor.page, visitor.page.keyboard.press
    area = write_article(visitor, "道具")
    tools = page.get_by_role("toolbar", name="Formatting of Text (Japanese)")

    def use(name):
        tools.get_by_role("button", name=name, exact=True).click()

    def write(text, *names):
        for name in names:
            use(name)
        page.keyboard.type(text)

    area.click()
    write("見出し", "Heading")
    press("Enter")
    write("小見出し", "Small heading")
    press("Enter")
    write("雨", "Bold")
    write("を", "Bold", "Italic")
    write("読む", "Italic")
    assert tools.get_by_role("button", name="Italic").get_attribute("aria-pressed") == "false"
    press("Enter")
    write("点", "Bulleted list")
    press("Enter")
    press("Tab")
    write("中の点")
    for _ in range(3):
        press("Enter")
    write("一", "Numbered list")
    press("Enter")
    write("二")
    use("Undo")
    use("Redo")
    for _ in range(2):
        press("Enter")
    write("詳しく")
    press("Shift+Enter")
    write("読む")
    press("Shift+Home")
    use("Link")
    page.get_by_role("dialog", name="Link").get_by_label("Address").fill("example.com/a")
    press("Enter")
    assert save_and_read(visitor, demo_site) == (
        "<h3>見出し</h3><h4>小見出し</h4><p><strong>雨</strong><em>を</em>読む</p>"
        "<ul><li>点<ul><li>中の点</li></ul></li></ul><ol><li>一</li><li>二</li></ol>"
        '<p>詳しく<br><a href="https://example.com/a">読む</a></p>'
    )


def test_link_changed_and_removed(signed_in, demo_site):
    visitor = signed_in("ja")
    page = visitor.page
    area = write_article(visitor, "リンク")
    paste(area, '<p><a href="https://example.com/">応募</a> <a href="tel:+8131">電話</a></p>')
    for word, old, new in (
        ("応募", "https://example.com/", "jobs@example.com"),
        ("電話", "tel:+8131", ""),
    ):
        area.get_by_text(word).click()
        page.wait_for_timeout(300)  # the browser reports the selection a moment later
        page.keyboard.press("Control+k")
        dialog = page.get_by_role("dialog", name="リンク")
        assert "空欄にするとリンクを解除します。" in dialog.inner_text()
        assert dialog.get_by_role("textbox").input_value() == old
        dialog.get_by_role("textbox").fill(new)
        dialog.get_by_role("button", name="適用").click()
        page.wait_for_timeout(300)
    assert (
        save_and_read(visitor, demo_site)
        == '<p><a href="mailto:jobs@example.com">応募</a> 電話</p>'
    )


def test_deleted_text_is_empty(signed_in, demo_site):
    visitor = signed_in("ja")
    area = write_article(visitor, "空")
    area.press_sequentially("雨")
    area.press("Enter")
    area.press("Control+a")
    area.press("Delete")
    assert save_and_read(visitor, demo_site) == ""


def test_opening_form_changes_nothing(signed_in, demo_site):
    """HTML that the editor would write differently is not changed before an edit."""
    visitor = signed_in("ja")
    visitor.open("/admin/articles/article/")
    visitor.open(visitor.page.locator("#result_list tbody th a").first.get_attribute("href"))
    changed = "fields => fields.filter(field => field.value !== field.defaultValue).map(f => f.id)"
    visitor.page.locator("#id_text_ja_area").wait_for()
    assert visitor.page.locator(".ProseMirror").count() == 2
    assert visitor.page.eval_on_selector_all("textarea", changed) == []


# --- Accessibility and languages ---------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "ja"])
def test_editor_labels_in_account_language(signed_in, language):
    visitor = signed_in(language)
    page = visitor.page
    visitor.open("/admin/roles/role/add/")
    page.locator("#id_closing_ja_area").wait_for()
    texts = page.locator("textarea[data-rich-text]")
    assert texts.count() == page.locator(".ProseMirror").count() == 12
    names = {
        "en": ["Duties (English)", "Duties (Japanese)"],
        "ja": ["主な業務（英語）", "主な業務（日本語）"],
    }
    for name, side in zip(names[language], ("en", "ja"), strict=True):
        area = page.get_by_role("textbox", name=re.compile(re.escape(name)))
        assert area.get_attribute("id") == f"id_duties_{side}_area"
        assert area.get_attribute("lang") == side
        toolbar = page.locator(f"[role=toolbar][aria-controls=id_duties_{side}_area]")
        assert name in toolbar.get_attribute("aria-label")
        buttons = [each.get_attribute("aria-label") for each in toolbar.get_by_role("button").all()]
        assert buttons == TOOLS[language].split("|")
    page.locator("#id_duties_ja_area").click()
    page.keyboard.type("雨")
    assert (visitor.console_messages, visitor.foreign_requests) == ([], [])
    assert violations(page) == []


def test_toolbar_is_one_tab_stop(signed_in):
    visitor = signed_in("en")
    visitor.open("/admin/articles/article/add/")
    press = visitor.page.keyboard.press
    focused = "() => document.activeElement.ariaLabel || document.activeElement.id"
    visitor.page.locator("#id_text_ja_area").focus()
    press("Shift+Tab")
    steps = [visitor.page.evaluate(focused)]
    for key in ("ArrowRight", "End", "ArrowRight", "ArrowLeft", "Home", "Tab"):
        press(key)
        steps.append(visitor.page.evaluate(focused))
    assert steps == ["Bold", "Italic", "Redo", "Bold", "Redo", "Bold", "id_text_ja_area"]


def test_label_and_link_focus_editor(signed_in):
    visitor = signed_in("en")
    visitor.open("/admin/articles/article/add/#id_text_en")
    visitor.page.locator("#id_text_en_area:focus").wait_for()
    visitor.page.evaluate("location.hash = '#id_text_ja'")
    visitor.page.locator("#id_text_ja_area:focus").wait_for()
    visitor.page.click("label[for=id_text_en]")
    visitor.page.locator("#id_text_en_area:focus").wait_for()
    visitor.page.click("label[for=id_text_ja]")
    visitor.page.locator("#id_text_ja_area:focus").wait_for()


def test_added_row_gets_editor(signed_in):
    """No inline has rich text yet, so the test marks a field of an empty inline form."""
    visitor = signed_in("en")
    page = visitor.page
    mark = """() => {
      document.querySelector("#id_conditions-__prefix__-text_ja").dataset.richText = "";
    }"""
    visitor.open("/admin/roles/role/add/")
    page.evaluate(mark)
    page.click("#conditions-group .add-row a")
    page.locator("#id_conditions-0-text_ja_area").press_sequentially("雨")
    assert page.locator("#id_conditions-0-text_ja").input_value() == "<p>雨</p>"
    assert page.locator(".prose-editor #id_conditions-__prefix__-text_ja").count() == 0


def test_textarea_without_javascript(signed_in, demo_site):
    visitor = signed_in("ja", java_script_enabled=False)
    page = visitor.page
    visitor.open("/admin/articles/article/add/")
    page.fill("[name=title_ja]", "素")
    page.fill("[name=text_ja]", '雨を<strong onclick="x">読む</strong><script>alert(1)</script>')
    assert save_and_read(visitor, demo_site) == "雨を<strong>読む</strong>"
