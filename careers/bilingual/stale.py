"""The rule by which a text becomes stale when the other language changes, and its application to edits.

A stale text stays stale until it is edited, is marked as still correct, or the other language is emptied.
An edit marked as minor changes no state. Only texts count: publishing, dates and facts do not.
"""

from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone

from careers.languages import LANGUAGES, other_language

from .models import TextState


def stale_after_edit(
    stale, changed, *, before=LANGUAGES, now=LANGUAGES, minor=False, still_correct=False
):
    """The language that is stale after an edit: "", "en" or "ja".

    `stale` is the language that was stale, `changed` are the languages that were edited. `before` and
    `now` are the languages that had and have a text. The first text in a language is a translation, so
    it makes nothing stale.
    """
    if still_correct or len(before) < 2 or len(now) < 2:
        return ""
    if minor or not changed:
        return stale
    if len(changed) == 2 or stale in changed:
        return ""
    [language] = changed
    return other_language(language)


@contextmanager
def track_edit(record, *, by, minor=False, still_correct=()):
    """Treat what is saved inside the block as one edit of `record`, in one transaction.

    `still_correct` names the fields whose text was marked as still correct.
    """
    with transaction.atomic():
        before = _stored_texts(record)
        yield
        if record.pk:  # else it was deleted
            _update_states(record, before, by=by, minor=minor, still_correct=still_correct)


def tracked_fields(model):
    """The names of the translated fields that can be stale: all except files with captions."""
    return tuple(
        name
        for name in model.translated()
        if model._meta.get_field(name).get_internal_type() != "FileField"
    )


def _stored_texts(record):
    """The texts in the database, {(field, language): text}; empty for a new record."""
    columns = [
        f"{field}_{language}" for field in tracked_fields(type(record)) for language in LANGUAGES
    ]
    rows = type(record)._base_manager.filter(pk=record.pk).values(*columns)
    row = rows.first() if record.pk else None
    return {tuple(name.rsplit("_", 1)): text or "" for name, text in (row or {}).items()}


def _update_states(record, before, *, by, minor, still_correct):
    states = {state.field: state for state in TextState.objects.for_instances([record])}
    now = timezone.now()
    for field in tracked_fields(type(record)):
        texts = {language: getattr(record, f"{field}_{language}") or "" for language in LANGUAGES}
        changed = [code for code in LANGUAGES if texts[code] != before.get((field, code), "")]
        if not changed and field not in still_correct:
            continue
        state = states.get(field) or TextState(record=record, field=field)
        stale = stale_after_edit(
            state.stale,
            changed,
            before=[language for language in LANGUAGES if before.get((field, language))],
            now=[language for language in LANGUAGES if texts[language]],
            minor=minor,
            still_correct=field in still_correct,
        )
        if stale and not state.stale:
            state.stale_since, state.text_before = (
                now,
                before.get((field, other_language(stale)), ""),
            )
        if not stale:
            state.stale_since, state.text_before = None, ""
        state.stale = stale
        for language in changed:
            setattr(state, f"changed_at_{language}", now)
            setattr(state, f"changed_by_{language}", by)
        state.save()
