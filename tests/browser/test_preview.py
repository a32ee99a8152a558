"""The live preview beside a form, of both languages and unsaved; and share links."""

import re

import pytest

from tests.browser.accessibility import violations, violations_on_devices
from tests.components import site

pytestmark = pytest.mark.browser

REQUEST = re.compile(r"/preview/(en|ja)/$")


@pytest.fixture
def form(signed_in, demo_site):
    """The form of a draft in both languages; with `is_open`, the preview beside it."""

    def open_form(language="en", *, is_open=True, **device):
        output = site.shell(
            demo_site[1],
            "from careers.roles.models import Role, Department\n"
            "role = Role.objects.create(title_en='Rain engineer', title_ja='雨のエンジニア',"
            " summary_en='Reads the rain.', summary_ja='雨を読む仕事です。',"
            " duties_en='<p>Read the rain.</p>', duties_ja='<p>雨を読みます。</p>',"
            " reference_id=f'PREVIEW-{Role.objects.count()}',"
            " department=Department.objects.first())\n"
            "print(role.pk)",
        )
        visitor = signed_in(language, **device)
        visitor.path = f"/admin/roles/role/{output.strip()}/change/"
        visitor.open(visitor.path)
        if is_open:
            visitor.page.click("#preview-toggle")
            heading(visitor.page, "en").wait_for()
            heading(visitor.page, "ja").wait_for()
        return visitor

    return open_form


def frame(page, language):
    return page.frame_locator(f"[data-language={language}] iframe")


def heading(page, language):
    return frame(page, language).locator("h1")


def wait_for_text(page, language, text):
    """Wait until the page in the frame has a text."""
    frame(page, language).get_by_text(text, exact=True).first.wait_for()


def assert_silent(visitor):
    assert (visitor.console_messages, visitor.foreign_requests) == ([], [])


def test_preview_shows_unsaved_text(form, demo_site):
    visitor = form()
    page = visitor.page
    page.fill("[name=title_en]", "Storm engineer")
    page.fill("[name=title_ja]", "嵐のエンジニア")
    wait_for_text(page, "en", "Storm engineer")
    wait_for_text(page, "ja", "嵐のエンジニア")
    page.fill(".fieldBox.field-duties_en .ProseMirror", "Read the storm.")
    wait_for_text(page, "en", "Read the storm.")
    page.click("text=Add another Place of the role")
    page.select_option("[name=role_locations-0-location]", index=1)
    place = page.locator("[name=role_locations-0-location] option:checked").inner_text()
    wait_for_text(page, "en", place)
    assert_silent(visitor)
    visitor.open(visitor.path)
    assert page.input_value("[name=title_en]") == "Rain engineer"
    visitor.page.goto(f"{demo_site[0]}/en/roles/")
    assert "Storm engineer" not in page.content()


def test_preview_keeps_scroll_position_and_focus(form):
    page = form().page
    preview_frame = page.locator("[data-language=en] iframe").element_handle().content_frame()
    preview_frame.evaluate("document.documentElement.scrollTop = 120; window.mine = 1")
    page.fill("[name=summary_en]", "Reads every drop.")
    wait_for_text(page, "en", "Reads every drop.")
    assert preview_frame.evaluate("[document.documentElement.scrollTop, window.mine]") == [120, 1]
    assert page.evaluate("document.activeElement.name") == "summary_en"


def test_preview_requests_per_language(form):
    page = form().page
    requests = []
    page.on(
        "request", lambda request: requests.append(request) if REQUEST.search(request.url) else 0
    )
    page.click("[name=title_en]")
    page.keyboard.type("abcdef", delay=20)
    wait_for_text(page, "en", page.input_value("[name=title_en]"))
    page.wait_for_timeout(600)
    assert sorted(REQUEST.search(request.url)[1] for request in requests) == ["en", "ja"]
    requests.clear()
    compose = """kind => document.querySelector("[name=title_ja]").dispatchEvent(
        new CompositionEvent(kind, { bubbles: true }))"""
    page.evaluate(compose, "compositionstart")
    page.fill("[name=title_ja]", "あめ")
    page.wait_for_timeout(700)
    assert requests == []
    page.evaluate(compose, "compositionend")
    wait_for_text(page, "ja", "あめ")


def test_preview_shows_date_from_calendar(form):
    page = form().page
    page.click(".fieldBox.field-closes_on .datetimeshortcuts >> text='Today'")
    wait_for_text(page, "en", "Last day to apply")


def test_preview_sends_no_files(form):
    page = form().page
    page.evaluate("""() => {
        const input = Object.assign(document.createElement("input"), { type: "file", name: "cv" });
        const files = new DataTransfer();
        files.items.add(new File(["secret"], "cv.txt"));
        input.files = files.files;
        document.getElementById("role_form").append(input);
    }""")
    with page.expect_request(lambda request: REQUEST.search(request.url)) as preview_request:
        page.fill("[name=title_en]", "With a file")
    assert "With+a+file" in preview_request.value.post_data
    assert "secret" not in preview_request.value.post_data


def test_preview_widths(form):
    page = form().page
    frames = [page.locator(f"[data-language={code}] iframe") for code in ("en", "ja")]
    width = "innerWidth"

    def frame_widths():
        return [iframe.element_handle().content_frame().evaluate(width) for iframe in frames]

    left_box, right_box = (iframe.bounding_box() for iframe in frames)
    assert frame_widths() == [390, 390]
    assert left_box["x"] < right_box["x"] and left_box["y"] == right_box["y"]
    page.click("#preview >> text=Desktop")
    first_box, second_box = (iframe.bounding_box() for iframe in frames)
    assert frame_widths() == [1280, 1280]
    assert first_box["x"] == second_box["x"] and first_box["y"] < second_box["y"]
    panel = page.locator("#preview").bounding_box()
    assert first_box["x"] >= panel["x"] and first_box["width"] <= panel["width"]
    # One language uses the whole panel.
    with page.expect_response("**/admin/layout/"):
        page.click("form.language-layout >> text='EN'")
    assert frames[0].bounding_box()["height"] > 1.8 * first_box["height"]
    assert not frames[1].is_visible()
    with page.expect_response("**/admin/layout/"):
        page.click("form.language-layout >> text='EN｜日本語'")


def test_preview_links_are_inactive(form):
    visitor = form()
    page = visitor.page
    frame(page, "en").locator(".menu a").first.click()
    frame(page, "en").locator(".menu a").first.click(button="middle")
    page.fill("[name=title_en]", "Still here")
    wait_for_text(page, "en", "Still here")
    frame(page, "en").locator(".menu a").first.click()
    page.wait_for_timeout(200)
    assert heading(page, "en").inner_text() == "Still here"
    assert page.url.endswith(visitor.path)
    assert len(page.context.pages) == 1
    assert_silent(visitor)


def test_preview_names_missing_fields(form):
    visitor = form()
    page = visitor.page
    visitor.open("/admin/roles/role/add/")
    page.locator("#preview .problem", has_text="please choose: Department.").wait_for()
    page.select_option("[name=department]", index=1)
    heading(page, "en").wait_for(state="attached")
    assert not page.is_visible("#preview .problem")


def test_preview_failure_shows_message(form):
    page = form().page
    page.context.clear_cookies()
    page.fill("[name=title_en]", "Signed out")
    page.locator("#preview .problem", has_text="save your work and reload").wait_for()
    assert page.input_value("[name=title_en]") == "Signed out"


def test_preview_stays_open_without_focus(form):
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


def test_preview_on_phone_closes_with_escape(form):
    visitor = form(is_open=False)
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
    assert not page.is_visible("#preview")  # on a phone it would cover the form


def test_preview_without_javascript(form):
    page = form(is_open=False, java_script_enabled=False).page
    assert not page.is_visible("#preview-toggle")
    page.fill("[name=title_ja]", "嵐")
    with page.context.expect_page() as new_page:
        page.click("text=Preview in Japanese")
    assert new_page.value.locator("h1").inner_text() == "嵐"
    assert page.input_value("[name=title_ja]") == "嵐"


@pytest.mark.parametrize("language", ["en", "ja"])
def test_preview_is_accessible(form, language):
    visitor = form(language)
    page = visitor.page
    page.click("#share-links form >> nth=-1 >> button")
    page.locator("#new-link").wait_for()
    assert_silent(visitor)  # axe itself writes to the console
    faults = violations_on_devices(page, contrast=language == "ja")
    page.set_viewport_size({"width": 390, "height": 844})
    page.click("#preview-toggle")
    faults += violations(page)
    assert not faults, "\n".join(faults)


def test_share_link_created_opened_and_revoked(form, visit, demo_site):
    visitor = form(is_open=False)
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

    reader = visit(390)
    path = address.removeprefix(demo_site[0])
    for _language in ("en", "ja"):
        reader.open(path)
        faults = [*violations(reader.page)]
        assert not faults, "\n".join(faults)
        assert reader.page.locator(".preview-note").is_visible()
        path = reader.page.locator(".language-switcher a").get_attribute("href")
    reader.open(path)
    assert reader.page.locator("h1").inner_text() == "Rain engineer"
    assert reader.page.context.cookies() == []

    page.click("#share-links summary")
    page.click("#share-links .confirm button")
    page.locator("#share-links li").wait_for(state="detached")
    assert page.input_value("[name=title_en]") == "Typed and not saved"
    reader.open(path)
    assert "This preview is no longer here" in reader.page.inner_text("h1")
    assert not [*violations(reader.page)]
    assert_silent(visitor)
