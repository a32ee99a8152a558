"""What somebody typed to find openings, as conditions: every word, in any spelling, or a synonym of it."""

from functools import cached_property, lru_cache
from itertools import islice

from django.db.models import Q
from django.utils import translation

from careers import cldr
from careers.languages import LANGUAGES
from careers.search_index import (
    contains_any,
    drop_long_marks,
    index_line,
    like_term,
    normalize,
    spelling_key,
    spellings,
)

from .enums import EmploymentType, Level, Workplace
from .models import RemoteCountry, RoleLanguage, RoleLocation
from .vocabulary import SynonymGroup

MOST = 8  # words of one search
SAME = 200  # words that mean the same as one of them, of all its groups: databases take no thousand


class Terms:
    """The terms of a search: `every` of them is in an opening that is found, or `some` of them are.

    `places` and `departments` are {pk: name in all languages}: what an opening is chosen by is not
    written in its own words.
    """

    def __init__(self, typed, *, departments, places):
        self.words, self.left_out = [], []  # folded, and as they were typed
        for word in typed.split():
            self.words += (parts := normalize(word).split())
            if parts and len(self.words) > MOST:
                self.left_out.append(word)
        self._departments = _lines(departments)
        self._places = _lines(places)

    @cached_property
    def terms(self):
        """The terms, each as its alternatives (see `Synonyms.terms`)."""
        return _synonyms().terms(self.words[:MOST]) if self.words else []

    @property
    def every(self):
        """All terms are there."""
        return Q(*(self._condition(term) for term in self.terms))

    @property
    def some(self):
        """At least one of the terms is there."""
        return Q(*(self._condition(term) for term in self.terms), _connector=Q.OR)

    def are_in(self, lines):
        """Whether all terms stand in these lines of the folded column."""
        return all(
            any(_stand_in(lines, parts) for parts in alternatives) for alternatives in self.terms
        )

    def _condition(self, alternatives):
        return Q(*(self._all_of(parts) for parts in alternatives), _connector=Q.OR)

    def _all_of(self, parts):
        return Q(
            *(contains_any(forms, "public_search_text") | self._chosen_by(forms) for forms in parts)
        )

    def _chosen_by(self, forms):
        """Openings whose department, place or another choice is called so."""
        labels = _labels()
        related = (
            (RoleLocation, "location", self._places),
            (RoleLanguage, "language", labels["tongue"]),
            (RemoteCountry, "country", labels["country"]),
        )
        columns = (
            ("department", self._departments),
            ("workplace", labels["workplace"]),
            ("employment_type", labels["employment_type"]),
            ("level", labels["level"]),
        )
        either = Q()
        for column, known in columns:
            if values := _called(known, forms):
                either |= Q(**{f"{column}__in": values})
        for model, column, known in related:
            if values := _called(known, forms):
                rows = model.objects.filter(**{f"{column}__in": values}).order_by()
                either |= Q(pk__in=rows.values("role"))
        return either


class Synonyms:
    """Which terms mean the same, by the key of each (see `searching.key`)."""

    def __init__(self, groups):
        self._same = {}
        for group in groups:
            group = dict.fromkeys(folded for word in group if (folded := normalize(word)))
            for word in group:
                self._same.setdefault(spelling_key(word), {}).update(group)
        self._longest = max((len(term.split()) for term in self._same), default=1)
        self._by_length = sorted(self._same, key=len, reverse=True)

    def terms(self, words):
        """For each term of a search its alternatives: rows of parts, each part a set of spellings.

        The longest known term comes first: `machine learning` is one.
        """
        found, place = [], 0
        while place < len(words):
            for length in range(min(self._longest, len(words) - place), 0, -1):
                term = " ".join(words[place : place + length])
                if length == 1 or spelling_key(term) in self._same:
                    found.append(self._alternatives(term))
                    place += length
                    break
        return found

    def _alternatives(self, term):
        alternatives = [(self._meaning(term),)]
        if spelling_key(term) not in self._same and (parts := self._parts(spelling_key(term))):
            alternatives.append(tuple(self._meaning(part) for part in parts))
        return alternatives

    def _meaning(self, term):
        same = {
            drop_long_marks(word) for word in islice(self._same.get(spelling_key(term), ()), SAME)
        }
        return frozenset(spellings(term) | same)

    def _parts(self, compound):
        """東京バックエンド: the known terms that it is made of, or None."""
        parts = {}
        while compound:
            known = next((term for term in self._by_length if compound.startswith(term)), None)
            if not known or len(parts) == MOST:
                return None
            parts[known] = True
            compound = compound[len(known) :]
        return list(parts)


def _synonyms():
    return _made_of(tuple(SynonymGroup.objects.values_list("terms", flat=True)))


@lru_cache(maxsize=2)
def _made_of(groups):
    return Synonyms(group.splitlines() for group in groups)


@lru_cache(maxsize=1)
def _labels():
    """What the fixed choices are called, in both languages: {choice: line}."""
    choices = {"workplace": Workplace, "employment_type": EmploymentType, "level": Level}
    labels = {
        name: _lines({choice.value: _in_both(choice.label) for choice in of})
        for name, of in choices.items()
    }
    for name, of, called in (
        ("tongue", cldr.tongues, cldr.tongue),
        ("country", cldr.countries, cldr.country),
    ):
        codes = [code for code, _label in of()]
        labels[name] = _lines({c: [called(c, language) for language in LANGUAGES] for c in codes})
    return labels


def _in_both(label):
    for language in LANGUAGES:
        with translation.override(language):
            yield str(label)


def _lines(names_of):
    return {
        value: "\n".join(index_line(name) for name in names if name)
        for value, names in names_of.items()
    }


def _called(known, forms):
    return [value for value, lines in known.items() if _stand_in(lines, (forms,))]


def _stand_in(lines, parts):
    return all(any(like_term(form) in lines for form in forms) for forms in parts)
