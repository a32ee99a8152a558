"""Every kind of page in the admin, in both languages of an account, with the production CSP."""

import pytest

from tests.browser.accessibility import violations_on_devices
from tests.browser.conftest import save, wait_until_published
from tests.components import site

pytestmark = [pytest.mark.browser, pytest.mark.runs_first]

MODELS = {
    "roles": ("role", "department", "location"),
    "application_forms": ("applicationform", "questionset"),
    "articles": ("article",),
    "company": ("company", "perk", "value", "hiringstep", "testimonial", "video", "policy"),
    "staff": ("user",),
    "outbox": ("email",),
}
# The history and the deletion of a record are the same two templates for every model.
WITH_HISTORY = {"role", "user"}


def pages(visitor):
    """Paths of every kind of page: lists, forms, histories and deletions.

    The visitor opens each page before the next path is computed, which needs the list.
    """
    yield "/admin/"
    yield "/admin/translations/"
    yield "/admin/translations/?all=1"
    yield "/admin/roles/role/?q=nothing-has-this-name"
    yield "/admin/nope/"
    yield "/admin/company/policy/add/?kind=privacy"
    for app_label, models in MODELS.items():
        yield f"/admin/{app_label}/"
        for model in models:
            start = f"/admin/{app_label}/{model}/"
            yield start
            if model == "company":
                continue
            first = visitor.page.locator("#result_list tbody th a").first.get_attribute("href")
            yield first
            if model in WITH_HISTORY:
                yield first.replace("change/", "history/")
                yield first.replace("change/", "delete/")
            if model != "email":  # emails are not added
                yield f"{start}add/"


@pytest.fixture
def queued_emails(demo_site):
    """A queued email, and one that failed."""
    queue = (
        "from careers.outbox.models import Email\n"
        "for state in ('waiting', 'failed'):\n"
        "    email = Email.objects.queue(recipient='hana@example.org', language='ja',"
        " subject='採用管理画面へのご招待', body='https://careers.example.com/invitation/')\n"
        "    email.state, email.failure = state, 'recipient' if state == 'failed' else ''\n"
        "    email.save()"
    )
    site.shell(demo_site[1], queue)


def with_stale_texts(visitor):
    """Open the form of a role whose Japanese text is outdated; the page."""
    page = visitor.page
    visitor.open("/admin/roles/role/?q=9636")
    page.click("#result_list tbody th a")
    page.fill("[name=summary_en]", "Build what was never built before.")
    save(page)
    page.locator(".messagelist").wait_for()
    page.click(".field-summary_ja .stale-note summary")
    return page


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.usefixtures("queued_emails")
def test_admin_pages_are_accessible(signed_in, language):
    visitor = signed_in(language)
    faults = violations_on_devices(with_stale_texts(visitor), contrast=language == "ja")
    for path in pages(visitor):
        visitor.open(path)
        assert visitor.page.locator("html").get_attribute("lang").startswith(language), path
        faults += violations_on_devices(visitor.page, contrast=language == "ja")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_form_with_errors_is_accessible(signed_in, language):
    visitor = signed_in(language)
    page = visitor.page
    visitor.open("/admin/roles/role/add/")
    page.check("[name=publish_ja]")
    save(page, "_save")
    page.locator(".errorlist").first.wait_for()
    assert violations_on_devices(page, contrast=language == "ja") == []


def test_language_layout(signed_in):
    visitor = signed_in("en")
    visitor.open("/admin/roles/department/1/change/")
    names = [visitor.page.locator(f"[name=name_{language}]") for language in ("en", "ja")]
    left, right = (name.bounding_box() for name in names)
    assert left["y"] == right["y"] and left["x"] < right["x"]
    for layout, visible in (("ja", [False, True]), ("en", [True, False]), ("both", [True, True])):
        visitor.page.click(f"button[value={layout}]")
        assert [name.is_visible() for name in names] == visible


def test_search_without_results_links_full_list(signed_in):
    visitor = signed_in("ja")
    visitor.open("/admin/roles/role/?q=そんな求人はない")
    visitor.page.click(".empty a")
    visitor.page.locator("#result_list tbody tr").first.wait_for()


def test_role_published_in_japanese_admin(signed_in, demo_site):
    visitor = signed_in("ja")
    page = visitor.page
    visitor.open("/admin/")
    page.click("text=求人 >> nth=0")
    visitor.open("/admin/roles/role/add/")
    page.fill("[name=title_ja]", "気象エンジニア")
    page.fill("[name=summary_ja]", "雨を読む仕事です。")
    page.fill(".fieldBox.field-duties_ja .ProseMirror", "雨を読みます。")
    page.fill("[name=reference_id]", "W-2026")
    page.select_option("[name=department]", index=1)
    page.click("text=求人の勤務地を追加")
    page.select_option("[name=role_locations-0-location]", index=1)
    location = page.locator("[name=role_locations-0-location] option:checked").inner_text()
    page.check("[name=publish_ja]")
    save(page, "_save")
    assert "「気象エンジニア」を追加しました。" in page.inner_text(".messagelist")
    wait_until_published(page)
    visitor.open("/ja/roles/")
    page.click("text=気象エンジニア")
    text = page.inner_text("main").replace("\u200b", "")
    assert "雨を読みます。" in text and location in text
