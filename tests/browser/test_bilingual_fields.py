"""Bilingual fields: character counts, copying, one language or both, outdated translations."""

import pytest

from tests.browser.conftest import save
from tests.components import site

pytestmark = pytest.mark.browser


@pytest.fixture
def form(signed_in, demo_site):
    """The form of a draft in Japanese only, opened by a recruiter."""

    def open_form(language="en", **device):
        output = site.shell(
            demo_site[1],
            "from careers.roles.models import Role, Department\n"
            "n = Role.objects.count()\n"
            "role = Role.objects.create(title_ja='雨のエンジニア', summary_ja='雨を読む仕事です。',"
            " duties_ja='<p>雨を読みます。</p>', reference_id=f'SIDE-{n}',"
            " department=Department.objects.first())\n"
            "print(role.pk)",
        )
        visitor = signed_in(language, **device)
        visitor.path = f"/admin/roles/role/{output.strip()}/change/"
        visitor.open(visitor.path)
        return visitor

    return open_form


def test_outdated_translation_marked_and_resolved(form, demo_site):
    visitor = form()
    page = visitor.page
    page.check("[name=publish_ja]")
    save(page)
    page.fill("[name=title_en]", "Rain engineer")
    page.fill("[name=summary_en]", "Reads the rain.")
    page.evaluate("document.querySelector('[name=duties_en]').value = '<p>Read the rain.</p>'")
    save(page)
    page.fill("[name=title_en]", "Storm engineer")
    save(page)
    stale_note = page.locator(".fieldBox.field-title_ja .stale-note")
    assert "The English was changed on" in stale_note.inner_text()
    stale_note.locator("summary").click()
    assert stale_note.locator("del").inner_text() == "Rain"
    assert stale_note.locator("ins").inner_text() == "Storm"
    visitor.open("/admin/translations/")
    page.click(f"table.status-board >> a[href='{visitor.path}#id_title_ja']")
    assert page.url.endswith(f"{visitor.path}#id_title_ja")
    page.check("text=This text is still correct")
    save(page)
    assert page.locator(".stale-note").count() == 0
    visitor.open("/admin/translations/")
    assert page.locator(f"table.status-board a[href^='{visitor.path}']").count() == 0


def test_character_count_of_graphemes(form):
    page = form().page
    count = page.locator(".fieldBox.field-title_ja .character-count")
    page.fill("[name=title_ja]", "👩‍💻が𠮷野家で")
    assert count.inner_text() == "6 / 32"
    page.fill("[name=title_ja]", "あ" * 33)
    assert count.inner_text() == "33 / 32"
    assert "over-limit" in count.get_attribute("class")


def test_character_count_waits_for_composition(form):
    page = form().page
    count = page.locator(".fieldBox.field-title_ja .character-count")
    before = count.inner_text()
    typing = """composing => {
        const input = document.querySelector("[name=title_ja]");
        input.value = "あめ";
        input.dispatchEvent(new InputEvent("input", { isComposing: composing, bubbles: true }));
    }"""
    page.evaluate(typing, True)
    assert count.inner_text() == before
    page.evaluate(typing, False)
    assert count.inner_text() == "2 / 32"


def test_copy_button_asks_before_replacing(form):
    page = form().page
    copy = page.locator(".fieldBox.field-title_en .copy-button")
    copy.click()  # the field is empty: no question
    assert page.input_value("[name=title_en]") == "雨のエンジニア"
    page.fill("[name=title_en]", "Mine")
    messages = []
    page.once("dialog", lambda dialog: (messages.append(dialog.message), dialog.dismiss()))
    copy.click()
    assert messages == ["Replace what is written here?"]
    assert page.input_value("[name=title_en]") == "Mine"
    page.once("dialog", lambda dialog: dialog.accept())
    copy.click()
    assert page.input_value("[name=title_en]") == "雨のエンジニア"


def test_layout_switch_keeps_typed_text(form):
    visitor = form()
    page = visitor.page
    page.fill("[name=title_en]", "Typed and not saved")
    with page.expect_request("**/admin/layout/"):
        page.click("form.language-layout >> text=日本語 >> nth=-1")
    assert not page.is_visible("[name=title_en]")
    assert page.is_visible("[name=title_ja]")
    with page.expect_response("**/admin/layout/"):
        page.click("form.language-layout >> text='EN｜日本語'")
    assert page.input_value("[name=title_en]") == "Typed and not saved"
    with page.expect_response("**/admin/layout/"):
        page.click("form.language-layout >> text='EN'")
    visitor.open(visitor.path)
    assert not page.is_visible("[name=title_ja]")
    with page.expect_response("**/admin/layout/"):
        page.click("form.language-layout >> text='EN｜日本語'")


def test_missing_translation_links_field(form):
    page = form().page
    page.check("[name=publish_en]")
    save(page)
    link = page.locator(".errorlist a", has_text="Title (English)").first
    link.click()
    assert page.url.endswith("#id_title_en")


def test_languages_stacked_on_phone(form):
    visitor = form()
    visitor.page.set_viewport_size({"width": 390, "height": 800})
    boxes = [visitor.page.locator(f"[name=title_{code}]").bounding_box() for code in ("en", "ja")]
    assert boxes[0]["y"] < boxes[1]["y"]
    visitor.page.set_viewport_size({"width": 1280, "height": 800})
    boxes = [visitor.page.locator(f"[name=title_{code}]").bounding_box() for code in ("en", "ja")]
    assert boxes[0]["x"] < boxes[1]["x"]


def test_bilingual_form_without_javascript(form):
    visitor = form(java_script_enabled=False)
    page = visitor.page
    page.fill("[name=title_en]", "Rain engineer")
    page.fill("[name=duties_en]", "Read the rain.")
    save(page)
    assert page.input_value("[name=title_en]") == "Rain engineer"
    assert page.locator(".field-tools").first.is_hidden()


# Targets of links to a form: fields of every kind, sections, rows, and a section after the form.
LINK_TARGETS = (
    "id_title_ja",
    "id_summary_en",
    "id_duties_ja",
    "id_closing_en",
    "id_reference_id",
    "id_department",
    "id_workplace",
    "id_pay_min",
    "id_publish_ja",
    "id_opens_at_0",
    "id_closes_on",
    "id_slug",
    "id_conditions-0-kind",
    "id_conditions-0-text_ja",
    "fieldset-0-2-heading",
    "conditions-heading",
    "share-links",
)
# The top and bottom of the target of a link, with the label of a field, and of the bars that cover the form.
POSITIONS = """id => {
  const box = (element) => element.getBoundingClientRect();
  const target = document.getElementById(`${id}_area`) ?? document.getElementById(id);
  const label = document.querySelector(`label[for="${id}"]`) ?? target;
  const bars = [...document.querySelectorAll(".form-header, .save-bar")]
    .filter((bar) => getComputedStyle(bar).position === "sticky")
    .map((bar) => [box(bar).top, box(bar).bottom]);
  return [Math.min(box(label).top, box(target).top), box(target).bottom, bars];
}"""


@pytest.mark.parametrize(("width", "height"), [(1280, 900), (1280, 600), (390, 844)])
def test_link_to_a_field_puts_it_in_view(width, height, form, demo_site):
    """Neither the header nor the save bar covers the field and its label: from another page, and within."""
    visitor = form()
    page = visitor.page
    pk = visitor.path.split("/")[-3]
    site.shell(
        demo_site[1],
        "from careers.roles.models import RoleCondition\n"
        f"RoleCondition.objects.create(role_id={pk}, kind='hours', text_ja='9:00～18:00')",
    )
    page.set_viewport_size({"width": width, "height": height})

    def is_in_view(target):
        page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50)))")
        top, bottom, bars = page.evaluate(POSITIONS, target)
        covered = [bar for bar in bars if bar[0] < bottom and top < bar[1]]
        return top >= 0 and bottom <= height and covered == []

    for target in ("id_title_ja", "id_duties_ja", "id_opens_at_0"):
        page.goto("about:blank")
        visitor.open(f"{visitor.path}#{target}")
        assert is_in_view(target), target
    hidden = []
    for target in LINK_TARGETS:
        for start in (0, 1_000_000):
            page.evaluate("top => { location.hash = ''; scrollTo(0, top) }", start)
            page.evaluate("id => { location.hash = id }", target)
            if not is_in_view(target):
                hidden.append((target, start))
    assert hidden == []


@pytest.mark.parametrize(("width", "height"), [(1280, 900), (390, 844)])
def test_typing_in_an_editor_stays_above_the_save_bar(width, height, form):
    page = form().page
    page.set_viewport_size({"width": width, "height": height})
    page.click("#id_duties_ja_area")
    page.keyboard.press("Control+End")
    for _ in range(30):
        page.keyboard.press("Enter")
    page.keyboard.type("x")
    bottom, bar = page.evaluate(
        "() => [getSelection().getRangeAt(0).getBoundingClientRect().bottom,"
        " document.querySelector('.save-bar').getBoundingClientRect().top]"
    )
    assert bottom <= bar
