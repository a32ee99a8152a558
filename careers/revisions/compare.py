"""Compares two snapshots of a record, and renders the differences."""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from careers import rich_text
from careers.content import PublicContent
from careers.languages import LANGUAGES, format_list

from .diff import html_diff
from .snapshot import Field, Fields, Snapshot, build_instance, row_models, rows_by_pk

EMPTY = "–"


class FieldChange(NamedTuple):
    """A field whose value changed: of the record itself, or of its row with the title `row`."""

    field: Field
    before: object
    after: object
    row: str = ""

    @property
    def language(self) -> str:
        """The language of a translated field, else empty."""
        return getattr(self.field, "language", "")

    @property
    def name(self) -> str:
        """The name of the field without its language: Title."""
        return self._with_row(getattr(self.field, "translated_field", None) or self.field)

    @property
    def label(self) -> str:
        """The name of the field with its language: Title (English)."""
        return self._with_row(self.field)

    @property
    def difference(self) -> str:
        """The difference as HTML: see `html_difference`."""
        return html_difference(self.field, self.before, self.after)

    def _with_row(self, field: Field) -> str:
        name = capfirst(str(field.verbose_name))
        return f"{self.row}: {name}" if self.row else name


class RowChange(NamedTuple):
    """A row that was added or deleted."""

    label: str
    added: bool


Change = FieldChange | RowChange


def compare(model: type[PublicContent], before: Snapshot, after: Snapshot) -> list[Change]:
    """The changes between two snapshots: a list of `FieldChange` and `RowChange`."""
    changes: list[Change] = list(_field_changes(model, before["fields"], after["fields"]))
    for name, row_model in row_models(model).items():
        old, new = rows_by_pk(before, name), rows_by_pk(after, name)
        for pk in [*old, *(pk for pk in new if pk not in old)]:
            title = _row_title(row_model, pk, new.get(pk) or old[pk])
            if pk in old and pk in new:
                changes += _field_changes(row_model, old[pk], new[pk], row=title)
            else:
                changes.append(RowChange(title, added=pk in new))
    return changes


def _field_changes(
    model: type[PublicContent], before: Fields, after: Fields, *, row: str = ""
) -> Iterator[FieldChange]:
    columns = {field.attname: field for field in model._meta.concrete_fields}
    for name in after:
        if name in before and before[name] != after[name]:
            field = columns.get(name) or model._meta.get_field(name)
            yield FieldChange(field, before[name], after[name], row)


def _row_title(model: type[PublicContent], pk: int, fields: Fields) -> str:
    kind, row = capfirst(str(model._meta.verbose_name)), build_instance(model, pk, fields)
    return _("%(kind)s “%(name)s”") % {"kind": kind, "name": row}


class ComparisonRow(NamedTuple):
    """A row of the comparison table: a text in both languages, or a value without a language."""

    name: str
    # Pairs of language and HTML; one pair with the language "" for an untranslated field.
    differences: list[tuple[str, str]]


def side_by_side(changes: list[Change]) -> tuple[list[ComparisonRow], list[RowChange]]:
    """The rows of the comparison table, with both languages of a text in one; and the row changes."""
    fields: dict[str, dict[str, str]] = {}
    row_changes = []
    for change in changes:
        if isinstance(change, RowChange):
            row_changes.append(change)
        else:
            fields.setdefault(change.name, {})[change.language] = change.difference
    table = []
    for name, differences in fields.items():
        languages = ("",) if "" in differences else LANGUAGES
        table.append(ComparisonRow(name, [(code, differences.get(code, "")) for code in languages]))
    return table, row_changes


def html_difference(field: Field, before: Any, after: Any) -> str:
    """HTML of the difference between two values of a field.

    Marks deleted and inserted words of a text; shows both values of any other field.
    """
    if not _is_text(field):
        old, new = display_value(field, before), display_value(field, after)
        return format_html("<del>{}</del> → <ins>{}</ins>", old, new)
    old, new = _plain_text(field, before), _plain_text(field, after)
    if old == new:
        return _("The words are the same; their form has changed.")
    return html_diff(old, new, getattr(field, "language", "en"))


def display_value(field: Field, value: Any) -> str:
    """A value of a snapshot as text in the active language."""
    if value in (None, "", []):
        return EMPTY
    if _is_text(field):
        return _plain_text(field, value)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, models.ManyToManyField):
        return format_list(field.related_model._base_manager.filter(pk__in=value))
    if field.is_relation:
        return str(field.related_model._base_manager.filter(pk=value).first() or EMPTY)
    if isinstance(field, models.BooleanField):
        return _("yes") if value else _("no")
    if isinstance(field, models.DateTimeField):
        return date_format(timezone.localtime(parse_datetime(value)), "DATETIME_FORMAT")
    if isinstance(field, models.DateField):
        return date_format(date.fromisoformat(value), "DATE_FORMAT")
    return str(value)


def _is_text(field: Field) -> bool:
    return isinstance(field, models.CharField | models.TextField) and not field.choices


def _plain_text(field: Field, value: Any) -> str:
    if isinstance(field, rich_text.RichTextField):
        return "\n".join(rich_text.to_lines(value))
    return value or ""
