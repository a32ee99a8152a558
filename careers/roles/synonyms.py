"""Synonyms: groups of words that recruiters maintain, and query expansion with them."""

from collections.abc import Iterable
from functools import lru_cache
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from careers.normalization import (
    index_line,
    like_terms,
    normalize,
    singular,
    spelling_key,
    synonym_term,
)
from careers.revisions.models import VersionedContent
from careers.search_index import SearchTextField

from .search_log import ZeroResultSearch

MAX_PARTS = 8  # known terms that one compound is split into
MAX_SYNONYMS = 200  # of one term; databases limit the depth of a condition to less than a thousand

# All parts must match. A part is a set of strings to look for and matches if any one of them is found.
Alternative = tuple[list[str], ...]


class SynonymGroup(VersionedContent):
    """Words of either language with the same meaning: a search for one finds roles with any of them.

    Each search reads the groups, so an edit takes effect at once.
    """

    MAX_WORDS = 50  # a search for one word looks for all of its group
    WORDS_IN_NAME = 6

    terms = models.TextField(
        _("words"),
        help_text=_("One on each line, in either language. In whatever way they are typed."),
    )
    search_text = SearchTextField(also=("terms",))

    class Meta:
        ordering = ("pk",)
        verbose_name = _("group of synonyms")
        verbose_name_plural = _("synonyms")

    def __str__(self) -> str:
        """Its first words."""
        first = self.words[: self.WORDS_IN_NAME]
        return " · ".join(first if len(self.words) <= self.WORDS_IN_NAME else [*first, "…"])

    @property
    def words(self) -> list[str]:
        """The words as recruiters wrote them."""
        return [line.strip() for line in self.terms.splitlines() if line.strip()]

    def clean(self) -> None:
        super().clean()
        if (number := len(self.words)) > self.MAX_WORDS:
            message = _(
                "A group takes at most %(most)s words, and this one has %(number)s. Please keep those"
                " that really mean the same, and put others into a group of their own."
            )
            params = {"most": self.MAX_WORDS, "number": number}
            raise ValidationError({"terms": message % params})

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Also delete these words from the log of searches with no results."""
        with transaction.atomic():
            super().save(*args, **kwargs)
            terms = [normalize(word)[: ZeroResultSearch.MAX_LENGTH] for word in self.words]
            ZeroResultSearch.objects.filter(term__in=terms).delete()


class SynonymIndex:
    """Looks up the synonyms of a term by its key (see `normalization.spelling_key`)."""

    def __init__(self, groups: Iterable[Iterable[str]]) -> None:
        self._synonyms: dict[str, dict[str, None]] = {}
        for words in groups:
            group = dict.fromkeys(term for word in words if (term := normalize(word)))
            for term in group:
                self._synonyms.setdefault(spelling_key(term), {}).update(group)
        self._synonym_terms: dict[str, list[str]] = {}  # by key, of searches so far
        self._max_words = max((len(term.split()) for term in self._synonyms), default=1)
        self._longest_first = sorted(self._synonyms, key=len, reverse=True)

    def expand(self, words: list[str]) -> list[list[Alternative]]:
        """The terms in `words`, each as a list of alternatives.

        The longest known term wins: `machine learning` is one term.
        """
        terms, start = [], 0
        while start < len(words):
            for length in range(min(self._max_words, len(words) - start), 0, -1):
                term = " ".join(words[start : start + length])
                if length == 1 or spelling_key(term) in self._synonyms:
                    terms.append(self._alternatives(term))
                    start += length
                    break
        return terms

    def _alternatives(self, term: str) -> list[Alternative]:
        alternatives: list[Alternative] = [(self._like_terms(term),)]
        if spelling_key(term) not in self._synonyms and (parts := self._parts(spelling_key(term))):
            alternatives.append(tuple(self._like_terms(part) for part in parts))
        return alternatives

    def _like_terms(self, term: str) -> list[str]:
        """The typed term matches inside of longer words too, its synonyms only as whole words.

        A plural that is in no group also finds its singular and the synonyms of that.
        """
        key, terms = spelling_key(term), like_terms(term)
        if key not in self._synonyms and (one := singular(term)):
            key = spelling_key(one)
            terms.append(synonym_term(one))
        if key in self._synonyms and key not in self._synonym_terms:
            self._synonym_terms[key] = _minimal(islice(self._synonyms[key], MAX_SYNONYMS))
        return [*terms, *self._synonym_terms.get(key, [])]

    def _parts(self, compound: str) -> list[str] | None:
        """The known terms that make up a compound such as 東京バックエンド, or None."""
        parts: dict[str, bool] = {}
        while compound:
            part = next((term for term in self._longest_first if compound.startswith(term)), None)
            if not part or len(parts) == MAX_PARTS:
                return None
            parts[part] = True
            compound = compound[len(part) :]
        return list(parts)


def _minimal(synonyms: Iterable[str]) -> list[str]:
    """The strings to look for to find any of `synonyms`. リモート finds リモートワーク and リモート勤務 too."""
    terms: list[str] = []
    for word in sorted(synonyms, key=len):
        line = index_line(word)
        if not any(term in line for term in terms):
            terms.append(synonym_term(word))
    return terms


def expand(words: list[str]) -> list[list[Alternative]]:
    """`SynonymIndex.expand` with the groups of the database. One query."""
    return _index(tuple(SynonymGroup.objects.values_list("terms", flat=True))).expand(words)


@lru_cache(maxsize=2)  # the groups before and after an edit
def _index(groups: tuple[str, ...]) -> SynonymIndex:
    return SynonymIndex(group.splitlines() for group in groups)
