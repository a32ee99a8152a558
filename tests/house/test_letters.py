"""Letters: both languages of each kind, a subject, lines of a Japanese letter, and harmless names."""

import re
import unicodedata

import pytest

from careers.languages import LANGUAGES
from tools.catalogues import ROOT, SLIPS

FOLDER = ROOT / "templates" / "mail"
LETTERS = sorted(FOLDER.glob("*.txt"))
KINDS = sorted({path.name.partition(".")[0] for path in LETTERS})
# What a stranger may have typed. Everything else is the company's own, or is checked elsewhere.
OF_STRANGERS = {"name"}
INDENTS = {"en": "  ", "ja": "\u3000"}

each_letter = pytest.mark.parametrize("path", LETTERS, ids=lambda path: path.name)


def width(line):
    """In half-width columns; what is ambiguous is wide in a Japanese letter."""
    return sum(1 + (unicodedata.east_asian_width(sign) in "WFA") for sign in line)


def variables(text):
    """Everything that a letter asks for: in its words, and in its conditions."""
    conditions = re.findall(r"{%\s*(?:el)?if ([^%]*)%}", text)
    loops = re.findall(r"{%\s*for \w+ in ([\w.]+)", text)
    words = {word for said in conditions for word in re.findall(r"[a-z_][\w.]*", said)}
    return words - {"and", "or", "not", "in"} | {*re.findall(r"{{\s*([\w.]+)", text), *loops}


def test_every_kind_is_there_in_both_languages():
    assert {"invitation", "password_reset", "_signature"} <= set(KINDS)
    wanted = {f"{kind}.{language}.txt" for kind in KINDS for language in LANGUAGES}
    assert {path.name for path in LETTERS} == wanted


@pytest.mark.parametrize("kind", KINDS)
def test_both_languages_say_the_same_of_the_same(kind):
    english, japanese = (
        variables((FOLDER / f"{kind}.{language}.txt").read_text("utf-8")) for language in LANGUAGES
    )
    assert english == japanese


@each_letter
def test_a_letter_begins_with_its_subject_and_ends_with_the_signature(path):
    kind, language, _txt = path.name.split(".")
    if kind == "_signature":
        return
    lines = path.read_text("utf-8").splitlines()
    subject = re.sub(r"{% load [^%]+ %}", "", lines[0])
    assert subject and "{%" not in subject, "one line, without conditions"
    assert lines[1] == "", "a blank line below the subject"
    assert lines[-1] == f'{{% include "mail/_signature.{language}.txt" %}}'
    assert language != "ja" or subject.startswith("【{{ company }}】")


@each_letter
def test_a_letter_is_written_in_its_language_and_not_translated(path):
    text = path.read_text("utf-8")
    assert not re.search(r"\b(?:i18n|translate|blocktranslate|trans|blocktrans)\b", text)
    if path.name.endswith(".en.txt"):
        assert not re.search("[ぁ-んァ-ヶ一-龥]", text)


@each_letter
def test_a_line_is_indented_as_is_usual_in_its_language(path):
    text = re.sub("{%.*?%}", "", path.read_text("utf-8"))
    wanted = INDENTS[path.name.split(".")[1]]
    assert set(re.findall(r"(?m)^[^\S\n]+", text)) <= {wanted}
    assert wanted == "\u3000" or "\u3000" not in text


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.ja.txt")), ids=lambda path: path.name)
def test_lines_of_a_japanese_letter_are_short(path):
    for line in path.read_text("utf-8").splitlines():
        if "{" not in line and "://" not in line:
            assert width(line) <= 2 * 35, line
        for slip, pattern in SLIPS.items():
            assert not pattern.search(re.sub("{.*?}", "", line)), f"{slip}: {line}"


@each_letter
def test_what_a_stranger_typed_is_made_harmless(path):
    for name, filters in re.findall(r"{{\s*([\w.]+)\s*([^}]*)}}", path.read_text("utf-8")):
        if name.rpartition(".")[2] in OF_STRANGERS:
            assert filters.strip().startswith("|defang"), name
