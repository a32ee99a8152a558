"""How far a record is in each language: missing, stale or ready; for lists, forms and the board."""

from typing import NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q, TextChoices
from django.utils.translation import gettext_lazy as _

from careers.languages import LANGUAGES, other

from .models import TextState
from .stale import fields_of


class Ready(TextChoices):
    MISSING = "missing", _("Missing")
    STALE = "stale", _("Out of date")
    READY = "ready", _("Ready")


class Side(NamedTuple):
    """One language of a record: its state, and the field in which the work begins."""

    language: str
    state: Ready
    field: str = ""
    since: object = None


def side_of(record, language, states):
    """The state of `record` in `language`; `states` are its text states by field.

    Missing is what is required, or written in the other language only.
    """
    required = getattr(record, "required_fields", ())
    for field in fields_of(type(record)):
        here, there = (getattr(record, f"{field}_{side}") for side in (language, other(language)))
        if not here and (there or field in required):
            state = states.get(field)
            since = getattr(state, f"changed_at_{other(language)}", None)
            return Side(language, Ready.MISSING, field, since)
    stale = [state for state in states.values() if state.stale == language]
    if stale:
        oldest = min(stale, key=lambda state: state.stale_since)
        return Side(language, Ready.STALE, oldest.field, oldest.stale_since)
    return Side(language, Ready.READY)


def by_record(records):
    """The text states of some records of one model: {pk: {field: state}}, in one query."""
    found = {record.pk: {} for record in records}
    who = [f"changed_by_{language}" for language in LANGUAGES]
    for state in TextState.objects.of(*records).select_related(*who):
        found[state.record_id][state.field] = state
    return found


def with_stale(rows):
    """The rows of a query, each with `stale_en` and `stale_ja`."""
    kind = ContentType.objects.get_for_model(rows.model)
    mine = TextState.objects.filter(kind=kind, record_id=OuterRef("pk"))
    return rows.annotate(
        **{f"stale_{language}": Exists(mine.stale(language)) for language in LANGUAGES}
    )


def is_missing(model, language):
    """The condition under which something is missing in `language`, for a query."""
    condition = Q(pk__in=[])
    for field in fields_of(model):
        empty = ~Q(**{f"{field}_{language}__gt": ""})
        if field not in getattr(model, "required_fields", ()):
            empty &= Q(**{f"{field}_{other(language)}__gt": ""})
        condition |= empty
    return condition
