"""Three-way merge of a form: the base that both people opened, one's edit, and the other's saved edit.

Why a merge, and not a refused save that shows the other person's value beside each field: recruiters
work on the same record in different languages, so most of what a colleague saved is in fields that
the second person never touched. Without a merge, these fields would come back with their old values,
and the second save would overwrite the colleague's work. The merge is a pure function on plain
values; `form_data` and `conflict` translate between it and Django's forms.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, NotRequired, TypedDict

INVALID = object()  # a value that the form rejected; it is equal to no other value

Values = Mapping[str, object]  # {field: value}


class StoredRow(TypedDict):
    """A row in the database."""

    pk: int
    fields: Values


class StoredValues(TypedDict):
    """The values of a stored record, and its rows by the name of their relation."""

    fields: Values
    rows: dict[str, list[StoredRow]]


class SubmittedRow(TypedDict):
    """A row of a form that was submitted: without `pk` it is new, `deleted` marks it for deletion."""

    pk: int | None
    fields: Values
    deleted: NotRequired[bool]


class SubmittedValues(TypedDict):
    """The values of a submitted form."""

    fields: Values
    rows: dict[str, list[SubmittedRow]]


class Conflict(NamedTuple):
    """A field that both people changed, or a whole row if `field` is None.

    `base` is None if it is unknown. `deleted` is true for a row that the other person deleted.
    """

    field: str | None
    base: object = None
    theirs: object = None
    deleted: bool = False


class RowMerge(NamedTuple):
    """A row of the merged form.

    `pk` is its primary key, None for a row to add. `mine` is its position among my rows, or None if my
    form does not have it; then the row is theirs, and `deleted` is true if I had it and removed it.
    """

    pk: int | None
    mine: int | None
    updates: tuple[str, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    deleted: bool = False


class Merge(NamedTuple):
    """The result of a merge: what to change in my form.

    `updates` names the fields that take the other person's value. `deletions` are the positions of my rows that they
    deleted and I did not change. `rows` and `deletions` are dicts by name of the relation.
    """

    updates: tuple[str, ...]
    conflicts: tuple[Conflict, ...]
    rows: dict[str, list[RowMerge]]
    deletions: dict[str, list[int]]


def merge(base: StoredValues | None, mine: SubmittedValues, theirs: StoredValues) -> Merge:
    """Merge the values of two forms that started from the same record.

    `base` is None if it is unknown; then every difference is a conflict.
    """
    updates, conflicts = _merge_fields(
        base["fields"] if base else None, mine["fields"], theirs["fields"]
    )
    rows: dict[str, list[RowMerge]] = {}
    deletions: dict[str, list[int]] = {}
    for name, my_rows in mine["rows"].items():
        old = _fields_by_pk(base, name) if base else None
        new = _fields_by_pk(theirs, name)
        rows[name], deletions[name] = _merge_rows(old, my_rows, new)
    return Merge(updates, conflicts, rows, deletions)


def _fields_by_pk(saved: StoredValues, name: str) -> dict[int, Values]:
    return {row["pk"]: row["fields"] for row in saved["rows"].get(name, ())}


def _merge_fields(
    base: Values | None, mine: Values, theirs: Values
) -> tuple[tuple[str, ...], tuple[Conflict, ...]]:
    """The names of the fields that take the other person's value, and the conflicts."""
    updates, conflicts = [], []
    for name, value in theirs.items():
        if mine[name] == value:
            continue
        if base is None or name not in base:
            conflicts.append(Conflict(name, None, value))
        elif mine[name] == base[name]:
            updates.append(name)
        elif value != base[name]:
            conflicts.append(Conflict(name, base[name], value))
    return tuple(updates), tuple(conflicts)


def _merge_rows(
    base: Mapping[int, Values] | None, mine: Sequence[SubmittedRow], theirs: Mapping[int, Values]
) -> tuple[list[RowMerge], list[int]]:
    """The rows of the merged form, stored ones first; and the positions of my rows that they deleted."""
    positions = {row["pk"]: position for position, row in enumerate(mine) if row["pk"] is not None}
    existing = []
    for pk, fields in theirs.items():
        if pk in positions:
            existing.append(_merge_row(base, pk, positions[pk], mine[positions[pk]], fields))
        else:
            existing.append(RowMerge(pk, None, deleted=base is not None and pk in base))
    new, re_added, deletions = [], [], []
    for position, row in enumerate(mine):
        if row["pk"] is None:
            new.append(RowMerge(None, position))
        elif row["pk"] not in theirs:
            is_unchanged = base is not None and base.get(row["pk"]) == row["fields"]
            if is_unchanged or row.get("deleted"):
                deletions.append(position)
            else:
                deleted = Conflict(None, deleted=True)
                re_added.append(RowMerge(None, position, conflicts=(deleted,)))
    return [*existing, *new, *re_added], deletions


def _merge_row(
    base: Mapping[int, Values] | None, pk: int, position: int, mine: SubmittedRow, theirs: Values
) -> RowMerge:
    old = None if base is None else base.get(pk)
    updates, conflicts = _merge_fields(old, mine["fields"], theirs)
    if mine.get("deleted") and base is not None and old != theirs:
        conflicts = (*conflicts, Conflict(None))
    return RowMerge(pk, position, updates, conflicts)
