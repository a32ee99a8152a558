"""What a record says, as plain data that can be kept, compared and put back.

{"fields": {column: value}, "rows": {name: [{"pk": …, "fields": {…}}, …]}}: its own columns, and the
rows that belong to it alone. What a model calls `history_exclude` and the times of saving are no content.
"""

import hashlib
import json
from functools import cache

from django.contrib.auth import get_user_model
from django.db import models

from careers.content import PublicContent


def content(record, rows=None):
    """What `record` says: its columns as they are in memory, its rows as in the database, or `rows`
    where somebody has read them already, {name: records}."""
    found = {}
    for name in rows_of(type(record)):
        known = (rows or {}).get(name)
        if known is None:
            known = getattr(record, name).all() if record.pk else []
        in_order = sorted(known, key=lambda row: row.pk)
        found[name] = [{"pk": row.pk, "fields": fields_said(row)} for row in in_order]
    return {"fields": fields_said(record), "rows": found}


def revert(model, then, now, *, language="", stays=()):
    """The content `now` with what `then` said: all but the columns `stays` and people, or the texts
    in one language."""

    def back(field):
        if language:
            return getattr(field, "language", "") == language
        return field.attname not in stays and field.related_model is not get_user_model()

    def mixed(of, old, new):
        names = {field.attname for field in columns(of) if back(field)}
        return new | {name: old[name] for name in names & old.keys()}

    rows = {}
    for name, of in rows_of(model).items():
        old, new = (by_pk(said["rows"].get(name, [])) for said in (then, now))
        kept = new if language else old
        rows[name] = [
            {"pk": pk, "fields": mixed(of, old.get(pk, {}), new.get(pk, kept[pk]))} for pk in kept
        ]
    return {"fields": mixed(model, then["fields"], now["fields"]), "rows": rows}


def by_pk(rows):
    """The rows of one kind: {pk: what its columns say}."""
    return {row["pk"]: row["fields"] for row in rows}


def stored(model, pk, *, lock=False):
    """The record as it is in the database, or None; `lock` keeps others from changing it meanwhile."""
    rows = model._base_manager.filter(pk=pk)
    return (rows.select_for_update(of=("self",)) if lock else rows).first()


def digest(said):
    """The same for the same content, and different for any other."""
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def rebuild(model, pk, fields):
    """A record in memory that says `fields` again; what has gone meanwhile stays empty."""
    record = model(pk=pk)
    for field in columns(model):
        if field.attname in fields:
            value = field.to_python(fields[field.attname])
            if field.many_to_one and value is not None:
                there = field.related_model._base_manager.filter(pk=value).exists()
                value = value if there else None
            setattr(record, field.attname, value)
    return record


@cache
def columns(model):
    """The columns in which a record of `model` says something."""
    return [field for field in model._meta.concrete_fields if _says_something(field)]


@cache
def rows_of(model):
    """The rows that belong to one record alone and go with it: {name: model}."""
    return {
        relation.get_accessor_name(): relation.related_model
        for relation in model._meta.related_objects
        if relation.one_to_many
        and relation.on_delete is models.CASCADE
        and issubclass(relation.related_model, PublicContent)
    }


def _says_something(field):
    if field.primary_key or field.name in (*field.model.history_exclude, *field.model.translated()):
        return False  # a translated field says nothing itself: its two columns do
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        return False
    return not (field.many_to_one and _owns(field))


def _owns(field):
    """Whether this key leads from a row to the record that it belongs to."""
    return (
        issubclass(field.model, PublicContent)
        and field.model in rows_of(field.related_model).values()
    )


def fields_said(record):
    """What the columns of `record` say, as they are in memory."""
    return {field.attname: _plain(field, record) for field in columns(type(record))} | {
        field.name: sorted(row.pk for row in getattr(record, field.name).all())
        for field in _many(type(record))
        if record.pk
    }


def _plain(field, record):
    value = field.value_from_object(record)
    if isinstance(field, models.CharField | models.TextField):
        return value or ""  # an empty side is NULL in one column and "" in another
    if value is None or isinstance(value, bool | int):
        return value
    return field.value_to_string(record)


def _many(model):
    """The many-to-many fields without rows of their own."""
    return [
        field
        for field in model._meta.local_many_to_many
        if field.remote_field.through._meta.auto_created
    ]
