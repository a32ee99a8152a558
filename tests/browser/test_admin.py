"""Every kind of page in the admin, in both languages of an account, under the policy of production."""

import pytest

from tests.browser.accessibility import violations
from tests.browser.conftest import published, save
from tests.components import site

pytestmark = [pytest.mark.browser, pytest.mark.runs_first]

RECORDS = {
    "roles": ("role", "department", "location"),
    "application_forms": ("applicationform", "questionset"),
    "articles": ("article",),
    "company": ("company", "perk", "value", "hiringstep", "testimonial", "video", "policy"),
    "staff": ("user",),
    "outbox": ("email",),
}


def pages(visitor):
    """Every kind of page: lists, forms to add, forms of the first record with its history.

    The visitor opens each before asking for the next, so that a list tells its first record.
    """
    yield "/admin/"
    yield "/admin/translations/"
    yield "/admin/translations/?all=1"
    yield "/admin/roles/role/?q=nothing-has-this-name"
    for room, models in RECORDS.items():
        yield f"/admin/{room}/"
        for model in models:
            start = f"/admin/{room}/{model}/"
            yield start
            if model == "company":
                continue
            first = visitor.page.locator("#result_list tbody th a").first.get_attribute("href")
            yield first
            yield first.replace("change/", "history/")
            if model == "email":
                continue  # nobody writes or deletes one
            yield first.replace("change/", "delete/")
            yield f"{start}add/"


# As a laptop by day, and as a phone by night.
DEVICES = (({"width": 1280, "height": 900}, "light"), ({"width": 390, "height": 844}, "dark"))


@pytest.fixture
def letters(served):
    """A letter that waits, and one that could not be delivered."""
    queue = (
        "from careers.outbox.models import Email\n"
        "for state in ('waiting', 'failed'):\n"
        "    letter = Email.objects.queue(recipient='hana@example.org', language='ja',"
        " subject='採用管理画面へのご招待', body='https://careers.example.com/invitation/')\n"
        "    letter.state, letter.failure = state, 'recipient' if state == 'failed' else ''\n"
        "    letter.save()"
    )
    site.shell(served[1], queue)


def violations_on_devices(page):
    """What axe finds on the page as it is, on a laptop and on a phone; and what does not fit on them."""
    faults = []
    for size, scheme in DEVICES:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        faults += [f"{page.url} {scheme}: {violation}" for violation in violations(page)]
        if page.evaluate("document.documentElement.scrollWidth") > size["width"]:
            faults.append(f"{page.url}: wider than {size['width']} px")
    return faults


def with_stale_texts(visitor):
    """The form of a role in which an English text has changed and the Japanese one has not."""
    page = visitor.page
    visitor.open("/admin/roles/role/?q=9636")
    page.click("#result_list tbody th a")
    page.fill("[name=summary_en]", "Build what was never built before.")
    save(page)
    page.locator(".messagelist").wait_for()
    page.click(".field-summary_ja .stale-note summary")
    return page


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.usefixtures("letters")
def test_it_is_accessible_silent_and_alone(signed_in, language):
    visitor = signed_in(language)
    faults = violations_on_devices(with_stale_texts(visitor))
    for path in pages(visitor):
        visitor.open(path)
        assert visitor.page.locator("html").get_attribute("lang").startswith(language), path
        faults += violations_on_devices(visitor.page)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_refused_form_is_accessible(signed_in, language):
    visitor = signed_in(language)
    page = visitor.page
    visitor.open("/admin/roles/role/add/")
    page.check("[name=publish_ja]")
    save(page, "_save")
    page.locator(".errorlist").first.wait_for()
    assert violations_on_devices(page) == []


def test_one_language_at_a_time(signed_in):
    visitor = signed_in("en")
    visitor.open("/admin/roles/department/1/change/")
    names = [visitor.page.locator(f"[name=name_{language}]") for language in ("en", "ja")]
    left, right = (name.bounding_box() for name in names)
    assert left["y"] == right["y"] and left["x"] < right["x"]
    for layout, shown in (("ja", [False, True]), ("en", [True, False]), ("both", [True, True])):
        visitor.page.click(f"button[value={layout}]")
        assert [name.is_visible() for name in names] == shown


def test_what_was_searched_for_in_vain_can_be_shown_again(signed_in):
    visitor = signed_in("ja")
    visitor.open("/admin/roles/role/?q=そんな求人はない")
    visitor.page.click(".empty a")
    visitor.page.locator("#result_list tbody tr").first.wait_for()


def test_a_recruiter_who_reads_only_japanese_publishes_an_opening(signed_in, served):
    visitor = signed_in("ja")
    page = visitor.page
    page.click("text=求人 >> nth=0")
    visitor.open("/admin/roles/role/add/")
    page.fill("[name=title_ja]", "気象エンジニア")
    page.fill("[name=summary_ja]", "雨を読む仕事です。")
    page.fill(".fieldBox.field-duties_ja .ProseMirror", "雨を読みます。")
    page.fill("[name=reference_id]", "W-2026")
    page.select_option("[name=department]", index=1)
    page.click("text=求人の勤務地を追加")
    page.select_option("[name=role_locations-0-location]", index=1)
    place = page.locator("[name=role_locations-0-location] option:checked").inner_text()
    page.check("[name=publish_ja]")
    save(page, "_save")
    assert "「気象エンジニア」を追加しました。" in page.inner_text(".messagelist")
    published(page)
    visitor.open("/ja/roles/")
    page.click("text=気象エンジニア")
    text = page.inner_text("main").replace("\u200b", "")
    assert "雨を読みます。" in text and place in text
