"""The form data that a browser would send: for an untouched form, and for one filled in with a snapshot.

The data comes from the template context of the widgets, so that no HTML is rendered and parsed.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.forms import BoundField
from django.forms.formsets import DELETION_FIELD_NAME, INITIAL_FORM_COUNT, TOTAL_FORM_COUNT
from django.http import QueryDict

from .snapshot import Fields, Snapshot, build_instance, rows_by_pk

# Instances of classes that Django's admin makes.
Form = Any
FormSet = Any


def controls(bound_field: BoundField) -> dict[str, list[str]]:
    """All controls of a field and what they send if left untouched: {name: [texts]}.

    An unchecked checkbox and a file input send nothing: their lists are empty.
    """
    widget: Any = bound_field.field.widget
    while hasattr(widget, "widget"):  # a wrapper: RelatedFieldWidgetWrapper, LanguageWidget
        widget = widget.widget
    context = widget.get_context(bound_field.html_name, bound_field.value(), {})
    return dict(_controls(context["widget"]))


def _controls(widget: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    if "subwidgets" in widget:
        for part in widget["subwidgets"]:
            yield from _controls(part)
    elif "optgroups" in widget:
        options = [option for _label, group, _index in widget["optgroups"] for option in group]
        yield widget["name"], [str(option["value"]) for option in options if option["selected"]]
    elif widget.get("type") == "checkbox":
        value = "on" if widget["value"] is None else str(widget["value"])
        yield widget["name"], [value] if widget["attrs"].get("checked") else []
    elif widget.get("type") == "file":
        yield widget["name"], []
        if "checkbox_name" in widget:
            yield widget["checkbox_name"], []
    else:
        yield widget["name"], ["" if widget["value"] is None else str(widget["value"])]


def set_controls(data: QueryDict, texts_by_name: Mapping[str, list[str]]) -> None:
    """Set these controls in `data`; a control with an empty list is removed from it."""
    for name, texts in texts_by_name.items():
        if texts:
            data.setlist(name, texts)
        else:
            data.pop(name, None)


def set_untouched(data: QueryDict, form: Form) -> None:
    """Set in `data` what the unbound `form` sends if it is left untouched."""
    for name in form.fields:
        set_controls(data, controls(form[name]))


def set_counts(data: QueryDict, formset: FormSet, initial: int, total: int) -> None:
    """Set the row counts of a formset's management form in `data`."""
    prefix = formset.management_form.prefix
    data[f"{prefix}-{INITIAL_FORM_COUNT}"] = str(initial)
    data[f"{prefix}-{TOTAL_FORM_COUNT}"] = str(total)


def relation_name(formset: FormSet) -> str:
    """The name of the relation from the record to the rows of a formset."""
    name: str = formset.fk.remote_field.get_accessor_name()
    return name


def fill_in(form: Form, formsets: Iterable[FormSet], saved: Snapshot) -> QueryDict:
    """The data that the forms of a record send when filled in with the snapshot `saved`.

    `form` is unbound and shows `saved`; `formsets` are unbound and show the rows in the database. Rows
    that `saved` does not have are marked for deletion; rows that no longer exist are added again.
    """
    data = QueryDict(mutable=True)
    set_untouched(data, form)
    for formset in formsets:
        rows = rows_by_pk(saved, relation_name(formset))
        existing = formset.initial_forms
        for index, row_form in enumerate(existing):
            pk = row_form.instance.pk
            if pk in rows:
                set_untouched(data, _row_form(formset, index, pk, rows.pop(pk)))
            else:
                set_untouched(data, row_form)
                data[row_form.add_prefix(DELETION_FIELD_NAME)] = "on"
            data[row_form.add_prefix("id")] = str(pk)
        for index, (pk, fields) in enumerate(rows.items(), start=len(existing)):
            row_form = _row_form(formset, index, pk, fields)
            set_untouched(data, row_form)
            data[row_form.add_prefix("id")] = ""
        set_counts(data, formset, len(existing), len(existing) + len(rows))
    return data


def _row_form(formset: FormSet, index: int, pk: int, fields: Fields) -> Form:
    """The unbound form of a row with the values of `fields`."""
    row = build_instance(formset.model, pk, fields)
    setattr(row, formset.fk.attname, formset.instance.pk)
    form = formset.form(
        instance=row,
        prefix=formset.add_prefix(index),
        **formset.get_form_kwargs(None),
    )
    formset.add_fields(form, None)
    return form


def as_new_record(data: QueryDict, formset_classes: Iterable[FormSet]) -> QueryDict:
    """The data of a change form as data of an add form: all rows are new."""
    data = data.copy()
    for formset in formset_classes:
        prefix = re.escape(formset.get_default_prefix())
        data[f"{formset.get_default_prefix()}-{INITIAL_FORM_COUNT}"] = "0"
        for name in data:
            if re.fullmatch(rf"{prefix}-\d+-(id|{formset.fk.name})", name):
                data[name] = ""
    return data
