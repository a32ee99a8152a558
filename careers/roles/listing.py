"""Everything that the list of openings shows for a search, as one dict."""

from itertools import groupby
from typing import NamedTuple

from django.core.paginator import Paginator
from django.db.models import Case, When
from django.utils.translation import gettext as _

from careers.languages import Words, listed, other, words
from careers.publishing import seen_since

from . import page, where
from .facets import DEPARTMENT, TYPE
from .models import Role
from .search import CLOSING, NEWEST

ON_A_PAGE = 50
NEARLY = 10  # openings with some of the words, where none has all


class Choice(NamedTuple):
    """One value of a facet: what it is called, how many openings have it, and whether it is chosen."""

    value: str
    label: Words
    count: int
    chosen: bool


class Section(NamedTuple):
    """A part of the list: under the name of a department, or under the order of all of it."""

    heading: Words
    entries: list


def shown(search, number):
    """Context of the list of openings: page `number` of what `search` finds."""
    count, counts = search.count()
    pages = Paginator(search.roles(), ON_A_PAGE)
    pages.count = count  # it is known; the paginator would ask again
    found = pages.get_page(number)
    ignored = search.ignored
    if number not in (None, str(found.number)):
        ignored.append(_("page “%(page)s”") % {"page": number[:30]})
    return {
        "search": search,
        "filters_query": search.query_string,
        "leaf_query": f"page={found.number}" if found.number > 1 else "",
        "page_href": f"?{search.query_string}&page=" if search.query_string else "?page=",
        "count": count,
        "found": found,
        "ignored": listed(ignored),
        "facets": _facets(search, counts),
        "filters": sum(map(len, search.chosen.values())),
        "sorts": _sorts(search),
        "sections": _sections(search, page.entries(found.object_list, search.language)),
        "flat": not _is_by_department(search),
        "by_closing": search.sort == CLOSING,
        **(_instead(search) if search and not count else {}),
    }


def _instead(search):
    """What to show where nothing is found: what has some of the words, else what is like it."""
    like = page.alike(search.chosen[DEPARTMENT], search.chosen[TYPE])
    newest = Case(When(nearness=0, then=seen_since(search.language, other(search.language))))
    rows = page.near(search.nearly, *like)
    rows = list(rows.order_by("nearness", newest.desc(), *Role._meta.ordering)[:NEARLY])
    nearly = [row for row in rows if row.nearness == 0]
    shown = nearly or rows[: page.SIMILAR]
    where.read(shown)
    lines = [row.entry(search.language) for row in shown]
    return {"nearly": lines} if nearly else {"similar": lines}


def _sections(search, entries):
    if not entries:
        return []
    if not _is_by_department(search):
        return [Section(Words(_order(search), search.language), entries)]
    return [
        Section(words(department, "name"), list(group))
        for department, group in groupby(entries, key=lambda entry: entry.record.department)
    ]


def _order(search):
    return dict(_sorts(search))[search.sort]


def _sorts(search):
    """Pairs of a value and what the order is called; without a choice the best order is taken."""
    return [
        ("", _("Best match first") if search.typed else _("By department")),
        (NEWEST, _("Newest first")),
        (CLOSING, _("Closing soon first")),
    ]


def _facets(search, counts):
    """Pairs of a facet and its choices: those that lead somewhere, and those that are chosen."""
    every = []
    for facet, of in counts.items():
        chosen = search.chosen[facet]
        there = [value for value in search.values(facet) if of[value] or value in chosen]
        choices = [
            Choice(value, search.label(facet, value), of[value], value in chosen) for value in there
        ]
        if chosen or len(choices) > 1:
            every.append((facet, choices))
    return every


def _is_by_department(search):
    return not (search.sort or search.typed)
