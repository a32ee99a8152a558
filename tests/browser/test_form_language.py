"""The application form in a browser: nothing that was typed or chosen is lost by switching the language,
by leaving the page and going back, or by sending it once more. Buttons and links show their focus."""

import pytest

from careers.company.theme import text_color
from tests.browser.accessibility import violations
from tests.browser.conftest import backdate_token
from tests.browser.test_apply import (
    ONE_MORE_STEP,
    PERSON,
    RECEIVED,
    SEND,
    attachment_names,
    heading,
    send,
)
from tests.browser.test_personas import rows

pytestmark = pytest.mark.browser

SWITCH = "header button[name=switch_language]"
TYPED = {"message": "雨が\n好きです。", "start": "April", "resume_text": "", "links": "example.com"}
BRANDS = ["#ff9a26", "#111111", "#fdfdf5", "#ffffff", "#0a7d4f", "#1e3a8a", "#d4d4d8", "#e11d48"]

each_script = pytest.mark.parametrize("script", [True, False], ids=["script", "page"])


@pytest.fixture
def resume(tmp_path):
    path = tmp_path / "履歴書_プログラマー.txt"
    path.write_text("雲を読む仕事を十年。", "utf-8")
    return path


def fill(page, language, email, resume):
    """Fill in everything; the values by name."""
    values = {**TYPED, **PERSON[language], "email": email}
    for name, text in values.items():
        page.fill(f"[name={name}]", text)
    page.set_input_files("[name=resume]", resume)
    page.check("[name=eligibility][value=support]")
    page.check("[name=agree]")
    return values


def assert_kept(page, values):
    assert {name: page.input_value(f"[name={name}]") for name in values} == values
    assert page.is_checked("[name=eligibility][value=support]") and page.is_checked("[name=agree]")


def switch(page):
    """Press the language switcher with the keyboard, as the link in its place."""
    page.focus(SWITCH)
    with page.expect_navigation():
        page.keyboard.press("Enter")


@each_script
@pytest.mark.parametrize("language", ["en", "ja"])
def test_switch_language_keeps_form(visit, form, demo_site, resume, language, script):
    """There and back, then sent: one application with its file."""
    visitor = visit(390, java_script_enabled=script)
    page = visitor.page
    visitor.open(form(language))
    email = f"switch-{language}-{script}@example.org"
    values = fill(page, language, email, resume)
    switch(page)
    other = {"en": "ja", "ja": "en"}[language]
    assert page.url.endswith(form(other))
    assert page.get_attribute("html", "lang") == other
    assert_kept(page, values)
    assert page.inner_text(".pending-upload span") == resume.name
    assert page.locator("#error-summary, .error, .invalid").count() == 0
    if script:
        assert violations(page) == []
    page.fill("[name=start]", "May")
    switch(page)
    assert page.url.endswith(form(language))
    assert_kept(page, {**values, "start": "May"})
    assert page.inner_text(".pending-upload span") == resume.name
    if script:
        backdate_token(page, demo_site)
    send(page)
    assert heading(page) == (RECEIVED if script else ONE_MORE_STEP)[language]
    assert attachment_names(demo_site, email) == [resume.name]
    assert [text for text in visitor.console_messages if "status of" not in text] == []


@each_script
def test_enter_in_a_field_sends_the_form(visit, form, script):
    """It does not press the language switcher, which comes before the form in the page."""
    visitor = visit(1280, java_script_enabled=script)
    page = visitor.page
    visitor.open(form("en"))
    page.press("[name=email]", "Enter")
    page.locator("#error-summary").wait_for()
    assert page.url.partition("?")[0].endswith(form("en"))


@each_script
def test_back_to_form_restores_everything(visit, form, resume, script):
    """Also after switching the language, with later changes; the privacy notice opens in a tab of its own."""
    visitor = visit(1280, java_script_enabled=script)
    page = visitor.page
    visitor.open(form("en"))
    values = fill(page, "en", "back@example.org", resume)
    with page.context.expect_page() as opened:
        page.click(".checkbox a")
    opened.value.close()
    for link in (".site-name", ".menu a", "main .action-link", "footer a"):
        page.locator(link).first.click()
        page.wait_for_load_state()
        page.go_back()
        assert_kept(page, values)
    switch(page)
    page.fill("[name=start]", "June")
    page.locator("main .action-link").first.click()
    page.wait_for_load_state()
    page.go_back()
    assert_kept(page, {**values, "start": "June"})
    assert page.inner_text(".pending-upload span") == resume.name


def test_switch_reports_large_file_before_sending(visit, form, tmp_path):
    """A proxy would refuse it, and everything that was typed with it."""
    visitor = visit(390)
    page = visitor.page
    visitor.open(form("en"))
    large_file = tmp_path / "large.pdf"
    with large_file.open("wb") as file:
        file.truncate(10 * 1024 * 1024 + 1)
    page.fill("[name=message]", "Rain")
    page.set_input_files("[name=resume]", large_file)
    page.click(SWITCH)
    page.locator("#error-summary").wait_for()
    assert page.inner_text("#error-summary a").startswith("Résumé: Please choose a file of up to")
    assert page.url.endswith(form("en")) and page.input_value("[name=message]") == "Rain"


@each_script
@pytest.mark.parametrize("language", ["en", "ja"])
def test_form_sent_again_after_back_asks(visit, form, demo_site, resume, language, script):
    """The page names the first one, keeps values and file, and sends the corrected one on request."""
    visitor = visit(390, java_script_enabled=script)
    page = visitor.page
    visitor.open(form(language))
    email = f"again-{language}-{script}@example.org"
    fill(page, language, email, resume)
    if script:
        page.wait_for_function("document.querySelector('[name=solution]').value")
        backdate_token(page, demo_site)
    send(page)
    page.go_back()
    page.fill("[name=message]", "Corrected.")
    page.set_input_files("[name=resume]", [])
    if script:
        backdate_token(page, demo_site)
    send(page)
    section = page.locator("#already-sent")
    ((reference,),) = rows(
        demo_site, "SELECT reference FROM applications_application WHERE email = ?", email
    )
    assert f"{reference[:4]}-{reference[4:]}" in section.inner_text()
    assert page.input_value("[name=message]") == "Corrected."
    assert page.inner_text(".pending-upload span") == resume.name
    assert page.locator("#error-summary").count() == 0
    if script:
        assert violations(page) == []
        page.wait_for_function("document.querySelector('[name=solution]').value")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    with page.expect_navigation():
        section.locator("button").click()
    assert heading(page) == (RECEIVED if script else ONE_MORE_STEP)[language]
    assert attachment_names(demo_site, email) == [resume.name] * 2
    assert [text for text in visitor.console_messages if "status of" not in text] == []


# For each element that the Tab key reaches: its ring, and the color of the surface on which the ring lies.
# A ring with a negative offset lies on the element itself. Colors of any notation are converted by a canvas.
FOCUS_RINGS = """() => {
  const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgb = (color) => {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = color;
    context.fillRect(0, 0, 1, 1);
    return [...context.getImageData(0, 0, 1, 1).data];
  };
  const surface = (element) => {
    for (let node = element; node; node = node.parentElement) {
      const color = rgb(getComputedStyle(node).backgroundColor);
      if (color[3] === 255) return color;
    }
    return null;
  };
  const luminance = (color) => {
    const [r, g, b] = color.map((value) => value / 255)
      .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const results = [];
  const selector = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='-1'][role]";
  for (const element of document.querySelectorAll(selector)) {
    if (!element.checkVisibility() || element.closest(".honeypot") || element.matches(".default-button")) continue;
    element.focus({ focusVisible: true });
    if (document.activeElement !== element) continue;
    let style = getComputedStyle(element);
    if (style.outlineStyle === "none") style = getComputedStyle(element, "::after");
    const width = parseFloat(style.outlineWidth);
    const inside = parseFloat(style.outlineOffset) <= -width;
    const below = surface(inside ? element : element.parentElement);
    const [light, dark] = [luminance(rgb(style.outlineColor)), luminance(below)].sort((a, b) => b - a);
    results.push({
      name: `${element.tagName} ${element.className} ${element.name ?? ""}`,
      width: style.outlineStyle === "none" ? 0 : width,
      contrast: (light + 0.05) / (dark + 0.05),
    });
  }
  return results;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_focus_ring_is_visible_on_every_surface(visit, form, scheme):
    """At least 3:1 against what the ring lies on, with any brand color (WCAG 2.2, 1.4.11 and 2.4.13)."""
    visitor = visit(1280, color_scheme=scheme)
    page = visitor.page
    role = form("en").removesuffix("apply/")
    names = set()
    for path in (
        "/en/",
        "/en/roles/",
        role,
        "/ja/hiring/",
        "/en/working-here/",
        "/en/nope/",
        form("ja"),
    ):
        visitor.open(path)
        if path == form("ja"):
            page.click(SEND)
            page.locator("#error-summary").wait_for()
        page.keyboard.press("Tab")
        for brand in BRANDS:
            page.evaluate(
                """([brand, text]) => {
                    document.documentElement.style.setProperty("--brand", brand);
                    document.documentElement.style.setProperty("--on-brand", text);
                }""",
                [brand, text_color(brand)],
            )
            rings = page.evaluate(FOCUS_RINGS)
            assert len(rings) > 8, path
            names |= {ring["name"].split(" ")[0] for ring in rings}
            weak = [ring for ring in rings if ring["width"] < 2 or ring["contrast"] < 3]
            assert weak == [], (path, brand)
    assert names >= {"A", "BUTTON", "INPUT", "SELECT", "TEXTAREA", "SUMMARY"}
