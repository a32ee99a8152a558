"""The bilingual layer over Django's admin: both languages of a field in one row, both searched."""

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.widgets import AdminSplitDateTime
from django.db import models
from django.utils.translation import gettext_lazy as _
from modeltranslation.translator import NotRegistered, translator

from careers.languages import LANGUAGES, listed
from careers.names import tongue


def both(*names):
    """Rows of a form: `both("title")` is (("title_en", "title_ja"),)."""
    return tuple(tuple(f"{name}_{language}" for language in LANGUAGES) for name in names)


def translated(model):
    """The names of a model's translated fields."""
    try:
        return tuple(translator.get_options_for_model(model).all_fields)
    except NotRegistered:
        return ()


class DateAndTime(AdminSplitDateTime):
    """Two fields for one moment; a screen reader is told which is which."""

    def __init__(self, attrs=None):
        super().__init__(attrs)
        for widget, label in zip(self.widgets, (_("Date"), _("Time")), strict=True):
            widget.attrs["aria-label"] = label


class BilingualInline(admin.StackedInline):
    """Rows of a record; `fields` name a translated field once and get both languages."""

    extra = 0

    def get_fields(self, request, obj=None):
        names = translated(self.model)
        return [both(name)[0] if name in names else name for name in self.fields]


class BilingualAdmin(admin.ModelAdmin):
    """A record with texts in two languages. `sections` name a translated field once."""

    sections = ()
    formfield_overrides = {
        models.DateTimeField: {"widget": DateAndTime},
        models.URLField: {"assume_scheme": "https"},
    }
    searched = ()  # besides every translated field, in both languages
    save_on_top = True

    def __init__(self, model, admin_site):
        super().__init__(model, admin_site)
        columns = (column for row in both(*translated(model)) for column in row)
        self.search_fields = (*columns, *self.searched)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """A field inside a list has no label of its own beside it."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name in self.list_editable:
            field.widget.attrs["aria-label"] = db_field.verbose_name
        return field

    def get_fieldsets(self, request, obj=None):
        names = translated(self.model)
        return [
            (
                title,
                {"fields": [both(name)[0] if name in names else name for name in fields]},
            )
            for title, fields in self.sections
        ]


class PublishedForm(forms.ModelForm):
    """Publication as two ticks. Publishing what is incomplete is refused, saying what is missing."""

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
                self.add_error(tick, _missing(self.instance, missing, language))
            else:
                self.instance.publish(language)


def _missing(instance, names, language):
    labels = [str(instance._meta.get_field(f"{name}_{language}").verbose_name) for name in names]
    said = _("Before this can be published, please write: %(fields)s")
    return said % {"fields": listed(labels)}


class PublishedAdmin(BilingualAdmin):
    """A record with a page of its own."""

    form = PublishedForm

    @admin.display(description=_("published in"))
    def published(self, record):
        """The languages in which the record is published, whether it has opened or not."""
        published = [code for code in LANGUAGES if getattr(record, f"published_at_{code}")]
        return listed(tongue(code) for code in published) or _("draft")

    def view_on_site(self, record):
        """The record's page, where it has one."""
        posted = type(record).objects.posted().filter(pk=record.pk).first()
        return posted.get_absolute_url(posted.languages[0]) if posted else None
