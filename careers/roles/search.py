"""A search for roles, read from the query string: words, filters and an order.

The list and its feeds use the same `Search`, so a query string has the same meaning in both.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from contextlib import suppress
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db import DatabaseError
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Substr
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from careers import japanese
from careers.cldr import language_name, language_names
from careers.languages import (
    LANGUAGES,
    OWN_NAMES,
    LocalizedText,
    active_language,
    format_list,
    localized,
    other_language,
)
from careers.publishing import PublishedQuerySet, visible_since

from . import facets
from .completeness import USES_INDEX
from .facets import (
    DEPARTMENT,
    ENUMS,
    FACETS,
    LOCATION,
    POSTING_LANGUAGE,
    WORKING_LANGUAGE,
    AnyFacet,
)
from .key_list import KeyIn
from .models import Department, Location, Role
from .query import SearchTerms
from .search_log import ZeroResultSearch

MAX_LENGTH = 100  # characters of the words
NEWEST, CLOSING = "newest", "closing"
SORTS = (NEWEST, CLOSING)
WORDS_PARAM = "q"
FILTER_PARAMS = (*(facet.name for facet in FACETS), "sort")  # with WORDS_PARAM, all that is read
TITLE_CHARACTERS = 1_000  # of the search text, which begins with the lines of both titles


class Search:
    """A search, made from the parameters of a query string (a `QueryDict`).

    `words` is the text as typed, `filters` is {facet: selected values}. Unknown parameters are dropped.
    Unknown values are dropped and listed in `ignored`.
    """

    def __init__(self, parameters: QueryDict, language: str | None = None) -> None:
        self.language = language or active_language()
        self._ignored: list[str] = []
        self._parameters = parameters
        self.words = self._read_words()
        self.sort = self._read_sort()
        self.filters = {facet: self._read_values(facet) for facet in FACETS}

    def __bool__(self) -> bool:
        """Whether it has words or filters; an order alone is not a search."""
        return bool(self.words or any(self.filters.values()))

    # --- As text -----------------------------------------------------------------------------

    @property
    def ignored(self) -> list[str]:
        """Labels of the dropped values, in the active language."""
        ignored_words = self._terms.ignored if self.words else ()
        return [*self._ignored, *(_quoted() % {"words": word} for word in ignored_words)]

    @property
    def query_string(self) -> str:
        """The canonical query string: in a fixed order, without dropped values."""
        pairs = [(WORDS_PARAM, self.words)] if self.words else []
        pairs += [(facet.name, value) for facet, values in self.filters.items() for value in values]
        pairs += [("sort", self.sort)] if self.sort else []
        return urlencode(pairs)

    @property
    def url(self) -> str:
        """The path and query string of the list with this search, in the active language."""
        query = self.query_string
        return reverse("roles:index") + (f"?{query}" if query else "")

    @property
    def sentence(self) -> str:
        """The search as a title in the search's language: “rain” · Tokyo, Osaka · Remote."""
        parts = [_quoted() % {"words": self.words}] if self.words else []
        parts += [
            format_list(self.label(facet, value).text for value in values)
            for facet, values in self.filters.items()
            if values
        ]
        return " · ".join(parts)

    def label(self, facet: AnyFacet, value: str) -> LocalizedText:
        """The label of a value of a facet, with the language of the label."""
        if facet in ENUMS:
            return LocalizedText(str(ENUMS[facet](value).label), self.language)
        if facet in (DEPARTMENT, LOCATION):
            return localized(self._records[facet][value], "name", self.language)
        if facet is WORKING_LANGUAGE:
            return LocalizedText(language_name(value, self.language), self.language)
        return LocalizedText(OWN_NAMES[value], value)

    def values(self, facet: AnyFacet) -> Collection[str]:
        """All values of a facet, in the order of the page."""
        if facet in ENUMS:
            return ENUMS[facet].values
        if facet in (DEPARTMENT, LOCATION):
            return self._records[facet]
        return (
            LANGUAGES if facet is POSTING_LANGUAGE else [code for code, _name in language_names()]
        )

    # --- Results -----------------------------------------------------------------------------

    def roles(self) -> PublishedQuerySet:
        """The public roles that match, in the order of the search."""
        return self._sorted(self._with_words().filter(facets.condition(self.filters)))

    def count(self) -> tuple[int, dict[AnyFacet, Counter[str]]]:
        """The number of matching roles, and the counts of each facet (see `facets.count`)."""
        return facets.count(self._with_words(), self.filters)

    def partial_condition(self) -> Q:
        """The `Q` of roles that pass the filters and match at least one of the terms.

        It matches nothing if there is only one term.
        """
        if len(self._terms) < 2:
            return Q(pk__in=[])
        return Q(*self._conditions, _connector=Q.OR) & facets.condition(self.filters)

    def log_zero_results(self) -> None:
        """Count the words if no role matches them, regardless of the filters.

        If the database cannot be written to, the search still succeeds.
        """
        if self.words and not self._title_matches:
            with suppress(DatabaseError):
                ZeroResultSearch.objects.record(self.words, self.language)

    def _with_words(self) -> PublishedQuerySet:
        """The public roles that match the words, without an order."""
        roles = Role.objects.public().filter(USES_INDEX)
        return roles.filter(KeyIn(F("pk"), tuple(self._title_matches))) if self.words else roles

    def _sorted(self, roles: PublishedQuerySet) -> PublishedQuerySet:
        newest = visible_since(self.language, other_language(self.language)).desc(), "pk"
        if self.sort == NEWEST:
            return roles.order_by(*newest)
        if self.sort == CLOSING:
            return roles.order_by(F("closes_on").asc(nulls_last=True), *newest)
        if not self.words:
            return roles.order_by(*(Role._meta.ordering or ()))
        title_first = tuple(pk for pk, in_title in self._title_matches.items() if in_title)
        if not title_first:
            return roles.order_by(*newest)
        rank = Case(When(KeyIn(F("pk"), title_first), then=Value(0)), default=Value(1))
        return roles.order_by(rank, *newest)

    @cached_property
    def _title_matches(self) -> dict[int, bool]:
        """{pk: whether its titles match all words} of the public roles that match the words."""
        if not self._terms:
            return {}
        roles = Role.objects.public().filter(*self._conditions).order_by()
        rows = roles.values_list("pk", Substr("public_search_text", 1, TITLE_CHARACTERS))
        return {
            pk: self._terms.are_in("\n".join(text.split("\n")[:2])) for pk, text in rows.iterator()
        }

    @cached_property
    def _conditions(self) -> list[Q]:
        """The condition of each term.

        If there are several, the first is a list of keys. So the database reads the texts for it once, and
        not again to find the roles that have only some of the terms.
        """
        first, *others = self._terms.conditions()
        if others:
            rows = Role.objects.public().filter(first).order_by()
            first = Q(KeyIn(F("pk"), tuple(rows.values_list("pk", flat=True))))
        return [first, *others]

    @cached_property
    def _terms(self) -> SearchTerms:
        departments, locations = (
            {row.pk: [row.name_en, row.name_ja] for row in self._records[facet].values()}
            for facet in (DEPARTMENT, LOCATION)
        )
        return SearchTerms(self.words, departments=departments, locations=locations)

    @cached_property
    def _records(self) -> Mapping[AnyFacet, dict[str, Any]]:
        """{facet: {value: record}} of the facets whose values are records.

        Only departments and locations of posted roles: others are not public.
        """
        posted = Role.objects.posted().order_by()
        posted_rows: dict[AnyFacet, QuerySet[Any]] = {
            DEPARTMENT: Department.objects.filter(Exists(posted.filter(department=OuterRef("pk")))),
            LOCATION: Location.objects.filter(Exists(posted.filter(locations=OuterRef("pk")))),
        }
        return {
            facet: {str(row.pk): row for row in rows.only("name_en", "name_ja")}
            for facet, rows in posted_rows.items()
        }

    # --- Parameters --------------------------------------------------------------------------

    def _read_words(self) -> str:
        words = " ".join(self._parameters.get(WORDS_PARAM, "").replace("\0", "").split())
        if len(words) > MAX_LENGTH:
            self._ignored.append(_("whatever follows the first %(n)s letters") % {"n": MAX_LENGTH})
        return words[:MAX_LENGTH].strip()

    def _read_sort(self) -> str:
        sort = self._parameters.get("sort", "")
        if sort and sort not in SORTS:
            self._ignore(_("Sort by"), sort)
        return sort if sort in SORTS else ""

    def _read_values(self, facet: AnyFacet) -> list[str]:
        values = [value for value in dict.fromkeys(self._parameters.getlist(facet.name)) if value]
        known_values = self.values(facet) if values else ()
        for value in values:
            if value not in known_values:
                self._ignore(facet.label, value)
        return [value for value in values if value in known_values]

    def _ignore(self, label: str | Promise, value: str) -> None:
        pattern = pgettext("a part of an address", "%(what)s “%(value)s”")
        value = Truncator(japanese.strip_invisible(value)).chars(30)
        self._ignored.append(pattern % {"what": label, "value": value})


def _quoted() -> str:
    return pgettext("what was typed", "“%(words)s”")
