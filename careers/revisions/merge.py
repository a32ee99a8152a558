"""Two people wrote into one record: what somebody did not touch is taken from the other, and where
both wrote, both versions are told. Nothing that was typed is lost.

An old version is put back in the same way: as if somebody had typed all of it.
"""

import re
from typing import NamedTuple

from django.forms.formsets import DELETION_FIELD_NAME, INITIAL_FORM_COUNT, TOTAL_FORM_COUNT
from django.http import QueryDict

from .form_data import sent
from .snapshot import by_pk, fields_said, rebuild

_WRONG, _UNKNOWN = object(), object()  # values that are equal to no other


class Note(NamedTuple):
    """What the other one did to a field, or with `field` None to a whole row."""

    field: str | None
    before: object = None
    now: object = None
    deleted: bool = False


class Meeting(NamedTuple):
    """What the form shows next: its data, what to say at which form, and what was taken over."""

    data: QueryDict
    notes: dict  # {prefix of a form: [Note]}
    taken: list  # labels of what somebody left alone and the other one changed
    said: tuple = ()  # sentences: why nothing is saved yet, if somebody wanted to save


def meet(mine, theirs, *, was, now, drop=False):
    """The meeting of what was typed with what is in the database now.

    `mine` and `theirs` are pairs of a form and its formsets, bound and unbound. `now` is the content
    in the database and `was` that with which both began, or None if nobody knows it: then every
    difference is told. `drop` deletes the rows that only they have.
    """
    (form, formsets), (their_form, their_formsets) = mine, theirs
    meeting = Meeting(form.data.copy(), {}, [])
    _put(meeting, form, their_form, was and was["fields"], now["fields"])
    for formset, their_formset in zip(formsets, their_formsets, strict=True):
        name = formset.fk.remote_field.get_accessor_name()
        old, new = (said and by_pk(said["rows"].get(name, [])) for said in (was, now))
        _put_rows(meeting, formset, their_formset, old, new, drop)
    return meeting


def as_form_data(form, formsets, said, now):
    """The data that a browser would send if somebody typed `said` into the form of a record.

    `form` is unbound and shows `said`; `formsets` are those of the record, whose content is `now`.
    """
    data = QueryDict(mutable=True)
    for name in form.fields:
        _set(data, sent(form[name])[1])
    for formset in formsets:
        name = formset.fk.remote_field.get_accessor_name()
        alive = {row["pk"] for row in now["rows"].get(name, [])}
        rows = sorted(said["rows"].get(name, []), key=lambda row: row["pk"] not in alive)
        for index, row in enumerate(rows):
            shown = _row_form(formset, index, row)
            for field in shown.fields:
                _set(data, sent(shown[field])[1])
            data[shown.add_prefix("id")] = str(row["pk"]) if row["pk"] in alive else ""
        _set_counts(data, formset, sum(row["pk"] in alive for row in rows), len(rows))
    return data


def all_new(data, formsets):
    """The data of a form whose record has gone: every row of these kinds of formset is a new one."""
    data = data.copy()
    for formset in formsets:
        prefix = re.escape(formset.get_default_prefix())
        data[f"{formset.get_default_prefix()}-{INITIAL_FORM_COUNT}"] = "0"
        for key in data:
            if re.fullmatch(rf"{prefix}-\d+-(id|{formset.fk.name})", key):
                data[key] = ""
    return data


# --- One form ------------------------------------------------------------------------------------


def _put(meeting, form, theirs, was, now):
    """The fields of one form, under the name that it has in the form of the others."""
    wrong = form.errors  # asking makes it understand what was typed
    said = fields_said(form.instance) | _many(form)
    for name in form.fields:
        controls, untouched = sent(theirs[name])
        for control in controls:
            ours = _renamed(control, theirs.prefix, form.prefix)
            if ours in form.data:
                meeting.data.setlist(control, form.data.getlist(ours))
        column = form.column(name)
        if column not in now:
            continue

        # In a field that nobody understands yet, somebody wrote for certain.
        mine = _WRONG if name in wrong else said[column]
        before = (was or {}).get(column, _UNKNOWN)
        if _same(form, name, mine, now[column]):
            continue
        if _same(form, name, mine, before):
            for control in controls:
                meeting.data.pop(control, None)
            _set(meeting.data, untouched)
            meeting.taken.append(form[name].label)
        elif not _same(form, name, now[column], before):
            told = None if before is _UNKNOWN else before
            meeting.notes.setdefault(theirs.prefix, []).append(Note(name, told, now[column]))


def _same(form, name, one, other):
    # Whether something is published counts, not since when.
    return bool(one) == bool(other) if name in form.columns else one == other


def _many(form):
    """What was chosen in the many-to-many fields, which are not in the record before it is saved."""
    return {
        field.name: sorted(row.pk for row in form.cleaned_data[field.name])
        for field in form._meta.model._meta.many_to_many
        if field.name in getattr(form, "cleaned_data", {})
    }


# --- The rows of a record ------------------------------------------------------------------------


def _put_rows(meeting, formset, theirs, was, now, drop):
    typed, added = {}, []
    for form in formset.forms:
        pk = form.data.get(form.add_prefix("id"))
        if pk and pk.isdecimal():
            typed[int(pk)] = form
        elif form.has_changed():
            added.append(form)
    kept = {key: meeting.data.pop(key) for key in list(meeting.data) if _of(key, formset.prefix)}
    data = meeting.data
    for shown in theirs.initial_forms:
        pk = shown.instance.pk
        if form := typed.pop(pk, None):
            _put(meeting, form, shown, None if was is None else was.get(pk), now[pk])
            if formset._should_delete_form(form) and was is not None and was.get(pk) != now[pk]:
                meeting.notes.setdefault(shown.prefix, []).append(Note(None))
            continue
        for name in shown.fields:
            _set(data, sent(shown[name])[1])
        if drop:
            data[shown.add_prefix(DELETION_FIELD_NAME)] = "on"
        else:
            meeting.taken.append(str(shown.instance))
    for pk, form in typed.items():  # they deleted these
        said = None if form.errors.keys() - {"id"} else fields_said(form.instance)
        if (was is not None and said == was.get(pk)) or formset._should_delete_form(form):
            meeting.taken.append(str(form.instance))
        else:
            added.append(form)
    first = len(theirs.initial_forms)
    for index, form in enumerate(added, start=first):
        prefix = theirs.add_prefix(index)
        for key, texts in kept.items():
            if _of(key, form.prefix):
                data.setlist(_renamed(key, form.prefix, prefix), texts)
        if data.get(f"{prefix}-id"):
            data[f"{prefix}-id"] = ""
            meeting.notes.setdefault(prefix, []).append(Note(None, deleted=True))
    _set_counts(data, theirs, first, first + len(added))


def _row_form(formset, index, row):
    """The form of a row that says what it said in a version."""
    form = formset.form(
        instance=rebuild(formset.model, row["pk"], row["fields"]),
        prefix=formset.add_prefix(index),
        **formset.get_form_kwargs(None),
    )
    formset.add_fields(form, None)
    return form


def _set_counts(data, formset, initial, total):
    prefix = formset.management_form.prefix
    data[f"{prefix}-{INITIAL_FORM_COUNT}"] = str(initial)
    data[f"{prefix}-{TOTAL_FORM_COUNT}"] = str(total)


# --- Names of controls ---------------------------------------------------------------------------


def _set(data, sent_by_name):
    for name, texts in sent_by_name.items():
        data.setlist(name, texts)


def _of(control, prefix):
    """Whether a control belongs to a form: `conditions-0-text`, `_correct-conditions-0-text`."""
    return re.search(rf"(?:^|-){re.escape(prefix)}-", control) is not None


def _renamed(control, prefix, to):
    """The name of a control in another form: `conditions-0-text` → `conditions-2-text`."""
    if not prefix or prefix == to:
        return control
    return re.sub(rf"(^|-){re.escape(prefix)}-", rf"\g<1>{to}-", control, count=1)
