"""Forms of records with texts in two languages: stale texts, missing texts, and publication."""

from typing import NamedTuple

from django import forms
from django.conf import settings
from django.forms.models import BaseInlineFormSet
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from careers import rich_text
from careers.languages import LANGUAGES, active_language, other_language
from careers.revisions.diff import html_diff
from careers.revisions.forms import VersionedForm

from .stale import tracked_fields
from .states import states_by_record
from .widgets import LanguageWidget

CORRECT = "_correct"  # checkbox: the stale text is still correct
MINOR = "_minor"  # checkbox: this edit does not make the other language stale


class StaleNote(NamedTuple):
    """Why a text is stale: who changed the text in `source`, the other language, when, and how.

    `checkbox_name` is the checkbox that marks the stale text as still correct. `is_checked`: it was
    checked in the submitted form.
    """

    source: str
    changed_at: object
    changed_by: str
    difference: str
    checkbox_name: str
    is_checked: bool


class BilingualForm(VersionedForm):
    """Requires a name in at least one language, and shows a note beside each stale text.

    The name is the first of the model's `required_fields`; a model without them needs no name.

    `states` are the states of the texts of several records, {pk: {field: TextState}}: a formset reads
    them once for all of its forms.
    """

    def __init__(self, *args, states=None, **kwargs):
        super().__init__(*args, **kwargs)
        if states is None:
            states = states_by_record([self.instance] if self.instance.pk else [])
        for name, state in states.get(self.instance.pk, {}).items():
            field = self.fields.get(f"{name}_{state.stale}")
            if field and isinstance(field.widget, LanguageWidget):
                field.widget.note = self._note(name, state)

    def _post_clean(self):
        super()._post_clean()
        self._require_name()

    def _require_name(self):
        """Add an error to the name in the language of the admin if it is empty in both languages."""
        for field in type(self.instance).required_fields[:1]:
            names = [f"{field}_{language}" for language in LANGUAGES]
            if not all(name in self.fields and name not in self.errors for name in names):
                continue  # it cannot be edited here, or has an error already
            if not any((getattr(self.instance, name) or "").strip() for name in names):
                label = self.instance._meta.get_field(field).verbose_name
                error = _("Enter the %(field)s in English, in Japanese, or in both.")
                self.add_error(f"{field}_{active_language()}", error % {"field": label})

    def still_correct(self):
        """Names of the fields whose stale text is marked as still correct."""
        names = tracked_fields(type(self.instance))
        return [name for name in names if self._checkbox_name(name) in self.data]

    def _checkbox_name(self, name):
        return f"{CORRECT}-{self.add_prefix(name)}"

    def _note(self, name, state):
        source = other_language(state.stale)
        before, after = state.text_before, getattr(self.instance, f"{name}_{source}") or ""
        if isinstance(self.instance._meta.get_field(name), rich_text.RichTextField):
            before, after = rich_text.to_plain_text(before), rich_text.to_plain_text(after)
        return StaleNote(
            source,
            getattr(state, f"changed_at_{source}"),
            getattr(state, f"changed_by_{source}"),
            html_diff(before, after, source),
            self._checkbox_name(name),
            self._checkbox_name(name) in self.data,
        )


class BilingualFormSet(BaseInlineFormSet):
    """Rows of a record: a form for each row in `initial`. One query reads the states of all texts."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.initial_extra:
            self.extra = len(self.initial_extra)

    @cached_property
    def states(self):
        return states_by_record(list(self.get_queryset()))

    def get_form_kwargs(self, index):
        return {**super().get_form_kwargs(index), "states": self.states}


class PublishedForm(BilingualForm):
    """Publishes each language by a checkbox.

    For an incomplete language the error links to the empty fields.
    """

    columns = {f"publish_{language}": f"published_at_{language}" for language in LANGUAGES}

    publish_en = forms.BooleanField(label=_("Published in English"), required=False)
    publish_ja = forms.BooleanField(label=_("Published in Japanese"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for language in LANGUAGES:
            published = getattr(self.instance, f"published_at_{language}")
            self.initial.setdefault(f"publish_{language}", published is not None)
        for name in ("opens_at", "closes_on"):
            if field := self.fields.get(name):
                field.help_text = _("%(help)s Time zone: %(zone)s.") % {
                    "help": field.help_text,
                    "zone": settings.TIME_ZONE,
                }

    def _post_clean(self):
        super()._post_clean()
        for language in LANGUAGES:
            checkbox = f"publish_{language}"
            if not self.cleaned_data.get(checkbox):
                self.instance.unpublish(language)
            elif missing := self.instance.missing_fields(language):
                names = [f"{name}_{language}" for name in missing]
                self.add_error(checkbox, _missing_error(self, names))
            else:
                self.instance.publish(language)


def _missing_error(form, names):
    links = format_html_join(
        mark_safe(", "),
        '<a href="#{}">{}</a>',
        ((form[name].auto_id, form[name].label) for name in names),
    )
    return format_html(_("Before this can be published, please write: {}"), links)
