"""Frequent tasks in the admin: ordering, duplicating, searching in kana, reviewing roles."""

import pytest

from tests.browser.accessibility import violations_on_devices
from tests.browser.conftest import save, wait_until_published
from tests.components import site

pytestmark = pytest.mark.browser

PERKS = "/admin/company/perk/"


def shell(demo_site, code):
    """Lines that Python code prints in the site's environment."""
    return site.shell(demo_site[1], code).split("\n")[:-1]


@pytest.fixture
def perk_titles(demo_site):
    """perk_titles() are the English titles of the perks in their order; first it is alphabetical."""
    shell(
        demo_site,
        "from careers.company.models import Perk\n"
        "for n, perk in enumerate(Perk.objects.order_by('title_en')):\n"
        "    Perk.objects.filter(pk=perk.pk).update(order=n)",
    )
    code = "from careers.company.models import Perk\nfor perk in Perk.objects.all(): print(perk.title_en)"
    return lambda: shell(demo_site, code)


@pytest.fixture
def unreviewed_roles(demo_site):
    """The titles of two roles that were reviewed long ago."""
    return shell(
        demo_site,
        "from datetime import timedelta\n"
        "from django.utils import timezone\n"
        "from careers.roles.models import Role\n"
        "Role.objects.mark_reviewed()\n"
        "for n, role in enumerate(Role.objects.public('en').filter(reference_id__in=['9636', 'EX-103'])):\n"
        "    then = timezone.now() - timedelta(days=90 - n)\n"
        "    Role.objects.filter(pk=role.pk).update(reviewed_at=then)\n"
        "    print(role.title_en)",
    )


def focused_label(page):
    """The accessible name of the focused element."""
    return page.evaluate("document.activeElement.getAttribute('aria-label')")


def wait_for_status(page, text):
    page.locator("#move-forms [role=status]", has_text=text).wait_for(state="attached")


def row_titles(page):
    return [text.strip() for text in page.locator("#result_list tbody th").all_inner_texts()]


def test_order_with_keyboard(signed_in, perk_titles):
    visitor = signed_in("en")
    visitor.open(PERKS)
    page, before = visitor.page, perk_titles()
    page.evaluate("window.stayed = true")
    third, count = before[2], len(before)
    page.locator(f"[aria-label='Move “{third}” up']").focus()
    page.keyboard.press("Enter")
    wait_for_status(page, f"“{third}” is now 2 of {count}.")
    assert focused_label(page) == f"Move “{third}” up"
    page.keyboard.press("Space")
    wait_for_status(page, f"“{third}” is now 1 of {count}.")
    assert focused_label(page) == f"Move “{third}” down"  # it is the first row now
    after = [third, *before[:2], *before[3:]]
    assert row_titles(page) == after == perk_titles()
    page.keyboard.press("Shift+Tab")  # skips the disabled button and "Move"
    page.keyboard.press("Shift+Tab")
    assert focused_label(page) == f"Position of “{third}”"
    page.keyboard.type("3")
    page.keyboard.press("Enter")
    wait_for_status(page, f"“{third}” is now 3 of {count}.")
    assert focused_label(page) == f"Move “{third}” to this position"
    assert row_titles(page) == before == perk_titles()
    assert page.evaluate("window.stayed")
    assert not visitor.console_messages


def test_order_quick_clicks_keep_selection(signed_in, perk_titles):
    visitor = signed_in("en")
    visitor.open(PERKS)
    page, before = visitor.page, perk_titles()
    page.locator("#result_list .action-select").nth(0).check()
    down = page.locator(f"[aria-label='Move “{before[0]}” down']")
    down.evaluate("button => { button.click(); button.click(); button.click(); }")
    wait_for_status(page, f"“{before[0]}” is now 4 of {len(before)}.")
    assert perk_titles() == [*before[1:4], before[0], *before[4:]]
    assert page.locator("#result_list .action-select").nth(3).is_checked()


def test_order_is_public(signed_in):
    visitor = signed_in("en")
    visitor.open("/admin/company/value/")
    page = visitor.page
    last = row_titles(page)[-1]
    up = page.locator(f"[aria-label='Position of “{last}”']")
    up.fill("1")
    up.press("Enter")
    wait_for_status(page, f"“{last}” is now 1 of")
    titles = row_titles(page)
    wait_until_published(page)
    visitor.open("/en/working-here/")
    text = page.inner_text("main")
    assert sorted(titles, key=text.index) == titles


def test_order_failure_shows_message(signed_in, perk_titles):
    visitor = signed_in("en")
    visitor.open(PERKS)
    page, before = visitor.page, perk_titles()
    page.route("**/move/*", lambda route: route.abort())
    page.click(f"[aria-label='Move “{before[0]}” down']")
    wait_for_status(page, "This did not work. Please reload the page.")
    assert page.is_visible("#move-forms [role=status]")
    assert row_titles(page) == before


def test_order_without_javascript(signed_in, perk_titles):
    visitor = signed_in("en", java_script_enabled=False)
    visitor.open(PERKS)
    page, before = visitor.page, perk_titles()
    page.click(f"[aria-label='Move “{before[0]}” down']")
    assert f"“{before[0]}” is now 2 of {len(before)}." in page.inner_text(".messagelist")
    assert "#position-" in page.url
    position = page.locator(f"[aria-label='Position of “{before[0]}”']")
    position.fill("3")
    position.press("Enter")
    page.locator(".messagelist", has_text=f"“{before[0]}” is now 3 of").wait_for()
    assert row_titles(page) == perk_titles() == [*before[1:3], before[0], *before[3:]]


def test_duplicate_role(signed_in):
    visitor = signed_in("en")
    page = visitor.page
    visitor.open("/admin/roles/role/?q=9636")
    with page.expect_navigation():
        page.click("#result_list tbody th a")
    title = page.input_value("[name=title_ja]")
    rows = page.locator("#conditions-group .inline-related:not(.empty-form)").count()
    with page.expect_navigation():
        page.click("text=Duplicate")
    assert "nothing is saved yet" in page.inner_text(".messagelist")
    assert page.input_value("[name=reference_id]") == ""
    assert page.input_value("[name=title_ja]") == title
    copied_rows = page.locator("#conditions-group .inline-related:not(.empty-form)").count()
    assert copied_rows == rows > 0
    page.fill("[name=reference_id]", "COPY-1")
    save(page, "_save")
    page.locator(".messagelist").wait_for()
    visitor.open("/admin/roles/role/?q=copy-1")
    assert page.inner_text("#result_list .field-published") == "draft"


@pytest.mark.parametrize("query", ["えんじにあ 9636", "ｴﾝｼﾞﾆｱ　９６３６", "ENGINEER 9636"])
def test_search_role_in_kana(signed_in, query):
    visitor = signed_in("ja")
    visitor.open("/admin/roles/role/")
    visitor.page.fill("#searchbar", query)
    visitor.page.press("#searchbar", "Enter")
    visitor.page.locator("text=すべて表示").first.wait_for()
    assert visitor.page.locator("#result_list tbody tr").count() == 1


def test_review_role_opens_next(signed_in, unreviewed_roles):
    visitor = signed_in("en")
    page = visitor.page
    visitor.open("/admin/")
    section = page.locator("section", has=page.locator("#work-needs_review"))
    assert section.locator("li > a").all_inner_texts() == unreviewed_roles
    section.locator("li > a").first.click()
    page.click("text='Still accurate'")
    assert f"“{unreviewed_roles[0]}” is confirmed as still accurate." in page.inner_text(
        ".messagelist"
    )
    assert page.input_value("[name=title_en]") == unreviewed_roles[1]
    visitor.open("/admin/")
    page.click(f"[aria-label='“{unreviewed_roles[1]}” is still accurate']")
    assert "Every open role was confirmed within the last 60 days." in page.inner_text(".my-work")


@pytest.mark.parametrize("language", ["en", "ja"])
def test_recruiter_pages_are_accessible(signed_in, unreviewed_roles, language):
    visitor = signed_in(language)
    page = visitor.page
    faults = []
    for path in ("/admin/", f"{PERKS}?o=1", "/admin/roles/role/?due=needs_review"):
        visitor.open(path)
        faults += violations_on_devices(page, contrast=language == "ja")
    form = page.locator("#result_list tbody th a").first.get_attribute("href")
    number = form.split("/")[-3]
    for path in (form, f"/admin/roles/role/add/?from={number}"):
        visitor.open(path)
        faults += violations_on_devices(page, contrast=language == "ja")
    visitor.open(PERKS)
    page.locator("[name=step][value=down]:enabled").first.click()
    wait_for_status(page, "is now 2 of" if language == "en" else "2番目になりました。")
    faults += violations_on_devices(page, contrast=language == "ja")
    assert not faults, "\n".join(faults)
    assert not visitor.console_messages
