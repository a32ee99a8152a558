"""Templates: nothing that the Content-Security-Policy blocks, no unescaped text, short lines."""

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
    "an unescaped text": r"\|\s*safe\b|autoescape off",
    "another host": r"(?:src|action)=[\"'](?:https?:)?//",
    "a translation with its line breaks": r"{%\s*blocktrans(?:late)?(?![^%]*\btrimmed\b)",
}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
@pytest.mark.parametrize("fault", FORBIDDEN)
def test_template_has_no(path, fault):
    if path.parent.name == "mail" and fault == "an inline style":
        return  # mail programs load no style sheet, and our Content-Security-Policy does not apply
    match = re.search(FORBIDDEN[fault], path.read_text("utf-8"))
    assert not match, f"{path.name}: {fault}: {match[0]}"


def test_templates_compile():
    for path in TEMPLATES:
        get_template(str(path.relative_to(ROOT / "templates")))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_template_line_length_and_nesting(path):
    """Djade formats tags but does not break lines, so this test limits length and nesting."""
    text = path.read_text("utf-8")
    with_end = set(re.findall(r"{% end(\w+)", text))
    for number, line in enumerate(text.splitlines(), 1):
        assert len(line) <= LINE_LENGTH, f"line {number} has {len(line)} characters"
        names = re.findall(r"{% (\w+)", line)
        opening = sum(name in with_end for name in names)
        closing = sum(name.startswith("end") for name in names)
        assert abs(opening - closing) <= 1, f"line {number} opens or closes several blocks"
