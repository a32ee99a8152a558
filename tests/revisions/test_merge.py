"""The three-way merge of a form, as tables."""

import pytest

from careers.revisions.merge import INVALID, Conflict, RowMerge, merge

pytestmark = pytest.mark.one_database

# (base, mine, theirs, names of fields that get their value, conflicts)
FIELDS = {
    "no changes": ({"a": 1}, {"a": 1}, {"a": 1}, (), ()),
    "only I changed it": ({"a": 1}, {"a": 2}, {"a": 1}, (), ()),
    "only they changed it": ({"a": 1}, {"a": 1}, {"a": 2}, ("a",), ()),
    "both made the same change": ({"a": 1}, {"a": 2}, {"a": 2}, (), ()),
    "both changed it": ({"a": 1}, {"a": 2}, {"a": 3}, (), (Conflict("a", 1, 3),)),
    "I emptied it, they changed it": ({"a": 1}, {"a": ""}, {"a": 3}, (), (Conflict("a", 1, 3),)),
    "they emptied it": ({"a": 1}, {"a": 1}, {"a": None}, ("a",), ()),
    "I typed something invalid": ({"a": 1}, {"a": INVALID}, {"a": 1}, (), ()),
    "invalid, and they changed it": (
        {"a": 1},
        {"a": INVALID},
        {"a": 3},
        (),
        (Conflict("a", 1, 3),),
    ),
    "the base is unknown, both agree": (None, {"a": 1}, {"a": 1}, (), ()),
    "the base is unknown": (None, {"a": 1}, {"a": 2}, (), (Conflict("a", None, 2),)),
    "the base has no such field": ({}, {"a": 1}, {"a": 2}, (), (Conflict("a", None, 2),)),
    "each changed another field": (
        {"a": 1, "b": 1},
        {"a": 2, "b": 1},
        {"a": 1, "b": 2},
        ("b",),
        (),
    ),
}

DELETED = Conflict(None, deleted=True)


def row(pk, value, **marks):
    return {"pk": pk, "fields": {"a": value}, **marks}


# (base, mine, theirs, rows of the merged form, positions of my rows that they deleted)
ROWS = {
    "no changes": ([row(7, 1)], [row(7, 1)], [row(7, 1)], [RowMerge(7, 0)], []),
    "only they changed it": (
        [row(7, 1)],
        [row(7, 1)],
        [row(7, 2)],
        [RowMerge(7, 0, updates=("a",))],
        [],
    ),
    "both changed it": (
        [row(7, 1)],
        [row(7, 2)],
        [row(7, 3)],
        [RowMerge(7, 0, conflicts=(Conflict("a", 1, 3),))],
        [],
    ),
    "I added one": ([], [row(None, 1)], [], [RowMerge(None, 0)], []),
    "they added one": ([], [], [row(7, 1)], [RowMerge(7, None)], []),
    "each added one: theirs comes first": (
        [],
        [row(None, 1)],
        [row(7, 1)],
        [RowMerge(7, None), RowMerge(None, 0)],
        [],
    ),
    "I deleted it": ([row(7, 1)], [row(7, 1, deleted=True)], [row(7, 1)], [RowMerge(7, 0)], []),
    "I deleted it, they changed it": (
        [row(7, 1)],
        [row(7, 1, deleted=True)],
        [row(7, 2)],
        [RowMerge(7, 0, updates=("a",), conflicts=(Conflict(None),))],
        [],
    ),
    "they deleted it": ([row(7, 1)], [row(7, 1)], [], [], [0]),
    "both deleted it": ([row(7, 1)], [row(7, 1, deleted=True)], [], [], [0]),
    "they deleted it, I changed it": (
        [row(7, 1)],
        [row(7, 2)],
        [],
        [RowMerge(None, 0, conflicts=(DELETED,))],
        [],
    ),
    "they deleted it, I typed something invalid": (
        [row(7, 1)],
        [row(7, INVALID)],
        [],
        [RowMerge(None, 0, conflicts=(DELETED,))],
        [],
    ),
    "my new rows come before those that I add again": (
        [row(7, 1)],
        [row(7, 2), row(None, 5)],
        [],
        [RowMerge(None, 1), RowMerge(None, 0, conflicts=(DELETED,))],
        [],
    ),
    "my form lacks a row that it had": (
        [row(7, 1)],
        [],
        [row(7, 1)],
        [RowMerge(7, None, deleted=True)],
        [],
    ),
    "the base is unknown, they deleted it": (
        None,
        [row(7, 1)],
        [],
        [RowMerge(None, 0, conflicts=(DELETED,))],
        [],
    ),
    "the base is unknown, they have one more": (None, [], [row(7, 1)], [RowMerge(7, None)], []),
    "the base is unknown, it differs": (
        None,
        [row(7, 1)],
        [row(7, 2)],
        [RowMerge(7, 0, conflicts=(Conflict("a", None, 2),))],
        [],
    ),
    "they changed one and deleted another": (
        [row(7, 1), row(8, 1)],
        [row(7, 1), row(8, 1)],
        [row(7, 2)],
        [RowMerge(7, 0, updates=("a",))],
        [1],
    ),
}


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "updates", "conflicts"), FIELDS.values(), ids=FIELDS
)
def test_merge_of_fields(base, mine, theirs, updates, conflicts):
    result = merge(*(_form(fields, rows=[]) for fields in (base, mine, theirs)))
    assert (result.updates, result.conflicts) == (updates, conflicts)


def _form(fields, rows):
    return None if None in (fields, rows) else {"fields": fields, "rows": {"rows": rows}}


@pytest.mark.parametrize(("base", "mine", "theirs", "rows", "deletions"), ROWS.values(), ids=ROWS)
def test_merge_of_rows(base, mine, theirs, rows, deletions):
    result = merge(*(_form({}, rows=part) for part in (base, mine, theirs)))
    assert (result.rows, result.deletions) == ({"rows": rows}, {"rows": deletions})
