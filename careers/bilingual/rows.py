"""Adds a row to a form without JavaScript: a button posts the form, which is shown again with one more row.

Nothing is saved or validated. The form shows the submitted values.
"""

from contextlib import suppress

from django.forms.formsets import TOTAL_FORM_COUNT

from careers.revisions.conflict import MergedForm
from careers.revisions.form_data import set_untouched

ADD_ROW = "_add_row"  # name of the button; its value is the prefix of the rows


def with_another_row(model_admin, request, record):
    """The submitted form with one more empty row, as a draft."""
    data = request.POST.copy()
    for formset_class, _inline in model_admin.get_formsets_with_inlines(request, record):
        prefix = formset_class.get_default_prefix()
        if prefix == data[ADD_ROW]:
            _append_row(data, formset_class(instance=record), f"{prefix}-{TOTAL_FORM_COUNT}")
    return MergedForm(data, {}, [], is_draft=True)


def _append_row(data, formset, counter):
    with suppress(ValueError):
        count = int(data.get(counter, ""))
        if 0 <= count < formset.max_num:
            row = formset.empty_form
            row.prefix = formset.add_prefix(count)
            set_untouched(data, row)
            data[counter] = str(count + 1)
