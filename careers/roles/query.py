"""A search query as database conditions: each word in any spelling, or a synonym of it."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from typing import Any, TypeVar

from django.db.models import Model, Q, TextChoices
from django.utils import translation
from django.utils.functional import Promise

from careers import cldr
from careers.languages import LANGUAGES
from careers.normalization import index_line, normalize
from careers.search_index import MAX_WORDS, contains_any

from . import synonyms
from .enums import EmploymentType, Level, Workplace
from .models import RemoteCountry, RoleLanguage, RoleLocation
from .synonyms import Alternative

Key = TypeVar("Key", int, str)


class SearchTerms:
    """The terms of a search query.

    `departments` and `locations` are {pk: names in both languages}: a search also matches the names of
    a role's department, locations and other facts, which are not in its search text.
    """

    def __init__(
        self,
        query: str,
        *,
        departments: Mapping[int, Iterable[str]],
        locations: Mapping[int, Iterable[str]],
    ) -> None:
        self._words: list[str] = []  # normalized
        self.ignored: list[str] = []  # as in the query
        for word in query.split():
            self._words += (parts := normalize(word).split())
            if parts and len(self._words) > MAX_WORDS:
                self.ignored.append(word)
        self._departments = _name_lines(departments)
        self._locations = _name_lines(locations)

    def __len__(self) -> int:
        return len(self._terms)

    def conditions(self) -> list[Q]:
        """The `Q` of each term: the roles that have it."""
        return [self._condition(term) for term in self._terms]

    def are_in(self, lines: str) -> bool:
        """Whether all terms are in these lines of a search text column."""
        return all(
            any(all(_contains(lines, terms) for terms in parts) for parts in alternatives)
            for alternatives in self._terms
        )

    @cached_property
    def _terms(self) -> list[list[Alternative]]:
        """The terms, each as its alternatives (see `SynonymIndex.expand`)."""
        return synonyms.expand(self._words[:MAX_WORDS]) if self._words else []

    def _condition(self, alternatives: list[Alternative]) -> Q:
        return Q(*(self._parts_match(parts) for parts in alternatives), _connector=Q.OR)

    def _parts_match(self, parts: Alternative) -> Q:
        return Q(
            *(
                # Facts first: databases do not read the texts of roles that match by a fact.
                self._fact_matches(terms) | contains_any(terms, "public_search_text")
                for terms in parts
            )
        )

    def _fact_matches(self, terms: Collection[str]) -> Q:
        """The `Q` of roles with a fact whose name contains one of `terms`."""
        names = _fixed_names()
        columns: tuple[tuple[str, Mapping[Any, str]], ...] = (
            ("department", self._departments),
            ("workplace", names["workplace"]),
            ("employment_type", names["employment_type"]),
            ("level", names["level"]),
        )
        related: tuple[tuple[type[Model], str, Mapping[Any, str]], ...] = (
            (RoleLocation, "location", self._locations),
            (RoleLanguage, "language", names["language"]),
            (RemoteCountry, "country", names["country"]),
        )
        condition = Q()
        for column, lines in columns:
            if values := _values_with(lines, terms):
                condition |= Q(**{f"{column}__in": values})
        for model, column, lines in related:
            if values := _values_with(lines, terms):
                rows = model._default_manager.filter(**{f"{column}__in": values}).order_by()
                condition |= Q(pk__in=rows.values("role"))
        return condition


@lru_cache(maxsize=1)
def _fixed_names() -> dict[str, dict[str, str]]:
    """{kind: {value: lines}} of the built-in names, in both languages."""
    enums: dict[str, type[TextChoices]] = {
        "workplace": Workplace,
        "employment_type": EmploymentType,
        "level": Level,
    }
    names = {
        kind: _name_lines({member.value: _in_both_languages(member.label) for member in enum})
        for kind, enum in enums.items()
    }
    for kind, choices, name in (
        ("language", cldr.language_names, cldr.language_name),
        ("country", cldr.countries, cldr.country),
    ):
        names[kind] = _name_lines(
            {code: [name(code, language) for language in LANGUAGES] for code, _label in choices()}
        )
    return names


def _in_both_languages(label: str | Promise) -> Iterator[str]:
    for language in LANGUAGES:
        with translation.override(language):
            yield str(label)


def _name_lines(names: Mapping[Key, Iterable[str]]) -> dict[Key, str]:
    """{value: names} with the names normalised as in a search text column."""
    return {value: "\n".join(map(index_line, filter(None, rows))) for value, rows in names.items()}


def _values_with(names: Mapping[Key, str], terms: Collection[str]) -> list[Key]:
    return [value for value, lines in names.items() if _contains(lines, terms)]


def _contains(lines: str, terms: Iterable[str]) -> bool:
    return any(term in lines for term in terms)
