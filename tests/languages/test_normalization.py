"""The normalised form of texts and search words, compared in memory; tests/roles/test_search.py asks the page."""

import unicodedata
from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careers.normalization import index_line, like_terms, normalize, synonym_term
from careers.roles.synonyms import SynonymIndex
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
    """No letter and no digit gets lost; marks do, of the letters that are compared without them."""
    words = normalize(text)
    kept = [char for char in text if unicodedata.category(char) in ("Lu", "Ll", "Lo", "Nd")]
    ignorable = set("\u115f\u1160\u3164\uffa0")
    assert not any(kept) or words or set(kept) <= ignorable


@given(TEXT)
def test_index_line_contains_its_words(text):
    """Each word of a text finds it, as typed and as a synonym."""
    line = index_line(text)
    for word in normalize(text).split():
        assert any(term in line for term in like_terms(word)), word
    assert not line or synonym_term(normalize(text).split()[0])
    assert "\n" not in line
