"""Searching roles: results follow the typed text and the filters, with JavaScript and without."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import violations

pytestmark = pytest.mark.browser

WIDTHS = {"phone": 390, "desktop": 1440}


@pytest.fixture
def open_list(visit):
    """open_list("en") opens the list of roles on a desktop and marks the page."""

    def open_page(language="en", query="", width=1440, **device):
        visitor = visit(width, **device)
        visitor.open(f"/{language}/roles/{query}")
        visitor.page.evaluate("window.stays = true")
        return visitor.page

    return open_page


def is_same_page(page):
    """Whether the page was not loaded again."""
    return page.evaluate("window.stays === true")


def wait_for_count(page, number):
    """Wait until the status shows this number of roles; return the number of rows."""
    expect(page.locator("#result-count")).to_have_text(re.compile(rf"^\s*{number}\D"))
    page.wait_for_selector("#results:not([aria-busy])")
    return page.locator("#results .rows > li").count()


def row_count(page):
    """The number of listed roles; other tests may have added some."""
    return page.locator("#results .rows > li").count()


def facet_count(page, choice):
    """The number of roles beside a filter."""
    return int(page.locator(f"label:has({choice}) .number").inner_text())


def query_string(page):
    return re.sub(r"^.*/roles/", "", page.url)


def test_filter_updates_list_and_history(open_list):
    page = open_list()
    total = row_count(page)
    page.check("[name=type][value=intern]")
    assert wait_for_count(page, 1) == 1
    assert query_string(page) == "?type=intern"
    assert is_same_page(page)
    assert page.evaluate("document.activeElement.value") == "intern"
    assert page.title().startswith("Internship")
    assert "type=intern" in page.get_attribute(".language-switcher a", "href")
    permanent_count = facet_count(page, "[value=permanent]")
    page.check("[name=type][value=permanent]")
    wait_for_count(page, permanent_count + 1)
    assert query_string(page) == "?type=permanent&type=intern"
    page.go_back()
    assert wait_for_count(page, 1) == 1
    assert page.is_checked("[name=type][value=intern]")
    assert not page.is_checked("[name=type][value=permanent]")
    page.go_back()
    assert wait_for_count(page, total) == total
    assert not page.is_checked("[name=type][value=intern]")
    assert query_string(page) == ""
    page.go_forward()
    assert wait_for_count(page, 1) == 1
    assert is_same_page(page)


def test_search_updates_list_as_one_history_step(open_list):
    page = open_list()
    total = row_count(page)
    page.locator("#q").press_sequentially("nothing", delay=90)
    page.wait_for_url("**/?q=nothing")
    wait_for_count(page, 0)
    page.locator("#q").press_sequentially(" at all", delay=400)
    page.wait_for_url("**/?q=nothing+at+all")
    wait_for_count(page, 0)
    assert page.input_value("#q") == "nothing at all"
    assert page.evaluate("document.activeElement.id") == "q"
    assert page.is_visible("#clear-filters")
    page.go_back()
    expect(page.locator("#q")).to_have_value("")
    assert query_string(page) == ""
    assert wait_for_count(page, total) == total
    assert is_same_page(page)


def test_search_waits_for_ime_composition(open_list):
    page = open_list("ja")
    requests = []
    page.on("request", lambda request: "/roles/" in request.url and requests.append(request.url))
    keys = page.context.new_cdp_session(page)
    page.focus("#q")
    keys.send("Input.imeSetComposition", {"text": "いん", "selectionStart": 2, "selectionEnd": 2})
    keys.send(
        "Input.imeSetComposition", {"text": "インターン", "selectionStart": 5, "selectionEnd": 5}
    )
    page.wait_for_timeout(700)
    assert requests == []
    keys.send("Input.insertText", {"text": "インターン"})
    page.wait_for_url("**/?q=*")
    assert wait_for_count(page, 1) == 1
    assert len(requests) == 1
    assert is_same_page(page)


def test_language_switcher_keeps_search(open_list):
    page = open_list("en")
    page.fill("#q", "intern")
    page.wait_for_url("**/?q=intern")
    wait_for_count(page, 1)
    page.click(".language-switcher a")
    page.wait_for_url("**/ja/roles/?q=intern")
    assert page.input_value("#q") == "intern"
    assert page.locator("#results .rows > li").count() == 1


def test_back_from_role_restores_filter(open_list):
    page = open_list()
    page.check("[name=type][value=intern]")
    wait_for_count(page, 1)
    page.click("#results .rows a")
    page.wait_for_url("**-intern*/")
    page.go_back()
    page.wait_for_url("**/roles/?type=intern")
    assert wait_for_count(page, 1) == 1
    assert page.is_checked("[name=type][value=intern]")


def test_search_without_results(open_list):
    page = open_list()
    total = row_count(page)
    page.fill("#q", "cobol <b>")
    page.keyboard.press("Enter")
    wait_for_count(page, 0)
    assert "No opening matches “cobol <b>”." in page.inner_text("#results")
    assert is_same_page(page)
    page.click("#results >> text=Show all openings")
    page.wait_for_url("**/roles/")
    assert wait_for_count(page, total) == total


def test_filter_with_keyboard(open_list):
    page = open_list()
    page.focus("#q")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "department"
    page.keyboard.press("Space")
    page.wait_for_url("**/?department=*")
    page.wait_for_selector("#results:not([aria-busy])")
    assert page.evaluate("document.activeElement.checked")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "department"


def test_result_count_is_live_region(open_list):
    page = open_list()
    page.evaluate("window.live = document.getElementById('result-count')")
    page.check("[name=type][value=intern]")
    wait_for_count(page, 1)
    assert page.evaluate("window.live.isConnected && window.live.role === 'status'")


def test_filter_falls_back_to_page_load(open_list):
    page = open_list()
    page.route(
        "**/roles/?**",
        lambda route: (
            route.abort() if route.request.resource_type == "fetch" else route.continue_()
        ),
    )
    page.check("[name=type][value=intern]")
    assert wait_for_count(page, 1) == 1
    assert not is_same_page(page)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_search_without_javascript(open_list, language):
    page = open_list(language, width=390, java_script_enabled=False)
    page.fill("#q", "ｉｎｔｅｒｎ")
    page.click(".filters summary")
    page.check("[name=workplace][value=on_site]")
    page.select_option("#sort", "closing")
    page.click("#search .secondary-button")
    page.wait_for_url("**/?q=*")
    assert page.locator("#results .rows > li").count() == 1
    assert page.input_value("#sort") == "closing"
    page.click("#clear-filters")
    page.wait_for_url(f"**/{language}/roles/")


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_search_is_accessible(visit, language, scheme, width):
    visitor = visit(width, color_scheme=scheme)
    queries = ("?type=intern&sort=closing", "?q=cobol+intern", "?location=x&page=9")
    for path in (f"/{language}/roles/{query}" for query in queries):
        visitor.open(path)
        if width < 800:
            visitor.page.click(".filters summary")
        assert violations(visitor.page) == [], path
        assert visitor.page.evaluate("document.documentElement.scrollWidth") <= width


def test_filters_collapsed_on_phone(open_list):
    page = open_list(width=390)
    assert page.is_visible("#q")
    assert not page.is_visible("[name=type] >> nth=0")
    assert page.locator("#results").bounding_box()["y"] < 800
    page.click(".filters summary")
    assert page.is_visible("[name=type] >> nth=0")
    page.check("[name=type][value=intern]")
    wait_for_count(page, 1)
    assert page.is_visible("[name=type] >> nth=0")
    assert "1 chosen" in page.inner_text(".filters summary")
