"""The version history page of a record, and the comparison of two revisions."""

from collections.abc import Iterator
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest

from careers.content import PublicContent
from careers.languages import LANGUAGES, OWN_NAMES, format_list

from .compare import compare, side_by_side
from .models import Revision, RevisionQuerySet, VersionedContent

PAGE_SIZE = 20  # revisions


def history_context(request: HttpRequest, record: VersionedContent) -> dict[str, Any]:
    """Template context: page `?p=…` of the revisions of `record` with what changed in each.

    With `?from=…&to=…` also the differences between two revisions, the older one first.
    """
    revisions = record.revisions.select_related("created_by")
    page = Paginator(revisions, PAGE_SIZE).get_page(request.GET.get("p"))
    return {
        "page": page,
        "rows": list(_with_changes(type(record), list(page.object_list), revisions)),
        "newest": revisions.first(),
        "languages": [(code, OWN_NAMES[code]) for code in LANGUAGES],
        **_comparison(request, type(record), revisions),
    }


def _with_changes(
    model: type[PublicContent], page_revisions: list[Revision], revisions: RevisionQuerySet
) -> Iterator[tuple[Revision, str | None]]:
    """Pairs of a revision and the labels of what changed in it; None for the first revision."""
    older = revisions.filter(pk__lt=page_revisions[-1].pk).first() if page_revisions else None
    predecessors = [*page_revisions[1:], older]  # one too many if there are no revisions
    for revision, before in zip(page_revisions, predecessors, strict=False):
        if before is None:
            yield revision, None
        else:
            changes = compare(model, before.content, revision.content)
            yield revision, format_list(change.label for change in changes)


def _comparison(
    request: HttpRequest, model: type[PublicContent], revisions: RevisionQuerySet
) -> dict[str, Any]:
    old, new = (revision_number(request, name) for name in ("from", "to"))
    if old is None or new is None:
        return {}
    pair = sorted(revisions.filter(pk__in=(old, new)), key=lambda revision: revision.pk)
    if len(pair) < 2:
        return {"pair": pair}
    table, row_changes = side_by_side(compare(model, *(revision.content for revision in pair)))
    return {"pair": pair, "comparison": table, "row_changes": row_changes}


def revision_number(request: HttpRequest, parameter: str) -> int | None:
    """The number of a revision in the query string, or None if it cannot be one."""
    text = request.GET.get(parameter, "")
    return int(text) if text.isdecimal() and len(text) < 19 else None
