"""Snapshots: the content of a record as plain data that can be stored, compared and restored.

A snapshot is {"fields": {column: value}, "rows": {name: [{"pk": …, "fields": {…}}, …]}}: the columns
and many-to-many fields of the record, and the rows that belong to it alone, by the name of their
relation. Left out are the columns in `history_exclude`, primary keys, generated columns and automatic
timestamps.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Any, TypedDict, TypeVar, cast

from django.contrib.auth import get_user_model
from django.db import models

from careers.content import PublicContent

Record = TypeVar("Record", bound=PublicContent)
Field = Any  # a field of Django: Field, ForeignKey, ManyToManyField
Fields = dict[str, Any]  # {column: value}


class RowSnapshot(TypedDict):
    """A row that belongs to a record."""

    pk: int
    fields: Fields


class Snapshot(TypedDict):
    """A record and its rows, by the name of their relation."""

    fields: Fields
    rows: dict[str, list[RowSnapshot]]


def snapshot(
    record: PublicContent, rows: Mapping[str, Iterable[PublicContent]] | None = None
) -> Snapshot:
    """The snapshot of `record`: its columns from memory, its rows from the database.

    `rows` are rows that have been read already: {name: records}.
    """
    rows = rows or {}
    return {
        "fields": field_values(record),
        "rows": {
            name: _row_values(rows[name] if name in rows else _load_rows(record, name))
            for name in row_models(type(record))
        },
    }


def _load_rows(record: PublicContent, name: str) -> Iterable[PublicContent]:
    return getattr(record, name).all() if record.pk else []


def _row_values(rows: Iterable[PublicContent]) -> list[RowSnapshot]:
    in_order = sorted(rows, key=lambda row: row.pk)
    return [{"pk": row.pk, "fields": field_values(row)} for row in in_order]


def revert(
    model: type[PublicContent],
    old: Snapshot,
    current: Snapshot,
    *,
    language: str = "",
    exclude: Collection[str] = (),
) -> Snapshot:
    """The snapshot `current` with the values of the snapshot `old`.

    Without `language`: all columns except `exclude` and foreign keys to users, and the rows of `old`.
    With `language`: only the texts in that language, and the rows of `current`.
    """

    def is_reverted(field: Field) -> bool:
        if language:
            return getattr(field, "language", "") == language
        return field.attname not in exclude and field.related_model is not get_user_model()

    def revert_fields(
        field_model: type[PublicContent], old_fields: Fields, fields: Fields
    ) -> Fields:
        names = {field.attname for field in versioned_fields(field_model) if is_reverted(field)}
        return fields | {name: old_fields[name] for name in names & old_fields.keys()}

    rows: dict[str, list[RowSnapshot]] = {}
    for name, row_model in row_models(model).items():
        old_rows, current_rows = rows_by_pk(old, name), rows_by_pk(current, name)
        rows[name] = [
            {
                "pk": pk,
                "fields": revert_fields(
                    row_model, old_rows.get(pk, {}), current_rows.get(pk, fields)
                ),
            }
            for pk, fields in (current_rows if language else old_rows).items()
        ]
    return {"fields": revert_fields(model, old["fields"], current["fields"]), "rows": rows}


def rows_by_pk(saved: Snapshot, name: str) -> dict[int, Fields]:
    """The rows of one relation in the snapshot `saved`: {pk: fields}."""
    return {row["pk"]: row["fields"] for row in saved["rows"].get(name, [])}


def digest(saved: Snapshot) -> str:
    """The SHA-256 of a snapshot in hexadecimal; equal for equal snapshots."""
    text = json.dumps(saved, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def load(model: type[Record], pk: Any, *, lock: bool = False) -> Record:
    """The stored record; `lock` selects it for update. Raises DoesNotExist if it was deleted."""
    rows = model._base_manager.all()
    return (rows.select_for_update(of=("self",)) if lock else rows).get(pk=pk)


def build_instance(model: type[Record], pk: Any, fields: Fields) -> Record:
    """An unsaved record with the values of `fields`.

    A foreign key to a record that no longer exists is empty.
    """
    record = model(pk=pk)
    for field in versioned_fields(model):
        if field.attname in fields:
            value = field.to_python(fields[field.attname])
            if field.many_to_one and value is not None:
                exists = field.related_model._base_manager.filter(pk=value).exists()
                value = value if exists else None
            setattr(record, field.attname, value)
    return record


def field_values(record: PublicContent) -> Fields:
    """The columns and many-to-many fields of `record`: {column: value}."""
    values = {field.attname: _plain(field, record) for field in versioned_fields(type(record))}
    if record.pk:
        values |= {
            field.name: sorted(row.pk for row in getattr(record, field.name).all())
            for field in _many_to_many_fields(type(record))
        }
    return values


def _plain(field: Field, record: PublicContent) -> Any:
    value = field.value_from_object(record)
    if isinstance(field, models.CharField | models.TextField):
        return value or ""  # an empty text is NULL in one column and "" in another
    if value is None or isinstance(value, bool | int):
        return value
    return field.value_to_string(record)


@cache
def versioned_fields(model: type[PublicContent]) -> list[Field]:
    """The columns of `model` that a snapshot holds."""
    return [field for field in model._meta.concrete_fields if _is_versioned(field)]


def _is_versioned(field: Field) -> bool:
    if field.primary_key or field.generated or field.name in field.model.history_exclude:
        return False
    if field.name in field.model.translated():
        return False  # its two columns hold the texts
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        return False
    return not (field.many_to_one and _is_parent_key(field))


def _is_parent_key(field: Field) -> bool:
    """Whether this foreign key points from a row to the record that owns it."""
    return (
        issubclass(field.model, PublicContent)
        and field.model in row_models(field.related_model).values()
    )


@cache
def row_models(model: type[PublicContent]) -> dict[str, type[PublicContent]]:
    """The models of rows that one record owns, and that are deleted with it: {relation name: model}."""
    return {
        cast(str, relation.get_accessor_name()): relation.related_model
        for relation in model._meta.related_objects
        if relation.one_to_many
        and relation.on_delete is models.CASCADE
        and issubclass(relation.related_model, PublicContent)
    }


def _many_to_many_fields(model: type[PublicContent]) -> list[Field]:
    """The many-to-many fields whose through table is Django's own."""
    fields: Iterable[Field] = model._meta.local_many_to_many
    return [field for field in fields if field.remote_field.through._meta.auto_created]
