"""Everyday work at the desk: an order chosen by keyboard, a copy, a search in kana, a confirmation."""

import pytest

from tests.browser.conftest import published, save
from tests.browser.test_admin import violations
from tests.components import site

pytestmark = pytest.mark.browser

PERKS = "/admin/company/perk/"


def shell(served, code):
    """What a few lines of Python print at the site."""
    return site.shell(served[1], code).split("\n")[:-1]


@pytest.fixture
def in_order(served):
    """The English titles of the perks in the database, which begin in the order of the alphabet."""
    shell(
        served,
        "from careers.company.models import Perk\n"
        "for n, perk in enumerate(Perk.objects.order_by('title_en')):\n"
        "    Perk.objects.filter(pk=perk.pk).update(order=n)",
    )
    ask = "from careers.company.models import Perk\nfor perk in Perk.objects.all(): print(perk.title_en)"
    return lambda: shell(served, ask)


@pytest.fixture
def overdue_roles(served):
    """Two roles that nobody has confirmed for long; their titles."""
    return shell(
        served,
        "from datetime import timedelta\n"
        "from django.utils import timezone\n"
        "from careers.roles.models import Role\n"
        "Role.objects.mark_reviewed()\n"
        "for n, role in enumerate(Role.objects.public('en').filter(reference_id__in=['9636', 'EX-103'])):\n"
        "    then = timezone.now() - timedelta(days=90 - n)\n"
        "    Role.objects.filter(pk=role.pk).update(reviewed_at=then)\n"
        "    print(role.title_en)",
    )


def focused(page):
    """The accessible name of what the keyboard is on."""
    return page.evaluate("document.activeElement.getAttribute('aria-label')")


def said(page, text):
    page.locator("#move-forms [role=status]", has_text=text).wait_for(state="attached")


def shown(page):
    return [text.strip() for text in page.locator("#result_list tbody th").all_inner_texts()]


def test_an_order_is_chosen_by_keyboard_alone(signed_in, in_order):
    visitor = signed_in("en")
    visitor.open(PERKS)
    page, before = visitor.page, in_order()
    page.evaluate("window.stayed = true")
    third, count = before[2], len(before)
    page.locator(f"[aria-label='Move “{third}” up']").focus()
    page.keyboard.press("Enter")
    said(page, f"“{third}” is now 2 of {count}.")
    assert focused(page) == f"Move “{third}” up"
    page.keyboard.press("Space")
    said(page, f"“{third}” is now 1 of {count}.")
    assert focused(page) == f"Move “{third}” down"  # nothing is above it any more
    after = [third, *before[:2], *before[3:]]
    assert shown(page) == after == in_order()
    page.keyboard.press("Shift+Tab")  # past the button that is disabled, and "Move"
    page.keyboard.press("Shift+Tab")
    assert focused(page) == f"Position of “{third}”"
    page.keyboard.type("3")
    page.keyboard.press("Enter")
    said(page, f"“{third}” is now 3 of {count}.")
    assert focused(page) == f"Move “{third}” to this position"
    assert shown(page) == before == in_order()
    assert page.evaluate("window.stayed")
    assert not visitor.said


def test_quick_presses_are_all_made_and_the_ticks_of_rows_stay(signed_in, in_order):
    visitor = signed_in("en")
    visitor.open(PERKS)
    page, before = visitor.page, in_order()
    page.locator("#result_list .action-select").nth(0).check()
    down = page.locator(f"[aria-label='Move “{before[0]}” down']")
    down.evaluate("button => { button.click(); button.click(); button.click(); }")
    said(page, f"“{before[0]}” is now 4 of {len(before)}.")
    assert in_order() == [*before[1:4], before[0], *before[4:]]
    assert page.locator("#result_list .action-select").nth(3).is_checked()


def test_visitors_see_the_order(signed_in):
    visitor = signed_in("en")
    visitor.open("/admin/company/value/")
    page = visitor.page
    last = shown(page)[-1]
    up = page.locator(f"[aria-label='Position of “{last}”']")
    up.fill("1")
    up.press("Enter")
    said(page, f"“{last}” is now 1 of")
    titles = shown(page)
    published(page)
    visitor.open("/en/working-here/")
    text = page.inner_text("main")
    assert sorted(titles, key=text.index) == titles


def test_what_did_not_work_is_said(signed_in, in_order):
    visitor = signed_in("en")
    visitor.open(PERKS)
    page, before = visitor.page, in_order()
    page.route("**/move/*", lambda route: route.abort())
    page.click(f"[aria-label='Move “{before[0]}” down']")
    said(page, "This did not work. Please reload the page.")
    assert page.is_visible("#move-forms [role=status]")
    assert shown(page) == before


def test_an_order_is_chosen_without_javascript(signed_in, in_order):
    visitor = signed_in("en", java_script_enabled=False)
    visitor.open(PERKS)
    page, before = visitor.page, in_order()
    page.click(f"[aria-label='Move “{before[0]}” down']")
    assert f"“{before[0]}” is now 2 of {len(before)}." in page.inner_text(".messagelist")
    assert "#position-" in page.url
    position = page.locator(f"[aria-label='Position of “{before[0]}”']")
    position.fill("3")
    position.press("Enter")
    page.locator(".messagelist", has_text=f"“{before[0]}” is now 3 of").wait_for()
    assert shown(page) == in_order() == [*before[1:3], before[0], *before[3:]]


def test_a_role_is_duplicated_and_published(signed_in):
    visitor = signed_in("en")
    page = visitor.page
    visitor.open("/admin/roles/role/?q=9636")
    page.click("#result_list tbody th a")
    title = page.input_value("[name=title_ja]")
    rows = page.locator("#conditions-group .inline-related:not(.empty-form)").count()
    page.click("text=Duplicate")
    assert "nothing is saved yet" in page.inner_text(".messagelist")
    assert page.input_value("[name=reference_id]") == ""
    assert page.input_value("[name=title_ja]") == title
    copied = page.locator("#conditions-group .inline-related:not(.empty-form)").count()
    assert copied == rows > 0
    page.fill("[name=reference_id]", "COPY-1")
    save(page, "_save")
    page.locator(".messagelist").wait_for()
    visitor.open("/admin/roles/role/?q=copy-1")
    assert page.inner_text("#result_list .field-published") == "draft"


@pytest.mark.parametrize("words", ["えんじにあ 9636", "ｴﾝｼﾞﾆｱ　９６３６", "ENGINEER 9636"])
def test_a_role_is_found_in_kana(signed_in, words):
    visitor = signed_in("ja")
    visitor.open("/admin/roles/role/")
    visitor.page.fill("#searchbar", words)
    visitor.page.press("#searchbar", "Enter")
    visitor.page.locator("text=すべて表示").first.wait_for()
    assert visitor.page.locator("#result_list tbody tr").count() == 1


def test_a_role_is_confirmed_and_the_next_one_opens(signed_in, overdue_roles):
    visitor = signed_in("en")
    page = visitor.page
    visitor.open("/admin/")
    waiting = page.locator("section", has=page.locator("#work-needs_review"))
    assert waiting.locator("li > a").all_inner_texts() == overdue_roles
    waiting.locator("li > a").first.click()
    page.click("text='Still accurate'")
    assert f"“{overdue_roles[0]}” is confirmed as still accurate." in page.inner_text(
        ".messagelist"
    )
    assert page.input_value("[name=title_en]") == overdue_roles[1]
    visitor.open("/admin/")
    page.click(f"[aria-label='“{overdue_roles[1]}” is still accurate']")
    assert "Every open role was confirmed within the last 60 days." in page.inner_text(".my-work")


@pytest.mark.parametrize("language", ["en", "ja"])
def test_it_is_accessible_silent_and_alone(signed_in, overdue_roles, language):
    visitor = signed_in(language)
    page = visitor.page
    faults = []
    for path in ("/admin/", f"{PERKS}?o=1", "/admin/roles/role/?due=needs_review"):
        visitor.open(path)
        faults += violations(page)
    form = page.locator("#result_list tbody th a").first.get_attribute("href")
    number = form.split("/")[-3]
    for path in (form, f"/admin/roles/role/add/?from={number}"):
        visitor.open(path)
        faults += violations(page)
    visitor.open(PERKS)
    page.locator("[name=step][value=down]:enabled").first.click()
    said(page, "is now 2 of" if language == "en" else "2番目になりました。")
    faults += violations(page)
    assert not faults, "\n".join(faults)
    assert not visitor.said
