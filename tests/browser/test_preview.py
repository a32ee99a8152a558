"""The page beside its form: what is typed shows in both languages, unsaved; and links that share it."""

import re

import pytest

from tests.browser.accessibility import violations
from tests.browser.test_admin import violations_on_devices
from tests.components import site

pytestmark = pytest.mark.browser

REQUEST = re.compile(r"/preview/(en|ja)/$")


@pytest.fixture
def form(signed_in, served):
    """The form of a draft in both languages; with `opened`, the preview beside it."""

    def open_form(language="en", *, opened=True, **device):
        made = site.shell(
            served[1],
            "from careers.roles.models import Role, Department\n"
            "role = Role.objects.create(title_en='Rain engineer', title_ja='雨のエンジニア',"
            " summary_en='Reads the rain.', summary_ja='雨を読む仕事です。',"
            " duties_en='<p>Read the rain.</p>', duties_ja='<p>雨を読みます。</p>',"
            " reference_id=f'PREVIEW-{Role.objects.count()}',"
            " department=Department.objects.first())\n"
            "print(role.pk)",
        )
        visitor = signed_in(language, **device)
        visitor.path = f"/admin/roles/role/{made.strip()}/change/"
        visitor.open(visitor.path)
        if opened:
            visitor.page.click("#preview-toggle")
            heading(visitor.page, "en").wait_for()
            heading(visitor.page, "ja").wait_for()
        return visitor

    return open_form


def frame(page, language):
    return page.frame_locator(f"[data-language={language}] iframe")


def heading(page, language):
    return frame(page, language).locator("h1")


def see(page, language, text):
    """Wait until the page in the frame has a text."""
    frame(page, language).get_by_text(text, exact=True).first.wait_for()


def assert_silent(visitor):
    assert (visitor.said, visitor.elsewhere) == ([], [])


def test_what_is_typed_shows_in_both_languages_and_is_not_saved(form, served):
    visitor = form()
    page = visitor.page
    page.fill("[name=title_en]", "Storm engineer")
    page.fill("[name=title_ja]", "嵐のエンジニア")
    see(page, "en", "Storm engineer")
    see(page, "ja", "嵐のエンジニア")
    page.fill(".fieldBox.field-duties_en .ProseMirror", "Read the storm.")
    see(page, "en", "Read the storm.")
    page.click("text=Add another Place of the role")
    page.select_option("[name=role_locations-0-location]", index=1)
    place = page.locator("[name=role_locations-0-location] option:checked").inner_text()
    see(page, "en", place)
    assert_silent(visitor)
    visitor.open(visitor.path)
    assert page.input_value("[name=title_en]") == "Rain engineer"
    visitor.page.goto(f"{served[0]}/en/roles/")
    assert "Storm engineer" not in page.content()


def test_the_reader_stays_where_she_is(form):
    page = form().page
    inside = page.locator("[data-language=en] iframe").element_handle().content_frame()
    inside.evaluate("document.documentElement.scrollTop = 120; window.mine = 1")
    page.fill("[name=summary_en]", "Reads every drop.")
    see(page, "en", "Reads every drop.")
    assert inside.evaluate("[document.documentElement.scrollTop, window.mine]") == [120, 1]
    assert page.evaluate("document.activeElement.name") == "summary_en"


def test_one_request_for_each_language_and_none_while_composing(form):
    page = form().page
    asked = []
    page.on("request", lambda request: asked.append(request) if REQUEST.search(request.url) else 0)
    page.click("[name=title_en]")
    page.keyboard.type("abcdef", delay=20)
    see(page, "en", page.input_value("[name=title_en]"))
    page.wait_for_timeout(600)
    assert sorted(REQUEST.search(request.url)[1] for request in asked) == ["en", "ja"]
    asked.clear()
    compose = """kind => document.querySelector("[name=title_ja]").dispatchEvent(
        new CompositionEvent(kind, { bubbles: true }))"""
    page.evaluate(compose, "compositionstart")
    page.fill("[name=title_ja]", "あめ")
    page.wait_for_timeout(700)
    assert asked == []
    page.evaluate(compose, "compositionend")
    see(page, "ja", "あめ")


def test_a_date_from_the_calendar_shows_too(form):
    page = form().page
    page.click(".fieldBox.field-closes_on .datetimeshortcuts >> text='Today'")
    see(page, "en", "Last day to apply")


def test_chosen_files_stay_here(form):
    page = form().page
    page.evaluate("""() => {
        const input = Object.assign(document.createElement("input"), { type: "file", name: "cv" });
        const files = new DataTransfer();
        files.items.add(new File(["secret"], "cv.txt"));
        input.files = files.files;
        document.getElementById("role_form").append(input);
    }""")
    with page.expect_request(lambda request: REQUEST.search(request.url)) as asked:
        page.fill("[name=title_en]", "With a file")
    assert "With+a+file" in asked.value.post_data
    assert "secret" not in asked.value.post_data


def test_as_wide_as_a_phone_or_as_a_desktop(form):
    page = form().page
    frames = [page.locator(f"[data-language={code}] iframe") for code in ("en", "ja")]
    width = "innerWidth"

    def inside():
        return [one.element_handle().content_frame().evaluate(width) for one in frames]

    left, right = (one.bounding_box() for one in frames)
    assert inside() == [390, 390]
    assert left["x"] < right["x"] and left["y"] == right["y"]
    page.click("#preview >> text=Desktop")
    above, below = (one.bounding_box() for one in frames)
    assert inside() == [1280, 1280]
    assert above["x"] == below["x"] and above["y"] < below["y"]
    panel = page.locator("#preview").bounding_box()
    assert above["x"] >= panel["x"] and above["width"] <= panel["width"]
    # In the place of two, one language has the whole panel.
    with page.expect_response("**/admin/layout/"):
        page.click("form.language-layout >> text='EN'")
    assert frames[0].bounding_box()["height"] > 1.8 * above["height"]
    assert not frames[1].is_visible()
    with page.expect_response("**/admin/layout/"):
        page.click("form.language-layout >> text='EN｜日本語'")


def test_nothing_in_the_frame_leads_away(form):
    visitor = form()
    page = visitor.page
    frame(page, "en").locator(".menu a").first.click()
    frame(page, "en").locator(".menu a").first.click(button="middle")
    page.fill("[name=title_en]", "Still here")
    see(page, "en", "Still here")
    frame(page, "en").locator(".menu a").first.click()
    page.wait_for_timeout(200)
    assert heading(page, "en").inner_text() == "Still here"
    assert page.url.endswith(visitor.path)
    assert len(page.context.pages) == 1
    assert_silent(visitor)


def test_what_is_missing_is_said(form):
    visitor = form()
    page = visitor.page
    visitor.open("/admin/roles/role/add/")
    page.locator("#preview .problem", has_text="please choose: Department.").wait_for()
    page.select_option("[name=department]", index=1)
    heading(page, "en").wait_for(state="attached")
    assert not page.is_visible("#preview .problem")


def test_a_preview_that_fails_says_what_to_do(form):
    page = form().page
    page.context.clear_cookies()
    page.fill("[name=title_en]", "Signed out")
    page.locator("#preview .problem", has_text="save your work and reload").wait_for()
    assert page.input_value("[name=title_en]") == "Signed out"


def test_it_stays_open_from_form_to_form_without_taking_the_focus(form):
    visitor = form()
    page = visitor.page
    assert page.get_attribute("#preview-toggle", "aria-expanded") == "true"
    visitor.open("/admin/roles/role/add/")
    assert page.is_visible("#preview")
    assert page.evaluate("!document.getElementById('preview').contains(document.activeElement)")
    page.locator("#preview .problem", has_text="please choose").wait_for()
    page.click("#preview >> text=Close")
    assert page.evaluate("document.activeElement.id") == "preview-toggle"
    page.locator("#preview-toggle[aria-expanded=false]").wait_for()
    visitor.open(visitor.path)
    assert not page.is_visible("#preview")


def test_on_a_phone_it_is_a_sheet_that_escape_closes(form):
    visitor = form(opened=False)
    page = visitor.page
    page.set_viewport_size({"width": 390, "height": 800})
    page.click("#preview-toggle")
    heading(page, "ja").wait_for()
    assert page.locator("#preview").bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 800}
    page.keyboard.press("Escape")
    assert not page.is_visible("#preview")
    assert page.evaluate("document.activeElement.id") == "preview-toggle"
    page.locator("#preview-toggle[aria-expanded=false]").wait_for()
    visitor.open(visitor.path)
    assert not page.is_visible("#preview")  # it would cover the form


def test_without_javascript_it_opens_in_a_tab(form):
    page = form(opened=False, java_script_enabled=False).page
    assert not page.is_visible("#preview-toggle")
    page.fill("[name=title_ja]", "嵐")
    with page.context.expect_page() as opened:
        page.click("text=Preview in Japanese")
    assert opened.value.locator("h1").inner_text() == "嵐"
    assert page.input_value("[name=title_ja]") == "嵐"


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_form_with_its_preview_is_accessible(form, language):
    visitor = form(language)
    page = visitor.page
    page.click("#share-links form >> nth=-1 >> button")
    page.locator("#new-link").wait_for()
    assert_silent(visitor)  # axe itself is not
    faults = violations_on_devices(page)
    page.set_viewport_size({"width": 390, "height": 844})
    page.click("#preview-toggle")
    faults += violations(page)
    assert not faults, "\n".join(faults)


def test_a_link_is_made_followed_and_revoked_without_losing_what_is_typed(form, visit, served):
    visitor = form(opened=False)
    page = visitor.page
    page.fill("[name=title_en]", "Typed and not saved")
    page.click("text=Make a link")
    address = page.locator("#new-link").input_value()
    assert page.evaluate("document.activeElement.id") == "new-link"
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.click("#share-links >> text='Copy'")
    page.locator("#share-links .problem", has_text="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == address
    assert page.input_value("[name=title_en]") == "Typed and not saved"

    friend = visit(390)
    path = address.removeprefix(served[0])
    for _language in ("en", "ja"):
        friend.open(path)
        faults = [*violations(friend.page)]
        assert not faults, "\n".join(faults)
        assert friend.page.locator(".preview-note").is_visible()
        path = friend.page.locator(".language-switcher a").get_attribute("href")
    friend.open(path)
    assert friend.page.locator("h1").inner_text() == "Rain engineer"
    assert friend.page.context.cookies() == []

    page.click("#share-links >> text='Revoke'")
    page.locator("#share-links li").wait_for(state="detached")
    assert page.input_value("[name=title_en]") == "Typed and not saved"
    friend.open(path)
    assert "This preview is no longer here" in friend.page.inner_text("h1")
    assert not [*violations(friend.page)]
    assert_silent(visitor)
