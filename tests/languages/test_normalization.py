"""The normalised form of texts and search words, compared in memory; tests/roles/test_search.py asks the page."""

import string
import time
import unicodedata
from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careers.applications.search_text import search_words
from careers.japanese import fold_except_kana, to_katakana
from careers.letters import fold_letters
from careers.normalization import index_line, like_terms, normalize, synonym_term
from careers.roles.synonyms import SynonymIndex
from careers.romaji import to_kunrei
from tests.search_pairs import FOUND, NOT_FOUND, pairs

pytestmark = pytest.mark.one_database

SHIPPED = import_module("careers.roles.migrations.0002_shipped_synonyms").GROUPS
SYNONYMS = SynonymIndex([word.strip() for word in group.split(",")] for group in SHIPPED)


def matches(typed, text):
    line, words = index_line(text), normalize(typed).split()
    return bool(words) and all(
        any(all(any(term in line for term in terms) for terms in parts) for parts in alternatives)
        for alternatives in SYNONYMS.expand(words)
    )


def test_normalized_search_finds_other_forms():
    """A text is found in every way of writing its words, and by the synonyms of them."""
    missed = [pair for pair in pairs(FOUND) if not matches(*pair)]
    assert missed == []
    assert len(pairs(FOUND)) >= 150


def test_normalized_search_finds_nothing_else():
    """A text is not found by a word that is only part of one of its words, or a different one."""
    wrong = [pair for pair in pairs(NOT_FOUND) if matches(*pair)]
    assert wrong == []
    assert len(pairs(NOT_FOUND)) >= 50


TEXT = st.text(
    st.characters(exclude_categories=["Cs"])
    | st.sampled_from(".+#%&/-'’~|=ーァアｱﾞ゙ョンッ漢字한글éłßøNeta1 \n\u200c\u200d\u3000"),
    max_size=30,
)


@given(TEXT)
def test_normalize_is_idempotent(text):
    """Normalised words do not change when they are normalised again."""
    assert normalize(normalize(text)) == normalize(text)


@given(TEXT)
def test_normalize_preserves_letters_and_digits(text):
    """Only marks and punctuation get lost: the letters and digits are those of the folded text, in order."""
    assert _letters(normalize(text)) == _letters(fold_letters(fold_except_kana(text)))


@given(st.text(string.ascii_letters + string.digits + " .+#%&/-'’~|=漢字한글かなカナ", max_size=30))
def test_normalize_preserves_simple_letters(text):
    """Letters that have one form stay, in lower case."""
    assert _letters(normalize(text)) == _letters(text.lower())


def _letters(text):
    """The letters and digits of a text, each in one form."""
    text = "".join(char for char in text if unicodedata.category(char)[0] in "LN")
    return "".join(
        str(unicodedata.decimal(char)) if unicodedata.category(char) == "Nd" else char
        for char in text
    )


@given(TEXT)
def test_index_line_contains_its_words(text):
    """Each word of a text finds it, as typed and as a synonym."""
    line = index_line(text)
    for word in normalize(text).split():
        assert any(term in line for term in like_terms(word)), word
        assert synonym_term(word) in line, word
    assert "\n" not in line


PATTERNS = [
    *(
        "n'",
        "oh",
        "ア-",
        "ー",
        "ッ",
        "カ\u3099",
        "ア・",
        "=ア",
        "a/",
        "o'b-",
        "node.",
        "+#",
        "é\u0301",
    ),
    *("م\u200d", "한", "バックエンド", "パートナー", "1 ", "1-", "(0)", "12a "),
]


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize(
    "function",
    [normalize, index_line, to_katakana, to_kunrei, search_words],
    ids=lambda function: function.__name__,
)
def test_text_functions_are_fast_for_any_text(function, pattern):
    """No pattern of signs makes them slow: 50 kB of one take less than 5 seconds of the processor."""
    text = pattern * (50_000 // len(pattern.encode())) + "!"
    start = time.process_time()
    function(text)
    assert time.process_time() - start < 5
