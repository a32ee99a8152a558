"""Search text of applications: names in any spelling, and numbers.

Besides what `normalization` matches, a name in kana is found in romaji, a name in kanji or Hangul without
the space, `O’Connor` as `oconnor`, `Chul Soo` as `chulsoo`, and a telephone number by its digits.
"""

import re

import phonenumbers
from django.db import models

from careers import japanese
from careers.letters import fold_letters, spell_out
from careers.normalization import drop_long_marks, index_line, like_terms, normalize
from careers.romaji import romaji, to_kunrei
from careers.search_index import SearchTextField
from careers.word_parts import hide

MIN_DIGITS = 4  # A query with at least this many digits matches anywhere in a number.
MIN_INTERNATIONAL_DIGITS = 10  # from which a number is also searched without its country code
_NUMBER = re.compile(r"(?<![0-9A-Za-z])[+(]{0,2}\d[\d ()./‐‑‒–—―−ー-]{4,}\d(?![0-9A-Za-z])")
_OPTIONAL_ZERO = re.compile(r"\(0\)")
_INTERNATIONAL = re.compile(r"\(?(?:\+|00)")
_LINK_SCHEME = re.compile(r"\b(?:tel|mailto):", re.IGNORECASE)
_WORD_SEPARATORS = re.compile("[ ・＝]")
_LETTER = re.compile(r"[^\W\d_]")
_INNER_SIGNS = re.compile("['-]")
# Romaji in a search column begins with this sign, because it is in Kunrei: `china` finds チナ, not Tina.
_ROMAJI_SIGN = "="


class PersonSearchTextField(SearchTextField):
    """The search column of a person. `names` and `readings` are pairs of a family and a given name."""

    def __init__(self, names=(), readings=(), **options):
        self.names, self.readings = tuple(names), tuple(readings)
        super().__init__(**options)

    def deconstruct(self):
        name, path, args, options = super().deconstruct()
        return name, path, args, {**options, "names": self.names, "readings": self.readings}

    def line(self, field, instance):
        text = getattr(instance, field.attname)
        if not text:
            return ""
        forms = _digit_forms(text)
        is_prose = isinstance(field, models.TextField)
        if not is_prose:
            forms += _romaji_forms(text)
        if field.name in self.names and not japanese.is_spaceless(text):
            forms.append("".join(normalize(text).split()))
        if field.name == "reference":
            forms.append(text[len(text) // 2 :].lower())  # the second half of AAAA-BBBB
        line = index_line(text, forms)
        return line if is_prose else line + _unhidden_words(text)

    def lines(self, instance):
        """Also a line with each full name of a script that has no space between its parts."""
        full_names = (
            "".join(getattr(instance, name) or "" for name in pair)
            for pair in (self.names, self.readings)
        )
        spaceless = " ".join(name for name in full_names if japanese.is_spaceless(name))
        return [*super().lines(instance), index_line(spaceless)]


def search_words(query):
    """The words of a query. A telephone number with spaces is one word."""
    query = _LINK_SCHEME.sub("", japanese.clean_ascii(query))
    numbers = _NUMBER.findall(query)
    return [*numbers, *(word for word in _NUMBER.sub(" ", query).split() if normalize(word))]


def alternatives(word):
    """The ways to match a word. A way is a tuple of lists: one string of each list must be found."""
    folded = fold_letters(japanese.fold_except_kana(word))
    ways = dict.fromkeys(
        tuple(normalize(spelling).split())
        for spelling in (word, _INNER_SIGNS.sub("", folded), _spell_out(word), _reading(word))
    )
    by_words = [tuple(like_terms(part) for part in parts) for parts in ways if parts]
    return by_words + [([term],) for term in _special_terms(folded)]


def _special_terms(folded):
    """Search strings other than words: romaji and digits."""
    letters = "".join(normalize(_INNER_SIGNS.sub("", folded)).split())
    if kunrei := to_kunrei(letters):
        yield f" {_ROMAJI_SIGN}{kunrei}" + (" " if len(letters) <= 2 else "")
    number = japanese.clean_number(folded)
    if not _LETTER.search(number) and (digits := _digits(number)):
        yield digits
        if national := _national_number(number, digits):
            yield national


def _spell_out(word):
    return spell_out(japanese.fold_except_kana(word))


def _reading(text):
    """A text of kana as readings are stored, with long vowel marks in place of dashes; else ""."""
    reading = japanese.to_katakana(text)
    return reading if japanese.is_katakana(reading) else ""


def _romaji_forms(text):
    """The romaji of each word of a text, if all of them are kana."""
    words = _WORD_SEPARATORS.split(_reading(text))
    return [
        f"{_ROMAJI_SIGN}{form}"
        for word in dict.fromkeys(["".join(words), *words])
        for form in sorted(romaji(word))
    ]


def _unhidden_words(text):
    """The words of a name that `hide` would change. `mac` finds Machado, but not "machine" in prose."""
    words = drop_long_marks(normalize(text))
    return f"  {words} " if hide(words) != words else ""


def _digit_forms(text):
    """The digits of each number in a text that has signs between them, without its leading zeros."""
    lines = map(japanese.clean_ascii, text.splitlines())
    numbers = (number for line in lines for number in _NUMBER.findall(line))
    return [digits for number in numbers if (digits := _digits(number))]


def _digits(number):
    """The digits of a number from the first that is not zero, or "" if there are too few to tell.

    Zeros at the beginning are kept if fewer than MIN_DIGITS other digits follow: 0012 is not 12.
    """
    digits = re.sub(r"\D", "", _OPTIONAL_ZERO.sub("", number))
    significant = digits.lstrip("0")
    digits = significant if len(significant) >= MIN_DIGITS else digits
    return digits if len(digits) >= MIN_DIGITS else ""


def _national_number(number, digits):
    """The digits of an international number without the country code, or ""."""
    if len(digits) < MIN_INTERNATIONAL_DIGITS or not _INTERNATIONAL.match(number):
        return ""
    try:
        return str(phonenumbers.parse(f"+{digits}").national_number)
    except phonenumbers.NumberParseException:
        return ""
