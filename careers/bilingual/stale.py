"""The rule by which a text becomes out of date when the other language changes, and its application.

A text that is out of date stays so until it is edited, confirmed as still correct, or the other language
is emptied. A change ticked as minor neither marks nor clears anything. Only texts count: publishing,
dates and facts never mark anything.
"""

from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone

from careers.languages import LANGUAGES, other_language

from .models import TextState


def after(stale, changed, *, before=LANGUAGES, now=LANGUAGES, minor=False, confirmed=False):
    """The language that is out of date after an edit: "", "en" or "ja".

    `stale` is the language that was out of date, `changed` the languages that were edited; `before`
    and `now` are the languages that had and have a text. Writing the first text in a language is a
    translation: it marks nothing.
    """
    if confirmed or len(before) < 2 or len(now) < 2:
        return ""
    if minor or not changed:
        return stale
    if len(changed) == 2 or stale in changed:
        return ""
    [language] = changed
    return other_language(language)


@contextmanager
def track_edit(record, *, by, minor=False, confirmed=()):
    """Treat what is saved inside the block as one edit of `record`, in one transaction.

    `confirmed` names the fields whose text was confirmed as still correct.
    """
    with transaction.atomic():
        before = _stored_texts(record)
        yield
        if record.pk:  # else it was deleted
            _update_states(record, before, by=by, minor=minor, confirmed=confirmed)


def fields_of(model):
    """The names of the translated fields that can be out of date: all but files with captions."""
    return tuple(
        name
        for name in model.translated()
        if model._meta.get_field(name).get_internal_type() != "FileField"
    )


def _stored_texts(record):
    """The texts in the database, {(field, language): text}; empty for a new record."""
    columns = [f"{field}_{language}" for field in fields_of(type(record)) for language in LANGUAGES]
    rows = type(record)._base_manager.filter(pk=record.pk).values(*columns)
    row = rows.first() if record.pk else None
    return {tuple(name.rsplit("_", 1)): text or "" for name, text in (row or {}).items()}


def _update_states(record, before, *, by, minor, confirmed):
    states = {state.field: state for state in TextState.objects.for_instances([record])}
    now = timezone.now()
    for field in fields_of(type(record)):
        texts = {language: getattr(record, f"{field}_{language}") or "" for language in LANGUAGES}
        changed = [code for code in LANGUAGES if texts[code] != before.get((field, code), "")]
        if not changed and field not in confirmed:
            continue
        state = states.get(field) or TextState(record=record, field=field)
        stale = after(
            state.stale,
            changed,
            before=[language for language in LANGUAGES if before.get((field, language))],
            now=[language for language in LANGUAGES if texts[language]],
            minor=minor,
            confirmed=field in confirmed,
        )
        if stale and not state.stale:
            state.stale_since, state.text_then = now, before.get((field, other_language(stale)), "")
        if not stale:
            state.stale_since, state.text_then = None, ""
        state.stale = stale
        for language in changed:
            setattr(state, f"changed_at_{language}", now)
            setattr(state, f"changed_by_{language}", by)
        state.save()
