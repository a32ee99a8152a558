"""The template context of the role list."""

from itertools import groupby
from typing import NamedTuple

from django.core.paginator import Paginator
from django.utils.translation import gettext as _

from careers.languages import LocalizedText, format_list, localized, other_language
from careers.publishing import visible_since

from .entries import list_entries, nearest_entries, with_list_columns
from .facets import DEPARTMENT, EMPLOYMENT_TYPE
from .models import Role
from .search import CLOSING, NEWEST

PAGE_SIZE = 50
PARTIAL_MATCHES = 10  # roles shown that match some of the words, if none matches all of them


class FacetChoice(NamedTuple):
    """A value of a facet: its label, the number of roles with it, and whether it is selected."""

    value: str
    label: LocalizedText
    count: int
    is_selected: bool


class ListSection(NamedTuple):
    """Entries of the list below a heading: a department, or the order of the whole list."""

    heading: LocalizedText
    entries: list


def index_context(search, number):
    """Template context of page `number` (a string or None) of the roles that `search` finds."""
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
        "page_obj": page,
        "ignored": format_list(ignored),
        "facets": _facet_choices(search, counts),
        "filters": sum(map(len, search.filters.values())),
        "sorts": _sorts(search),
        "sections": _sections(search, list_entries(page.object_list, search.language)),
        "show_department": not _is_by_department(search),
        "show_closing": search.sort == CLOSING,
        **(_no_results_context(search) if search and not count else {}),
    }


def _facet_choices(search, counts):
    """Pairs of a facet and its choices.

    Without a selected value, choices without roles and facets with a single choice are left out.
    """
    facets = []
    for facet, numbers in counts.items():
        selected = search.filters[facet]
        choices = [
            FacetChoice(value, search.label(facet, value), numbers[value], value in selected)
            for value in search.values(facet)
            if numbers[value] or value in selected
        ]
        if selected or len(choices) > 1:
            facets.append((facet, choices))
    return facets


def _sorts(search):
    """Pairs of a value of `sort` and its label; the empty value is the default order."""
    return [
        ("", _("Best match first") if search.words else _("By department")),
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
    return not (search.sort or search.words)


def _no_results_context(search):
    """Template context if nothing is found: roles with some of the words, else similar roles."""
    partial = with_list_columns(Role.objects.public().filter(search.partial_condition()))
    newest = visible_since(search.language, other_language(search.language)).desc()
    partial = partial.order_by(newest, *Role._meta.ordering)[:PARTIAL_MATCHES]
    if entries := [role.entry(search.language) for role in partial]:
        return {"partial_matches": entries}
    departments, types = search.filters[DEPARTMENT], search.filters[EMPLOYMENT_TYPE]
    return {"similar": nearest_entries(departments, types, search.language)}
