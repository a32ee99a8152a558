"""The facets of the role list: what visitors can filter by, and the number of open roles per choice."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Model, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from careers.languages import LANGUAGES

from .enums import EmploymentType, Level, Workplace
from .models import RoleLanguage, RoleLocation

Group = dict[str, Any]  # a row of `_grouped`: {column: value}


@dataclass(frozen=True, eq=False)  # a lazy label does not equal itself in another language
class Facet:
    """A filter on a column of `Role`. `name` is its URL parameter and never changes."""

    name: str
    label: str | Promise
    column: str

    def condition(self, values: Iterable[str]) -> Q:
        """The `Q` of roles that have one of `values`."""
        return Q(**{f"{self.column}__in": values})

    def values_in(self, row: Group) -> list[str]:
        """The values, as strings, that the roles of a row of `_grouped` have."""
        return [] if row[self.column] == "" else [str(row[self.column])]


@dataclass(frozen=True, eq=False)
class PostingLanguageFacet(Facet):
    """A filter on the annotations `in_en` and `in_ja` (see `PublishedQuerySet.posted`)."""

    column: str = ""

    def condition(self, values: Iterable[str]) -> Q:
        return Q(*((f"in_{language}", True) for language in values), _connector=Q.OR)

    def values_in(self, row: Group) -> list[str]:
        return [language for language in LANGUAGES if row[f"in_{language}"]]


@dataclass(frozen=True, eq=False)
class RelatedFacet:
    """A filter on related rows of `model`; `path` is the lookup of their column from `Role`."""

    name: str
    label: str | Promise
    model: type[Model]
    column: str
    path: str

    def condition(self, values: Iterable[str]) -> Q:
        """The `Q` of roles that have one of `values`."""
        # A subquery instead of a join, so that a role with two of the values is one row.
        rows = self.model._default_manager.filter(**{f"{self.column}__in": values}).order_by()
        return Q(pk__in=rows.values("role"))

    def counts(self, roles: QuerySet[Any]) -> Counter[str]:
        """How many of `roles` have each value: a `Counter` whose keys are strings. One query."""
        rows = roles.order_by().values_list(self.path).annotate(Count("pk"))
        return Counter({str(value): number for value, number in rows if value is not None})


AnyFacet = Facet | RelatedFacet

DEPARTMENT = Facet("department", _("Department"), "department")
LOCATION = RelatedFacet(
    "location",
    pgettext_lazy("of work", "Place"),
    RoleLocation,
    "location",
    "role_locations__location",
)
WORKPLACE = Facet("workplace", _("Workplace"), "workplace")
EMPLOYMENT_TYPE = Facet("type", _("Employment type"), "employment_type")
LEVEL = Facet("level", _("Level"), "level")
WORKING_LANGUAGE = RelatedFacet(
    "working_language",
    _("Working language"),
    RoleLanguage,
    "language",
    "working_languages__language",
)
POSTING_LANGUAGE = PostingLanguageFacet("language", _("Language of the posting"))
FACETS = (
    DEPARTMENT,
    LOCATION,
    WORKPLACE,
    EMPLOYMENT_TYPE,
    LEVEL,
    WORKING_LANGUAGE,
    POSTING_LANGUAGE,
)
ENUMS = {WORKPLACE: Workplace, EMPLOYMENT_TYPE: EmploymentType, LEVEL: Level}


def condition(filters: Mapping[AnyFacet, Sequence[str]]) -> Q:
    """The `Q` of roles that pass `filters`, {facet: selected values}: one of the values of each facet."""
    return Q(*(facet.condition(values) for facet, values in filters.items() if values))


def count(
    roles: QuerySet[Any], filters: Mapping[AnyFacet, Sequence[str]]
) -> tuple[int, dict[AnyFacet, Counter[str]]]:
    """How many of `roles` pass `filters`, and the counts of each facet: `(number, {facet: Counter})`.

    The counts of a facet ignore its own selected values, so they are the number of roles that another
    choice would give. One query for the columns of `Role` and one for each related facet: with one
    query per facet, a search in 10,000 roles takes a third longer.
    """
    roles = roles.order_by()
    selected = {facet: values for facet, values in filters.items() if values}
    groups = _grouped(roles, selected)
    counts: dict[AnyFacet, Counter[str]] = {}
    for facet in FACETS:
        others = {other: values for other, values in selected.items() if other is not facet}
        if isinstance(facet, RelatedFacet):
            counts[facet] = facet.counts(roles.filter(condition(others)))
        else:
            counts[facet] = Counter()
            for row in _passing(groups, others):
                counts[facet].update(dict.fromkeys(facet.values_in(row), row["number"]))
    return sum(row["number"] for row in _passing(groups, selected)), counts


def _grouped(roles: QuerySet[Any], filters: Mapping[AnyFacet, Sequence[str]]) -> list[Group]:
    """The `number` of roles for each combination of values that are columns or annotations.

    Only the related facets of `filters` are applied.
    """
    related: dict[AnyFacet, Sequence[str]] = {
        facet: values for facet, values in filters.items() if isinstance(facet, RelatedFacet)
    }
    columns = [facet.column for facet in (DEPARTMENT, WORKPLACE, EMPLOYMENT_TYPE, LEVEL)]
    rows = roles.filter(condition(related))
    rows = rows.values(*columns, *(f"in_{language}" for language in LANGUAGES))
    return list(rows.annotate(number=Count("pk")))


def _passing(groups: Iterable[Group], filters: Mapping[AnyFacet, Sequence[str]]) -> list[Group]:
    """The groups that pass the `filters` that are not related facets."""
    selected = {
        facet: set(values)
        for facet, values in filters.items()
        if not isinstance(facet, RelatedFacet)
    }
    return [
        row
        for row in groups
        if all(not values.isdisjoint(facet.values_in(row)) for facet, values in selected.items())
    ]
