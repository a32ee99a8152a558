"""Form widgets of the admin: one language of a translated field, and a date with a time."""

import copy

from django import forms
from django.contrib.admin.widgets import AdminSplitDateTime
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _


class LanguageWidget(forms.Widget):
    """Wraps the widget of one language of a field, such as `title_en`.

    Adds its `lang`, a character counter, a button that copies the other language, and a note if the
    text is stale.
    """

    def __init__(self, widget, *, field, language, limit=None):
        super().__init__()
        self.widget = widget
        self.field, self.language, self.limit = field, language, limit
        self.note = None  # a StaleNote, set by the form

    def __deepcopy__(self, memo):
        copied = copy.copy(self)
        copied.attrs, copied.widget = self.attrs.copy(), copy.deepcopy(self.widget, memo)
        return memo.setdefault(id(self), copied)

    @property
    def media(self):
        return self.widget.media

    @property
    def needs_multipart_form(self):
        return self.widget.needs_multipart_form

    def render(self, name, value, attrs=None, renderer=None):
        language_attrs = {"lang": self.language, "data-field": self.field}
        if self.limit:
            language_attrs["data-limit"] = self.limit
        inner = self.widget.render(
            name, value, {**self.attrs, **(attrs or {}), **language_attrs}, renderer
        )
        context = {"inner": inner, "note": self.note, "name": name, "language": self.language}
        return render_to_string("admin/bilingual/fields.html", context)

    def value_from_datadict(self, data, files, name):
        return self.widget.value_from_datadict(data, files, name)

    def value_omitted_from_data(self, data, files, name):
        return self.widget.value_omitted_from_data(data, files, name)

    def id_for_label(self, id_):
        return self.widget.id_for_label(id_)

    def use_required_attribute(self, initial):
        return self.widget.use_required_attribute(initial)


class SplitDateTimeWidget(AdminSplitDateTime):
    """A date and a time, each with an accessible name."""

    def __init__(self, attrs=None):
        super().__init__(attrs)
        for widget, label in zip(self.widgets, (_("Date"), _("Time")), strict=True):
            widget.attrs["aria-label"] = label
