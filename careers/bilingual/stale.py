"""When one side of a text changes, the other may be out of date: the rule, and who keeps it.

A side that is out of date stays so until it is edited, confirmed as still correct, or the other side
is emptied. A change ticked as minor neither marks nor clears. Only words count: publishing, dates and
facts never mark anything.
"""

from contextlib import contextmanager

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone

from careers.languages import LANGUAGES, other
from careers.revisions.snapshot import rows_of

from .models import TextState

BOTH = LANGUAGES


def after(stale, changed, *, before=BOTH, now=BOTH, minor=False, confirmed=False):
    """Which side is out of date after an edit: "", "en" or "ja".

    `stale` is the side that was, `changed` the sides that were edited; `before` and `now` are the
    sides that had and have a text. Writing a side for the first time is translating: it marks nothing.
    """
    if confirmed or len(before) < 2 or len(now) < 2:
        return ""
    if minor or not changed:
        return stale
    if len(changed) == 2 or stale in changed:
        return ""
    [side] = changed
    return other(side)


@contextmanager
def watched(record, *, by, minor=False, confirmed=()):
    """Everything saved inside counts as one edit of `record` by somebody.

    `confirmed` names the fields whose stale side was looked at and found still correct.
    """
    with transaction.atomic():
        before = _stored(record)
        yield
        _note(record, before, by=by, minor=minor, confirmed=confirmed)


def forget(*records):
    """The records are about to go, with all their rows; so is what was known of their texts."""
    TextState.objects.of(*records).delete()
    for record in records:
        for name in rows_of(type(record)):
            if rows := getattr(record, name).all():
                forget(*rows)


def fields_of(model):
    """Names of those that hold words: a file with captions is never out of date by itself."""
    return tuple(
        name
        for name in model.translated()
        if model._meta.get_field(name).get_internal_type() != "FileField"
    )


def _note(record, before, *, by, minor, confirmed):
    if not record.pk:
        return  # it was deleted after all
    states = {state.field: state for state in TextState.objects.of(record)}
    now = timezone.now()
    for field in fields_of(type(record)):
        texts = {side: _text(record, field, side) for side in LANGUAGES}
        changed = [side for side in LANGUAGES if texts[side] != before.get((field, side), "")]
        if not changed and field not in confirmed:
            continue
        state = states.get(field) or TextState(
            kind=ContentType.objects.get_for_model(type(record)), record_id=record.pk, field=field
        )
        sides = {
            "before": [side for side in LANGUAGES if before.get((field, side))],
            "now": [side for side in LANGUAGES if texts[side]],
        }
        stale = after(state.stale, changed, **sides, minor=minor, confirmed=field in confirmed)
        if stale and not state.stale:
            state.stale_since, state.text_then = now, before.get((field, other(stale)), "")
        if not stale:
            state.stale_since, state.text_then = None, ""
        state.stale = stale
        for side in changed:
            setattr(state, f"changed_at_{side}", now)
            setattr(state, f"changed_by_{side}", by)
        state.save()


def _stored(record):
    """The texts in the database: {(field, side): text}. Empty for a record that is not there yet."""
    columns = [f"{field}_{side}" for field in fields_of(type(record)) for side in LANGUAGES]
    rows = type(record)._base_manager.filter(pk=record.pk).values(*columns)
    row = rows.first() if record.pk else None
    return {tuple(name.rsplit("_", 1)): text or "" for name, text in (row or {}).items()}


def _text(record, field, side):
    return getattr(record, f"{field}_{side}") or ""
