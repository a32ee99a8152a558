"""Adds a row to a form without JavaScript: a button posts the form, which is shown again with one more row.

Nothing is saved and nothing is validated: the form shows what was typed.
"""

from contextlib import suppress

from django.forms.formsets import TOTAL_FORM_COUNT

from careers.revisions.conflict import MergedForm
from careers.revisions.form_data import set_untouched

ADD_ROW = "_add_row"  # name of the button; its value is the prefix of the rows


class UnvalidatedForm(MergedForm):
    """A form that shows its data as typed, without errors."""


def with_another_row(model_admin, request, record):
    """The `UnvalidatedForm` of a request, with one more empty row."""
    data = request.POST.copy()
    for formset_class, _inline in model_admin.get_formsets_with_inlines(request, record):
        prefix = formset_class.get_default_prefix()
        if prefix == data[ADD_ROW]:
            _append_row(data, formset_class(instance=record), f"{prefix}-{TOTAL_FORM_COUNT}")
    return UnvalidatedForm(data, {}, [])


def _append_row(data, formset, counter):
    with suppress(ValueError):
        count = int(data.get(counter, ""))
        if 0 <= count < formset.max_num:
            row = formset.empty_form
            row.prefix = formset.add_prefix(count)
            set_untouched(data, row)
            data[counter] = str(count + 1)
