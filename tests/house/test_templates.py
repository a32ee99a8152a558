"""Templates hold nothing that the security policy refuses, never trust a text, and stay readable."""

import re

import pytest
from django.template.loader import get_template

from tools.catalogues import ROOT

TEMPLATES = sorted((ROOT / "templates").rglob("*.*"))
PAGES = sorted((ROOT / "templates").rglob("*.html"))
LINE_LENGTH = 120
FORBIDDEN = {
    "an inline style": r"<style|\sstyle=",
    "an inline handler": r"\son[a-z]+=",
    "an inline script": r"<script(?![^>]*\ssrc=)(?![^>]*application/(?:ld\+)?json)",
    "a text that is trusted": r"\|\s*safe\b|autoescape off",
    "another host": r"(?:src|action)=[\"'](?:https?:)?//",
    "a translation with its line breaks": r"{%\s*blocktrans(?:late)?(?![^%]*\btrimmed\b)",
}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
@pytest.mark.parametrize("fault", FORBIDDEN)
def test_a_template_has_no(path, fault):
    if path.parent.name == "mail" and fault == "an inline style":
        return  # mail programs load no style sheet, and our Content-Security-Policy does not apply
    found = re.search(FORBIDDEN[fault], path.read_text("utf-8"))
    assert not found, f"{path.name}: {fault}: {found[0]}"


def test_all_templates_compile():
    for path in TEMPLATES:
        get_template(str(path.relative_to(ROOT / "templates")))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_layout(path):
    """Djade formats the tags of a template, but does not break lines: this holds what it leaves."""
    text = path.read_text("utf-8")
    with_end = set(re.findall(r"{% end(\w+)", text))
    for number, line in enumerate(text.splitlines(), 1):
        assert len(line) <= LINE_LENGTH, f"line {number} has {len(line)} characters"
        names = re.findall(r"{% (\w+)", line)
        opened = sum(name in with_end for name in names)
        closed = sum(name.startswith("end") for name in names)
        assert abs(opened - closed) <= 1, f"line {number} opens or closes several blocks"
