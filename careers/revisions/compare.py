"""What is different between two contents of a record, in words for people."""

from typing import NamedTuple

from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from careers import rich_text
from careers.languages import LANGUAGES, listed

from .diff import changes
from .snapshot import by_pk, rebuild, rows_of

NONE = "–"


class Change(NamedTuple):
    """A field that says something else: of the record itself, or of the row called `row`."""

    field: models.Field
    before: object
    now: object
    row: str = ""

    @property
    def language(self):
        """The language of a translated field, else empty."""
        return getattr(self.field, "language", "")

    @property
    def name(self):
        """What people call it, whichever language it is in."""
        field = getattr(self.field, "translated_field", None) or self.field
        return self._in_its_row(field)

    @property
    def label(self):
        """The same with its language."""
        return self._in_its_row(self.field)

    @property
    def difference(self):
        """What was taken out and put in, or both values where they are no text."""
        return difference(self.field, self.before, self.now)

    def _in_its_row(self, field):
        name = capfirst(str(field.verbose_name))
        return f"{self.row}: {name}" if self.row else name


class Row(NamedTuple):
    """A row that came or went as a whole."""

    label: str
    added: bool


def compare(model, before, now):
    """Everything that changed: a `Change` for each field, a `Row` for each row that came or went."""
    found = list(_fields(model, before["fields"], now["fields"]))
    for name, of in rows_of(model).items():
        old, new = (by_pk(said["rows"].get(name, [])) for said in (before, now))
        for pk in [*old, *(pk for pk in new if pk not in old)]:
            label = _title(of, pk, new.get(pk) or old[pk])
            if pk in old and pk in new:
                found += _fields(of, old[pk], new[pk], row=label)
            else:
                found.append(Row(label, added=pk in new))
    return found


class Line(NamedTuple):
    """A line of a comparison: both languages of a text, or one fact."""

    name: str
    sides: list  # pairs of language and HTML; a fact has one, whose language is empty


def side_by_side(found):
    """The changes as lines, the two languages of a text in one, and the rows that came and went."""
    lines, rows = {}, []
    for change in found:
        if isinstance(change, Row):
            rows.append(change)
            continue
        lines.setdefault(change.name, {})[change.language] = change.difference
    return [
        Line(name, [(code, sides.get(code, "")) for code in (("",) if "" in sides else LANGUAGES)])
        for name, sides in lines.items()
    ], rows


def difference(field, before, now):
    """HTML of what is different between two values of a field."""
    if not _is_text(field):
        return format_html("<del>{}</del> → <ins>{}</ins>", told(field, before), told(field, now))
    old, new = (_words(field, value) for value in (before, now))
    if old == new:
        return _("The words are the same; their form has changed.")
    return changes(old, new, getattr(field, "language", "en"))


def told(field, value):
    """A value as people read it."""
    if value in (None, "", []):
        return NONE
    if _is_text(field):
        return _words(field, value)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, models.ManyToManyField):
        return listed(field.related_model._base_manager.filter(pk__in=value))
    if field.is_relation:
        return str(field.related_model._base_manager.filter(pk=value).first() or NONE)
    if isinstance(field, models.BooleanField):
        return _("yes") if value else _("no")
    if isinstance(field, models.DateTimeField):
        return date_format(timezone.localtime(parse_datetime(value)), "DATETIME_FORMAT")
    if isinstance(field, models.DateField):
        return date_format(parse_date(value), "DATE_FORMAT")
    return str(value)


def _fields(model, before, now, *, row=""):
    for name in now:
        if name in before and before[name] != now[name]:
            yield Change(_field(model, name), before[name], now[name], row)


def _field(model, name):
    """The field whose column, or whose own name, is `name`."""
    columns = {field.attname: field for field in model._meta.concrete_fields}
    return columns.get(name) or model._meta.get_field(name)


def _title(model, pk, fields):
    kind = capfirst(str(model._meta.verbose_name))
    return _("%(kind)s “%(name)s”") % {"kind": kind, "name": rebuild(model, pk, fields)}


def _is_text(field):
    return isinstance(field, models.CharField | models.TextField) and not field.choices


def _words(field, value):
    return (
        "\n".join(rich_text.lines(value))
        if isinstance(field, rich_text.RichTextField)
        else value or ""
    )
