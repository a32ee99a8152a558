"""Forms of records with texts in two languages: what is stale, what is missing, what is published."""

from typing import NamedTuple

from django import forms
from django.conf import settings
from django.forms.models import BaseInlineFormSet
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from careers import rich_text
from careers.languages import LANGUAGES, other
from careers.revisions.diff import html_diff
from careers.revisions.forms import VersionedForm

from .stale import fields_of
from .states import states_by_record
from .widgets import Side

CORRECT = "_correct"  # ticked: the stale side was looked at and is still correct
MINOR = "_minor"  # ticked: this edit leaves the other language as good as it was


class Note(NamedTuple):
    """Why a side is out of date: who changed the other one, when, and what."""

    source: str
    when: object
    who: str
    difference: str
    tick: str


class BilingualForm(VersionedForm):
    """A form that knows the states of its texts; `states` are those of all rows, {pk: {field: TextState}}."""

    def __init__(self, *args, states=None, **kwargs):
        super().__init__(*args, **kwargs)
        if states is None:
            states = states_by_record([self.instance] if self.instance.pk else [])
        for field, state in states.get(self.instance.pk, {}).items():
            bound = self.fields.get(f"{field}_{state.stale}")
            if bound and isinstance(bound.widget, Side):
                bound.widget.note = self._note(field, state)

    def confirmed(self):
        """The fields whose stale side was ticked as still correct."""
        return [field for field in fields_of(type(self.instance)) if self._tick(field) in self.data]

    def _tick(self, field):
        return f"{CORRECT}-{self.add_prefix(field)}"

    def _note(self, field, state):
        source = other(state.stale)
        now = getattr(self.instance, f"{field}_{source}") or ""
        then = state.text_then
        if isinstance(self.instance._meta.get_field(field), rich_text.RichTextField):
            then, now = rich_text.plain(then), rich_text.plain(now)
        return Note(
            source,
            getattr(state, f"changed_at_{source}"),
            getattr(state, f"changed_by_{source}"),
            html_diff(then, now, source),
            self._tick(field),
        )


class BilingualFormSet(BaseInlineFormSet):
    """Rows of a record; the states of all their texts come in one query."""

    @cached_property
    def states(self):
        return states_by_record(list(self.get_queryset()))

    def get_form_kwargs(self, index):
        return {**super().get_form_kwargs(index), "states": self.states}


class PublishedForm(BilingualForm):
    """Publication as two ticks. Publishing what is incomplete is refused, with links to what is missing."""

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
            tick = f"publish_{language}"
            if not self.cleaned_data.get(tick):
                self.instance.unpublish(language)
            elif missing := self.instance.missing(language):
                self.add_error(tick, _missing(self, [f"{name}_{language}" for name in missing]))
            else:
                self.instance.publish(language)


def _missing(form, names):
    links = format_html_join(
        mark_safe(", "),
        '<a href="#{}">{}</a>',
        ((form[name].auto_id, form[name].label) for name in names),
    )
    return format_html(_("Before this can be published, please write: {}"), links)
