"""What openings can be chosen by, and how many there are of each choice."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import BigIntegerField, BooleanField, CharField, Count, F, Model, Q, Value
from django.db.models.functions import Cast
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from careers.languages import LANGUAGES

from .completeness import BY_INDEX
from .enums import EmploymentType, Level, Workplace
from .models import RoleLanguage, RoleLocation


@dataclass(frozen=True, eq=False)  # a label is not equal to itself in another language
class Facet:
    """One thing to choose by: its name in an address, which never changes, and where it is kept.

    `rows` hold it where an opening has several of it; the posting language has no column at all.
    """

    name: str
    label: str | Promise
    column: str = ""
    rows: type[Model] | None = None
    path: str = ""  # from an opening to these

    def condition(self, values):
        """An opening has one of `values`."""
        if self.rows:
            rows = self.rows.objects.filter(**{f"{self.column}__in": values}).order_by()
            return Q(pk__in=rows.values("role"))
        if self.column:
            return Q(**{f"{self.column}__in": values})
        return Q(*((f"in_{language}", True) for language in values), _connector=Q.OR)

    def of(self, row):
        """What a counted row has."""
        if not self.column:
            return [language for language in LANGUAGES if row[f"has_in_{language}"]]
        value = row[f"has_{self.column}"]
        return [] if value == "" else [str(value)]


DEPARTMENT = Facet("department", _("Department"), "department")
PLACE = Facet("place", pgettext_lazy("of work", "Place"), "location", RoleLocation, "places")
WORKPLACE = Facet("workplace", _("Workplace"), "workplace")
TYPE = Facet("type", _("Employment type"), "employment_type")
LEVEL = Facet("level", _("Level"), "level")
SPEAK = Facet("speak", _("Working language"), "language", RoleLanguage, "working_languages")
LANGUAGE = Facet("language", _("Language of the posting"))
FACETS = (DEPARTMENT, PLACE, WORKPLACE, TYPE, LEVEL, SPEAK, LANGUAGE)
FIXED = {WORKPLACE: Workplace, TYPE: EmploymentType, LEVEL: Level}

_SEVERAL = tuple(facet for facet in FACETS if facet.rows)
# What an opening has one of, under names that a query may also give to nothing.
_FACTS = {f"has_{facet.column}": CharField() for facet in (WORKPLACE, TYPE, LEVEL)}
_FACTS |= {"has_department": BigIntegerField()}
_FACTS |= {f"has_in_{language}": BooleanField() for language in LANGUAGES}


def condition(values):
    """An opening has one of the chosen values of each facet: {facet: values}."""
    return Q(*(facet.condition(of) for facet, of in values.items() if of))


def count(roles, values):
    """How many openings are chosen, and for each facet how many there would be with a value of it,
    were nothing else of that facet chosen: `(number, {facet: {value: number}})`. One query."""
    rows = {facet: [] for facet in (None, *_SEVERAL)}
    parts = [_counted(roles, values, facet) for facet in rows]
    for row in parts[0].union(*parts[1:], all=True):
        rows[(None, *_SEVERAL)[row["part"]]].append(row)
    counts = {facet: Counter() for facet in FACETS}
    for facet in _SEVERAL:
        counts[facet].update({row["value"]: row["number"] for row in rows[facet]})
    wanted = {of: set(value) for of, value in values.items() if value and not of.rows}
    for facet in (facet for facet in FACETS if not facet.rows):
        for row in rows[None]:
            if _fits(row, wanted, but=facet):
                for value in facet.of(row):
                    counts[facet][value] += row["number"]
    return sum(row["number"] for row in rows[None] if _fits(row, wanted)), counts


def _counted(roles, values, facet):
    """A part of the query: how many have each value of a facet that an opening has several of; or, for
    None, how many have the same of everything else, so that Python can tell what fits."""
    of_query = [of for of in FACETS if of is not facet and (facet or of.rows)]
    chosen = condition({of: values.get(of) for of in of_query})
    roles = roles.filter(chosen, BY_INDEX).order_by()
    nothing = {name: Value(None, field) for name, field in _FACTS.items()}
    facts = nothing if facet else {name: F(name.removeprefix("has_")) for name in _FACTS}
    value = F(f"{facet.path}__{facet.column}") if facet else None
    facts["value"] = Cast(value, CharField()) if facet else Value(None, CharField())
    part = (None, *_SEVERAL).index(facet)
    grouped = roles.annotate(**facts).values(*facts)
    return grouped.annotate(number=Count("pk"), part=Value(part))


def _fits(row, wanted, but=None):
    """Whether a counted row has what is wanted, apart from the facet that is being counted."""
    return all(
        not values.isdisjoint(facet.of(row)) for facet, values in wanted.items() if facet is not but
    )
