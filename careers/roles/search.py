"""What somebody wants to see of the openings, read from an address: words, choices and an order.

The list, its feeds and the API ask the same `Search`, so that one address means the same everywhere.
"""

from contextlib import suppress
from functools import cached_property
from operator import attrgetter
from urllib.parse import urlencode

from django.db import DatabaseError
from django.db.models import Case, CharField, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Substr
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from careers import japanese
from careers.cldr import tongue, tongues
from careers.languages import LANGUAGES, OWN_NAME, Words, listed, other, words
from careers.publishing import seen_since

from . import facets
from .facets import DEPARTMENT, FACETS, FIXED, LANGUAGE, PLACE, SPEAK
from .models import Department, Location, Role
from .query import Terms
from .vocabulary import ZeroResultSearch

LONGEST = 100  # letters of what is typed
NEWEST, CLOSING = "newest", "closing"
SORTS = (NEWEST, CLOSING)
TYPED = "q"
CHOICES = (*(facet.name for facet in FACETS), "sort")  # with TYPED, all that a search reads
MANY = 7_000  # found openings; beyond, the database looks for them again instead of being told
TITLES = 500  # letters at the beginning of the public words in which both titles stand


class Search:
    """A search, made from the parameters of an address (a QueryDict).

    What it does not understand is `ignored`, and said.
    """

    def __init__(self, parameters, language=None):
        self.language = language or get_language()
        self._ignored = []
        self._parameters = parameters
        self.typed = self._read_typed()
        self.sort = self._read_sort()
        self.chosen = {facet: self._read(facet) for facet in FACETS}

    # --- What it is --------------------------------------------------------------------------

    def __bool__(self):
        """Whether it leaves anything out; an order alone does not."""
        return bool(self.typed or any(self.chosen.values()))

    @property
    def ignored(self):
        """What was ignored, in words."""
        left_out = self._terms.left_out if self.typed else ()
        return [*self._ignored, *(_quoted() % {"words": word} for word in left_out)]

    @property
    def query_string(self):
        """The search as the end of an address, always in the same order, without what was ignored."""
        pairs = [(TYPED, self.typed)] if self.typed else []
        pairs += [(facet.name, value) for facet, of in self.chosen.items() for value in of]
        pairs += [("sort", self.sort)] if self.sort else []
        return urlencode(pairs)

    @property
    def address(self):
        """The list that shows it, in the active language."""
        query = self.query_string
        return reverse("roles:index") + (f"?{query}" if query else "")

    @property
    def sentence(self):
        """The search in words, in the language of the page: “rain” · Tokyo, Osaka · Remote."""
        said = [_quoted() % {"words": self.typed}] if self.typed else []
        said += [
            listed(self.label(facet, value).text for value in of)
            for facet, of in self.chosen.items()
            if of
        ]
        return " · ".join(said)

    def label(self, facet, value):
        """What a choice is called, and in which language."""
        if facet in FIXED:
            return Words(str(FIXED[facet](value).label), self.language)
        if facet in (DEPARTMENT, PLACE):
            return words(self._named[facet][value], "name", self.language)
        if facet is SPEAK:
            return Words(tongue(value, self.language), self.language)
        return Words(OWN_NAME[value], value)

    def values(self, facet):
        """All values that there are of a facet, in the order of the page."""
        if facet in FIXED:
            return FIXED[facet].values
        if facet in (DEPARTMENT, PLACE):
            return self._named[facet]
        return LANGUAGES if facet is LANGUAGE else [code for code, _name in tongues()]

    # --- What it finds -----------------------------------------------------------------------

    def roles(self):
        """The public openings that it finds, in its order."""
        return self._in_order(self._matching().filter(facets.condition(self.chosen)))

    def count(self):
        """How many it finds, and how many of each choice within the others (see `facets.count`)."""
        return facets.count(self._matching(), self.chosen)

    @property
    def nearly(self):
        """The condition of openings that have some of its words and all of its choices; none have
        some of a single word."""
        if len(self._terms.terms) < 2:
            return Q(pk__in=[])
        return self._terms.some & facets.condition(self.chosen)

    def remember(self):
        """Count what was typed if no opening has it, whatever else was chosen.

        Nobody's search fails because it cannot be counted.
        """
        if self.typed and not self._found:
            with suppress(DatabaseError):
                ZeroResultSearch.objects.count_one(self.typed, self.language)

    @cached_property
    def _terms(self):
        names = {
            facet: {row.pk: [row.name_en, row.name_ja] for row in self._named[facet].values()}
            for facet in (DEPARTMENT, PLACE)
        }
        return Terms(self.typed, departments=names[DEPARTMENT], places=names[PLACE])

    @cached_property
    def _named(self):
        # Nobody learns of a department or a place that no posted opening names.
        posted, this = Role.objects.posted().order_by(), OuterRef("pk")
        of = {  # one opening is enough: thousands need not be looked at
            DEPARTMENT: Department.objects.filter(Exists(posted.filter(department=this))),
            PLACE: Location.objects.filter(Exists(posted.filter(locations=this))),
        }
        departments, places = (
            rows.order_by()
            .annotate(facet=Value(facet.name, CharField()))
            .values_list("facet", "order", "pk", "name_en", "name_ja", named=True)
            for facet, rows in of.items()
        )
        found = sorted(departments.union(places, all=True), key=attrgetter("order", "pk"))
        return {
            facet: {str(row.pk): row for row in found if row.facet == facet.name} for facet in of
        }

    @property
    def _everything(self):
        return Role.objects.public()

    def _matching(self):
        """The openings that have the words, in no order."""
        if not self.typed:
            return self._everything
        if not self._terms.terms:
            return Role.objects.posted().none()
        if len(self._found) > MANY:
            return self._everything.filter(self._terms.every)
        return self._everything.filter(pk__in=self._found)

    @cached_property
    def _found(self):
        """{key: whether the words stand in its title} of the openings that have the words."""
        if not self._terms.terms:
            return {}
        rows = self._everything.filter(self._terms.every).order_by()
        found = rows.values_list("pk", Substr("public_search_text", 1, TITLES))
        return {
            pk: self._terms.are_in("\n".join(lines.split("\n")[:2]))
            for pk, lines in found.iterator()
        }

    def _in_order(self, roles):
        newest = _newest(self.language)
        if self.sort == NEWEST:
            return roles.order_by(*newest)
        if self.sort == CLOSING:
            return roles.order_by(F("closes_on").asc(nulls_last=True), *newest)
        if not self.typed:
            return roles.order_by(*Role._meta.ordering)
        entitled = [pk for pk, in_title in self._found.items() if in_title]
        if not entitled:
            return roles.order_by(*newest)
        first = Case(When(pk__in=entitled[:MANY], then=Value(0)), default=Value(1))
        return roles.order_by(first, *newest)

    # --- What is read ------------------------------------------------------------------------

    def _read_typed(self):
        typed = " ".join(self._parameters.get(TYPED, "").replace("\0", "").split())
        if len(typed) > LONGEST:
            self._ignored.append(_("whatever follows the first %(n)s letters") % {"n": LONGEST})
        return typed[:LONGEST].strip()

    def _read_sort(self):
        sort = self._parameters.get("sort", "")
        if sort and sort not in SORTS:
            self._ignore(_("Sort by"), sort)
        return sort if sort in SORTS else ""

    def _read(self, facet):
        values = [value for value in dict.fromkeys(self._parameters.getlist(facet.name)) if value]
        known = self.values(facet) if values else ()
        for value in values:
            if value not in known:
                self._ignore(facet.label, value)
        return [value for value in values if value in known]

    def _ignore(self, what, value):
        said = pgettext("a part of an address", "%(what)s “%(value)s”")
        value = Truncator(japanese.clean(value)).chars(30)
        self._ignored.append(said % {"what": what, "value": value})


def _quoted():
    return pgettext("what was typed", "“%(words)s”")


def _newest(language):
    """Since when it can be seen, the newest first."""
    return seen_since(language, other(language)).desc(), "pk"
