"""Somebody looks for work: the list follows what is typed and chosen, with a script and without."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import violations

pytestmark = pytest.mark.browser

WIDTHS = {"phone": 390, "desk": 1440}


@pytest.fixture
def listed(visit):
    """listed("en") is the list of openings, at a desk; the whole page is never loaded again."""

    def open_list(language="en", query="", width=1440, **device):
        visitor = visit(width, **device)
        visitor.open(f"/{language}/roles/{query}")
        visitor.page.evaluate("window.stays = true")
        return visitor.page

    return open_list


def stays(page):
    """Whether it is still the page that was opened."""
    return page.evaluate("window.stays === true")


def count(page, number):
    """Wait until so many openings are said to be there, and count them."""
    expect(page.locator("#result-count")).to_have_text(re.compile(rf"^\s*{number}\D"))
    page.wait_for_selector("#results:not([aria-busy])")
    return page.locator("#results .rows > li").count()


def rows(page):
    """How many openings are listed: other tests may have added some."""
    return page.locator("#results .rows > li").count()


def beside(page, choice):
    """The number of openings that stands beside a choice."""
    return int(page.locator(f"label:has({choice}) .number").inner_text())


def at(page):
    return re.sub(r"^.*/roles/", "", page.url)


def test_what_is_chosen_shows_in_place(listed):
    page = listed()
    everything = rows(page)
    page.check("[name=type][value=intern]")
    assert count(page, 1) == 1
    assert at(page) == "?type=intern"
    assert stays(page)
    assert page.evaluate("document.activeElement.value") == "intern"
    assert page.title().startswith("Internship")
    assert "type=intern" in page.get_attribute(".language-switcher a", "href")
    permanent = beside(page, "[value=permanent]")
    page.check("[name=type][value=permanent]")
    count(page, permanent + 1)
    assert at(page) == "?type=permanent&type=intern"
    page.go_back()
    assert count(page, 1) == 1
    assert page.is_checked("[name=type][value=intern]")
    assert not page.is_checked("[name=type][value=permanent]")
    page.go_back()
    assert count(page, everything) == everything
    assert not page.is_checked("[name=type][value=intern]")
    assert at(page) == ""
    page.go_forward()
    assert count(page, 1) == 1
    assert stays(page)


def test_what_is_typed_shows_in_place_and_is_one_step_back(listed):
    page = listed()
    everything = rows(page)
    page.locator("#q").press_sequentially("nothing", delay=90)
    page.wait_for_url("**/?q=nothing")
    count(page, 0)
    page.locator("#q").press_sequentially(" at all", delay=400)
    page.wait_for_url("**/?q=nothing+at+all")
    count(page, 0)
    assert page.input_value("#q") == "nothing at all"
    assert page.evaluate("document.activeElement.id") == "q"
    assert page.is_visible("#clear-filters")
    page.go_back()
    expect(page.locator("#q")).to_have_value("")
    assert at(page) == ""
    assert count(page, everything) == everything
    assert stays(page)


def test_half_a_word_in_kana_is_not_searched(listed):
    page = listed("ja")
    asked = []
    page.on("request", lambda request: "/roles/" in request.url and asked.append(request.url))
    keys = page.context.new_cdp_session(page)
    page.focus("#q")
    keys.send("Input.imeSetComposition", {"text": "いん", "selectionStart": 2, "selectionEnd": 2})
    keys.send(
        "Input.imeSetComposition", {"text": "インターン", "selectionStart": 5, "selectionEnd": 5}
    )
    page.wait_for_timeout(700)
    assert asked == []
    keys.send("Input.insertText", {"text": "インターン"})
    page.wait_for_url("**/?q=*")
    assert count(page, 2) == 2
    assert len(asked) == 1
    assert stays(page)


def test_the_switch_keeps_what_was_found(listed):
    page = listed("en")
    page.fill("#q", "intern")
    page.wait_for_url("**/?q=intern")
    count(page, 2)
    page.click(".language-switcher a")
    page.wait_for_url("**/ja/roles/?q=intern")
    assert page.input_value("#q") == "intern"
    assert page.locator("#results .rows > li").count() == 2


def test_an_opening_and_back_again(listed):
    page = listed()
    page.check("[name=type][value=intern]")
    count(page, 1)
    page.click("#results .rows a")
    page.wait_for_url("**-intern*/")
    page.go_back()
    page.wait_for_url("**/roles/?type=intern")
    assert count(page, 1) == 1
    assert page.is_checked("[name=type][value=intern]")


def test_nothing_found_and_everything_again(listed):
    page = listed()
    everything = rows(page)
    page.fill("#q", "cobol <b>")
    page.keyboard.press("Enter")
    count(page, 0)
    assert "No opening matches “cobol <b>”." in page.inner_text("#results")
    assert stays(page)
    page.click("#results >> text=Show all openings")
    page.wait_for_url("**/roles/")
    assert count(page, everything) == everything


def test_by_keyboard_alone(listed):
    page = listed()
    page.focus("#q")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "department"
    page.keyboard.press("Space")
    page.wait_for_url("**/?department=*")
    page.wait_for_selector("#results:not([aria-busy])")
    assert page.evaluate("document.activeElement.checked")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "department"


def test_a_count_is_read_out(listed):
    page = listed()
    page.evaluate("window.live = document.getElementById('result-count')")
    page.check("[name=type][value=intern]")
    count(page, 1)
    assert page.evaluate("window.live.isConnected && window.live.role === 'status'")


def test_what_cannot_be_fetched_is_asked_for_as_a_page(listed):
    page = listed()
    page.route(
        "**/roles/?**",
        lambda route: (
            route.abort() if route.request.resource_type == "fetch" else route.continue_()
        ),
    )
    page.check("[name=type][value=intern]")
    assert count(page, 1) == 1
    assert not stays(page)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_without_javascript(listed, language):
    page = listed(language, width=390, java_script_enabled=False)
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
def test_nothing_stands_in_anybodys_way(visit, language, scheme, width):
    visitor = visit(width, color_scheme=scheme)
    queries = ("?type=intern&sort=closing", "?q=cobol+intern", "?location=x&page=9")
    for path in (f"/{language}/roles/{query}" for query in queries):
        visitor.open(path)
        if width < 800:
            visitor.page.click(".filters summary")
        assert violations(visitor.page) == [], path
        assert visitor.page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_phone_shows_the_openings_and_folds_the_rest_away(listed):
    page = listed(width=390)
    assert page.is_visible("#q")
    assert not page.is_visible("[name=type] >> nth=0")
    assert page.locator("#results").bounding_box()["y"] < 800
    page.click(".filters summary")
    assert page.is_visible("[name=type] >> nth=0")
    page.check("[name=type][value=intern]")
    count(page, 1)
    assert page.is_visible("[name=type] >> nth=0")
    assert "1 chosen" in page.inner_text(".filters summary")
