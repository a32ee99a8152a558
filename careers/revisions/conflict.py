"""Edit conflicts: merges a submitted form with what a colleague saved meanwhile, and explains it."""

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple, cast

from django.forms.formsets import DELETION_FIELD_NAME
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from careers.languages import format_list

from .form_data import (
    FormSet,
    controls,
    relation_name,
    set_controls,
    set_counts,
    set_untouched,
)
from .merge import (
    INVALID,
    Conflict,
    Merge,
    RowMerge,
    StoredValues,
    SubmittedValues,
    Values,
    merge,
)
from .snapshot import Fields, Snapshot, field_values, rows_by_pk

if TYPE_CHECKING:
    from .forms import VersionedForm
    from .models import Draft, Revision


class MergedForm(NamedTuple):
    """What the form of a record shows instead of the submitted or the stored values.

    `conflicts` is {form prefix: conflicts}. `updates` are labels of the fields and rows that show the
    other person's value. With `messages` the form is invalid: they say why nothing is saved yet.
    `is_draft`: the values may be incomplete. They are not validated; the only errors are conflicts.
    """

    data: QueryDict
    conflicts: dict[str | None, list[Conflict]]
    updates: list[str]
    messages: tuple[str, ...] = ()
    is_draft: bool = False


class RecordForms(NamedTuple):
    """The form of a record, and the formsets of its rows."""

    form: "VersionedForm"
    formsets: list[FormSet]


def merge_forms(
    mine: RecordForms, theirs: RecordForms, *, base: Snapshot | None, current: Snapshot
) -> MergedForm:
    """Merge a submitted form with the stored record; returns a `MergedForm` without messages.

    `mine` are bound `RecordForms`, `theirs` unbound ones of the same record. `current` is its snapshot
    now, and `base` the one that the form showed when it was opened, or None if it is unknown.
    """
    my_rows = [_submitted_forms(formset) for formset in mine.formsets]
    result = merge(
        _snapshot_values(theirs, base) if base else None,
        _submitted_values(mine, my_rows),
        _current_values(theirs, current),
    )
    merged = MergedForm(cast(QueryDict, mine.form.data).copy(), {}, [])
    _apply_fields(merged, result, mine.form, theirs.form)
    for formset, forms in zip(theirs.formsets, my_rows, strict=True):
        _apply_rows(merged, result, formset, forms)
    return merged


def _submitted_forms(formset: FormSet) -> list["VersionedForm"]:
    """The bound forms of stored rows, and of new rows that are not empty."""
    return [form for form in formset.forms if _row_pk(form) is not None or form.has_changed()]


def _row_pk(form: "VersionedForm") -> int | None:
    text = form.data.get(form.add_prefix("id")) or ""
    return int(text) if text.isdecimal() else None


# --- Forms to plain values -------------------------------------------------------------------------


def _snapshot_values(forms: RecordForms, saved: Snapshot) -> StoredValues:
    """The values of the form fields in the snapshot `saved`."""
    values: StoredValues = {"fields": _form_values(type(forms.form), saved["fields"]), "rows": {}}
    for formset in forms.formsets:
        name = relation_name(formset)
        values["rows"][name] = [
            {"pk": pk, "fields": _form_values(formset.form, fields)}
            for pk, fields in rows_by_pk(saved, name).items()
        ]
    return values


def _current_values(forms: RecordForms, current: Snapshot) -> StoredValues:
    """The same for the snapshot of the stored record, with only the rows that the forms show."""
    values = _snapshot_values(forms, current)
    for formset in forms.formsets:
        name = relation_name(formset)
        rows = {row["pk"]: row for row in values["rows"][name]}
        values["rows"][name] = [rows[form.instance.pk] for form in formset.initial_forms]
    return values


def _submitted_values(forms: RecordForms, rows: list[list["VersionedForm"]]) -> SubmittedValues:
    """The submitted values of bound forms; `rows` are the forms of the rows, by formset."""
    return {
        "fields": _submitted_fields(forms.form),
        "rows": {
            relation_name(formset): [
                {
                    "pk": _row_pk(form),
                    "fields": _submitted_fields(form),
                    "deleted": form.cleaned_data.get(DELETION_FIELD_NAME, False),
                }
                for form in row_forms
            ]
            for formset, row_forms in zip(forms.formsets, rows, strict=True)
        },
    }


def _submitted_fields(form: "VersionedForm") -> Values:
    errors = form.errors  # validates, and so assigns the submitted values to the instance
    values = _form_values(type(form), field_values(form.instance) | _many_to_many(form))
    return {name: INVALID if name in errors else value for name, value in values.items()}


def _many_to_many(form: "VersionedForm") -> Fields:
    """The many-to-many values of a form: the instance has them only after it is saved."""
    cleaned_data = getattr(form, "cleaned_data", {})
    return {
        field.name: sorted(row.pk for row in cleaned_data[field.name])
        for field in form._meta.model._meta.many_to_many
        if field.name in cleaned_data
    }


def _form_values(form_class: type["VersionedForm"], fields: Fields) -> Fields:
    """The values of a form's fields in a part of a snapshot."""
    values = {}
    for name in form_class.base_fields:
        column = form_class.column(name)
        if column in fields:
            value = fields[column]
            values[name] = bool(value) if name in form_class.columns else value
    return values


# --- The result to form data -----------------------------------------------------------------------


def _apply_fields(
    merged: MergedForm, result: Merge, form: "VersionedForm", their_form: "VersionedForm"
) -> None:
    for name in result.updates:
        set_controls(merged.data, controls(their_form[name]))
        merged.updates.append(str(form[name].label))
    merged.conflicts[form.prefix] = list(result.conflicts)


def _apply_rows(
    merged: MergedForm, result: Merge, formset: FormSet, my_forms: list["VersionedForm"]
) -> None:
    """Replace the rows in the data by the merged ones. `formset` is unbound and shows the stored rows."""
    data, name = merged.data, relation_name(formset)
    submitted = {key: data.pop(key) for key in list(data) if key.startswith(f"{formset.prefix}-")}
    for index, row in enumerate(result.rows[name]):
        prefix = formset.add_prefix(index)
        merged.conflicts[prefix] = list(row.conflicts)
        if row.mine is None:
            _apply_their_row(merged, row, formset.initial_forms[index])
            continue
        form = my_forms[row.mine]
        for key, texts in submitted.items():
            if key.startswith(f"{form.prefix}-"):
                data.setlist(prefix + key.removeprefix(form.prefix or ""), texts)
        for field in row.updates:
            set_controls(data, controls(formset.initial_forms[index][field]))
            merged.updates.append(str(form[field].label))
        if row.pk is None:
            data[f"{prefix}-id"] = ""
    merged.updates.extend(str(my_forms[position].instance) for position in result.deletions[name])
    set_counts(data, formset, len(formset.initial_forms), len(result.rows[name]))


def _apply_their_row(merged: MergedForm, row: RowMerge, form: "VersionedForm") -> None:
    set_untouched(merged.data, form)
    if row.deleted:
        merged.data[form.add_prefix(DELETION_FIELD_NAME)] = "on"
    else:
        merged.updates.append(str(form.instance))


# --- Messages --------------------------------------------------------------------------------------


def conflict_messages(
    newest: "Revision | None", merged: MergedForm, *, has_files: bool
) -> list[str]:
    """Sentences that say why nothing is saved yet, what has changed in the form, and what to do.

    `newest` is the revision that a colleague saved, or None if a program changed the record.
    `has_files` says that files were selected, which a browser does not send twice.
    """
    if newest and newest.created_by:
        sentence = _("%(who)s saved this on %(when)s, after you had opened it.")
        messages = [sentence % {"who": newest.created_by, "when": _format_time(newest.created_at)}]
    else:
        messages = [_("Someone else saved this while you had it open.")]
    messages.append(_("Nothing of yours is saved yet, and nothing is lost."))
    if any(merged.conflicts.values()):
        messages.append(
            _("Where you both edited, your text is in the form and theirs is shown next to it.")
        )
    if merged.updates:
        sentence = _("What you did not touch now shows theirs: %(names)s.")
        messages.append(sentence % {"names": format_list(merged.updates)})
    if has_files:
        messages.append(_("Please choose your files again."))
    messages.append(_("Look it over, then save again."))
    return messages


def deleted_message() -> str:
    """The message in a form whose record was deleted after it had been opened."""
    return _(
        "Someone else deleted this while you had it open. Nothing is lost: if you save, it is added"
        " again."
    )


def revert_message(revision: "Revision") -> str:
    """The message above a form that shows an old revision."""
    if not revision.created_at:
        return _(
            "The form shows the version that was found. Nothing is saved yet: look it over, then save."
        )
    sentence = _(
        "The form shows the version of %(when)s. Nothing is saved yet: look it over, then save."
    )
    return sentence % {"when": _format_time(revision.created_at)}


def draft_message(draft: "Draft") -> str:
    """The message above a form that shows a draft."""
    text = _("The form shows your draft of %(when)s. Nothing is saved yet: review it, then save.")
    sentences = [text % {"when": _format_time(draft.stored_at)}]
    if draft.has_files:
        sentences.append(_("Please choose your files again."))
    return " ".join(sentences)


def _format_time(time: datetime | None) -> str:
    return date_format(localtime(time), "DATETIME_FORMAT")
