"""The template context of the list of openings."""

from itertools import groupby
from typing import NamedTuple

from django.core.paginator import Paginator
from django.utils.translation import gettext as _

from careers.languages import LocalizedText, format_list, localized, other_language
from careers.publishing import visible_since

from .entries import for_list, list_entries, nearest_entries
from .facets import DEPARTMENT, EMPLOYMENT_TYPE
from .models import Role
from .search import CLOSING, NEWEST

PAGE_SIZE = 50
PARTIAL_MATCHES = 10  # openings shown that have some of the words, if none has all of them


class FacetChoice(NamedTuple):
    """A value of a facet: its label, how many openings it would give, and whether it is chosen."""

    value: str
    label: LocalizedText
    count: int
    chosen: bool


class ListSection(NamedTuple):
    """Entries of the list below a heading: a department, or the order of the whole list."""

    heading: LocalizedText
    entries: list


def index_context(search, number):
    """Context of page `number` (a string or None) of the openings that `search` finds."""
    count, counts = search.count()
    pages = Paginator(search.roles(), PAGE_SIZE)
    pages.count = count  # else the paginator counts them again
    page = pages.get_page(number)
    ignored = search.ignored
    if number not in (None, str(page.number)):
        ignored.append(_("page “%(page)s”") % {"page": number[:30]})
    return {
        "search": search,
        "filters_query": search.query_string,
        "page_query": f"page={page.number}" if page.number > 1 else "",
        "page_href": f"?{search.query_string}&page=" if search.query_string else "?page=",
        "count": count,
        "found": page,
        "ignored": format_list(ignored),
        "facets": _facet_choices(search, counts),
        "filters": sum(map(len, search.filters.values())),
        "sorts": _sorts(search),
        "sections": _sections(search, list_entries(page.object_list, search.language)),
        "flat": not _is_by_department(search),
        "by_closing": search.sort == CLOSING,
        **(_no_results_context(search) if search and not count else {}),
    }


def _facet_choices(search, counts):
    """Pairs of a facet and its choices. A choice without an opening is left out unless it is chosen,
    and so is a facet with nothing to choose between."""
    facets = []
    for facet, numbers in counts.items():
        chosen = search.filters[facet]
        choices = [
            FacetChoice(value, search.label(facet, value), numbers[value], value in chosen)
            for value in search.values(facet)
            if numbers[value] or value in chosen
        ]
        if chosen or len(choices) > 1:
            facets.append((facet, choices))
    return facets


def _sorts(search):
    """Pairs of a value of `sort` and its label; the empty value is the default order."""
    return [
        ("", _("Best match first") if search.typed else _("By department")),
        (NEWEST, _("Newest first")),
        (CLOSING, _("Closing soon first")),
    ]


def _sections(search, entries):
    if not entries:
        return []
    if not _is_by_department(search):
        return [
            ListSection(LocalizedText(dict(_sorts(search))[search.sort], search.language), entries)
        ]
    return [
        ListSection(localized(department, "name"), list(group))
        for department, group in groupby(entries, key=lambda entry: entry.record.department)
    ]


def _is_by_department(search):
    return not (search.sort or search.typed)


def _no_results_context(search):
    """What to show if nothing is found: openings with some of the words, else similar ones."""
    partial = for_list(Role.objects.public().filter(search.partial_condition()))
    newest = visible_since(search.language, other_language(search.language)).desc()
    partial = partial.order_by(newest, *Role._meta.ordering)[:PARTIAL_MATCHES]
    if entries := [role.entry(search.language) for role in partial]:
        return {"nearly": entries}
    departments, types = search.filters[DEPARTMENT], search.filters[EMPLOYMENT_TYPE]
    return {"similar": nearest_entries(departments, types, search.language)}
