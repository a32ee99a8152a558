"""Email templates: both languages of each kind, subject, signature, Japanese line lengths, defanged names."""

import re
import unicodedata

import pytest

from careers.languages import LANGUAGES
from tools.catalogues import ROOT, SLIPS

FOLDER = ROOT / "templates" / "mail"
TEMPLATES = sorted(FOLDER.glob("*.txt"))
KINDS = sorted({path.name.partition(".")[0] for path in TEMPLATES})
# Variables that a candidate typed. All others are the company's own, or are checked elsewhere.
TYPED_BY_CANDIDATES = {"name"}
INDENTS = {"en": "  ", "ja": "\u3000"}

each_template = pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)


def width(line):
    """In half-width columns; ambiguous characters are wide in a Japanese email."""
    return sum(1 + (unicodedata.east_asian_width(character) in "WFA") for character in line)


def variables(text):
    """The variables of a template, in its text and in its conditions."""
    conditions = re.findall(r"{%\s*(?:el)?if ([^%]*)%}", text)
    loops = re.findall(r"{%\s*for \w+ in ([\w.]+)", text)
    names = {word for condition in conditions for word in re.findall(r"[a-z_][\w.]*", condition)}
    return names - {"and", "or", "not", "in"} | {*re.findall(r"{{\s*([\w.]+)", text), *loops}


def test_email_template_in_both_languages():
    assert {"invitation", "password_reset", "_signature"} <= set(KINDS)
    expected = {f"{kind}.{language}.txt" for kind in KINDS for language in LANGUAGES}
    assert {path.name for path in TEMPLATES} == expected


@pytest.mark.parametrize("kind", KINDS)
def test_email_template_variables_match(kind):
    english, japanese = (
        variables((FOLDER / f"{kind}.{language}.txt").read_text("utf-8")) for language in LANGUAGES
    )
    assert english == japanese


@each_template
def test_email_template_subject_and_signature(path):
    kind, language, _txt = path.name.split(".")
    if kind == "_signature":
        return
    lines = path.read_text("utf-8").splitlines()
    subject = re.sub(r"{% load [^%]+ %}", "", lines[0])
    assert subject and "{%" not in subject, "one line, without conditions"
    assert lines[1] == "", "a blank line below the subject"
    assert lines[-1] == f'{{% include "mail/_signature.{language}.txt" %}}'
    assert language != "ja" or subject.startswith("【{{ company }}】")


@each_template
def test_email_template_has_no_translation_tags(path):
    text = path.read_text("utf-8")
    assert not re.search(r"\b(?:i18n|translate|blocktranslate|trans|blocktrans)\b", text)
    if path.name.endswith(".en.txt"):
        assert not re.search("[ぁ-んァ-ヶ一-龥]", text)


@each_template
def test_email_template_indentation(path):
    text = re.sub("{%.*?%}", "", path.read_text("utf-8"))
    expected = INDENTS[path.name.split(".")[1]]
    assert set(re.findall(r"(?m)^[^\S\n]+", text)) <= {expected}
    assert expected == "\u3000" or "\u3000" not in text


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.ja.txt")), ids=lambda path: path.name)
def test_email_template_japanese_line_length(path):
    for line in path.read_text("utf-8").splitlines():
        if "{" not in line and "://" not in line:
            assert width(line) <= 2 * 35, line
        for slip, pattern in SLIPS.items():
            assert not pattern.search(re.sub("{.*?}", "", line)), f"{slip}: {line}"


@each_template
def test_email_template_defangs_names(path):
    for name, filters in re.findall(r"{{\s*([\w.]+)\s*([^}]*)}}", path.read_text("utf-8")):
        if name.rpartition(".")[2] in TYPED_BY_CANDIDATES:
            assert filters.strip().startswith("|defang"), name
