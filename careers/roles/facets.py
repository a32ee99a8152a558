"""The facets of the list of openings: what visitors can filter by, and how many openings each choice has."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Model, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from careers.languages import LANGUAGES

from .completeness import USES_INDEX
from .enums import EmploymentType, Level, Workplace
from .models import RoleLanguage, RoleLocation


@dataclass(frozen=True, eq=False)  # a lazy label does not equal itself in another language
class Facet:
    """A filter on a column of `Role`. `name` is its URL parameter and never changes."""

    name: str
    label: str | Promise
    column: str

    def condition(self, values):
        """The `Q` of roles that have one of `values`."""
        return Q(**{f"{self.column}__in": values})

    def counts(self, roles):
        """How many of `roles` have each value: a `Counter` whose keys are strings. One query."""
        rows = roles.order_by().values_list(self.column).annotate(Count("pk"))
        return Counter({str(value): number for value, number in rows if value not in ("", None)})


@dataclass(frozen=True, eq=False)
class RelatedFacet(Facet):
    """A filter on rows of `model`, of which a role may have several; `column` is the path to it."""

    model: type[Model]
    model_column: str

    def condition(self, values):
        # A subquery and no join: a role with two of the values is still one row.
        rows = self.model.objects.filter(**{f"{self.model_column}__in": values}).order_by()
        return Q(pk__in=rows.values("role"))


@dataclass(frozen=True, eq=False)
class PostingLanguageFacet(Facet):
    """A filter on the annotations `in_en` and `in_ja` (see `PublishedQuerySet.posted`)."""

    column: str = ""

    def condition(self, values):
        return Q(*((f"in_{language}", True) for language in values), _connector=Q.OR)

    def counts(self, roles):
        numbers = {
            language: Count("pk", filter=self.condition([language])) for language in LANGUAGES
        }
        return Counter(roles.order_by().aggregate(**numbers))


DEPARTMENT = Facet("department", _("Department"), "department")
LOCATION = RelatedFacet(
    "location", pgettext_lazy("of work", "Place"), "places__location", RoleLocation, "location"
)
WORKPLACE = Facet("workplace", _("Workplace"), "workplace")
EMPLOYMENT_TYPE = Facet("type", _("Employment type"), "employment_type")
LEVEL = Facet("level", _("Level"), "level")
WORKING_LANGUAGE = RelatedFacet(
    "working_language",
    _("Working language"),
    "working_languages__language",
    RoleLanguage,
    "language",
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


def condition(filters):
    """The `Q` of roles that pass `filters`, a dict {facet: chosen values}: one value of each facet."""
    return Q(*(facet.condition(values) for facet, values in filters.items() if values))


def count(roles, filters):
    """How many of `roles` pass `filters`, and the counts of each facet: `(number, {facet: Counter})`.

    The counts of a facet ignore what is chosen of it, so that they say how many openings another
    choice would give.
    """
    roles = roles.filter(USES_INDEX)
    counts = {}
    for facet in FACETS:
        others = {other: values for other, values in filters.items() if other is not facet}
        counts[facet] = facet.counts(roles.filter(condition(others)))
    return roles.filter(condition(filters)).count(), counts
