"""Base classes of ModelAdmins with texts in two languages.

The form shows both languages of a field side by side, the search covers both, and the list shows the
translation status of each.
"""

from contextlib import ExitStack

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db import models
from django.forms import Script
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import get_language, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from careers.cldr import language_name
from careers.languages import LANGUAGES, format_list
from careers.revisions.admin import BASE_DIGEST, VersionedAdmin
from careers.rich_text import RichTextField
from careers.search_index import search_rows

from . import duplicate, stale
from .forms import MINOR, BilingualForm, BilingualFormSet, PublishedForm
from .panels import PanelAdmin
from .rich_text_widget import RichTextWidget, render_rich_text
from .rows import ADD_ROW, with_another_row
from .states import (
    TranslationStatus,
    annotate_status,
    language_progress,
    missing_condition,
    missing_texts_by_record,
    states_by_record,
)
from .status_board import LAYOUTS
from .visibility import visibility_messages
from .widgets import LanguageWidget, SplitDateTimeWidget

WIDGETS = {
    models.DateTimeField: {"widget": SplitDateTimeWidget},
    models.URLField: {"assume_scheme": "https"},
    RichTextField: {"widget": RichTextWidget},
}


def language_rows(*names):
    """Rows of a form: `language_rows("title")` is (("title_en", "title_ja"),)."""
    return tuple(tuple(f"{name}_{language}" for language in LANGUAGES) for name in names)


class LanguageFields:
    """Puts both languages of a field beside each other, in the form of a record and in its rows.

    `limits` are recommended lengths: {field name: (characters in English, in Japanese)}.
    """

    formfield_overrides = WIDGETS
    limits = {}

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Wrap the widget of a translated field in a `LanguageWidget`."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        name, _underscore, language = db_field.name.rpartition("_")
        if name in stale.tracked_fields(self.model) and language in LANGUAGES:
            limit = dict(zip(LANGUAGES, self.limits.get(name, ()), strict=False)).get(language)
            field.widget = LanguageWidget(field.widget, field=name, language=language, limit=limit)
        return field

    def rows(self, names):
        """Rows of a form from field names, where a translated field is named once."""
        pairs = self.model.translated()
        return [language_rows(name)[0] if name in pairs else name for name in names]


class BilingualInline(LanguageFields, admin.StackedInline):
    """Rows of a record. `fields` name a translated field once, without its language."""

    extra = 0
    form = BilingualForm
    formset = BilingualFormSet

    def get_fields(self, request, obj=None):
        return self.rows(self.fields)


class TranslationStatusFilter(admin.SimpleListFilter):
    """Filters by the translation status of one language."""

    language = ""

    def lookups(self, request, model_admin):
        return TranslationStatus.choices

    def queryset(self, request, queryset):
        missing = missing_condition(queryset.model, self.language)
        outdated = {f"stale_{self.language}": True}
        match self.value():
            case TranslationStatus.MISSING:
                return queryset.filter(missing)
            case TranslationStatus.STALE:
                return queryset.filter(**outdated).exclude(missing)
            case TranslationStatus.READY:
                return queryset.exclude(missing).exclude(**outdated)
        return queryset


class EnglishStatusFilter(TranslationStatusFilter):
    title = _("English")
    parameter_name = language = "en"


class JapaneseStatusFilter(TranslationStatusFilter):
    title = _("Japanese")
    parameter_name = language = "ja"


class BilingualAdmin(LanguageFields, PanelAdmin, VersionedAdmin):
    """Records with texts in two languages.

    `sections` are the fieldsets, (title, field names); they name a translated field once, without its
    language. `panels` are what the admin offers beyond editing: preview, share links, … (panels.py).
    """

    change_form_template = "admin/bilingual/change_form.html"
    change_list_template = "admin/bilingual/change_list.html"
    form = BilingualForm
    draft_parameters = (duplicate.FROM,)
    sections = ()

    class Media:
        js = (Script("js/bilingual.js", type="module"),)

    def get_fieldsets(self, request, obj=None):
        return [(title, {"fields": self.rows(names)}) for title, names in self.sections]

    # --- Another row, without JavaScript -----------------------------------------------------

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method != "POST" or ADD_ROW not in request.POST:
            return super().changeform_view(request, object_id, form_url, extra_context)
        record = self.get_object(request, unquote(object_id)) if object_id else None
        if object_id and record is None:
            # The record has been deleted: the form of a new record shows the submitted values.
            return super().changeform_view(request, object_id, form_url, extra_context)
        request.merged_form = with_another_row(self, request, record)
        request.method = "GET"  # nothing is saved
        view = super(VersionedAdmin, self).changeform_view  # shows neither a version nor a draft
        response = view(request, object_id, form_url, extra_context)
        if BASE_DIGEST in request.POST and getattr(response, "context_data", None):
            # A colleague may have saved in the meantime.
            response.context_data["base_digest"] = request.POST[BASE_DIGEST]
        return response

    # --- Search, in both languages at once ---------------------------------------------------

    def get_search_fields(self, request):
        return ["search_text"] if hasattr(self.model, "search_text") else []

    def get_search_results(self, request, queryset, search_term):
        return search_rows(queryset, search_term), False

    # --- Translation status -----------------------------------------------------------------

    def get_queryset(self, request):
        return annotate_status(super().get_queryset(request))

    def get_list_display(self, request):
        columns = super().get_list_display(request)
        return (*columns, "english", "japanese", *self.panel_columns(request))

    def get_list_filter(self, request):
        return (EnglishStatusFilter, JapaneseStatusFilter, *super().get_list_filter(request))

    @admin.display(description=_("English"))
    def english(self, record):
        return _chip(_status_in_list(record, "en"))

    @admin.display(description=_("Japanese"))
    def japanese(self, record):
        return _chip(_status_in_list(record, "ja"))

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        if obj:
            states, missing_texts = states_by_record([obj])[obj.pk], missing_texts_by_record([obj])
            context["language_progress"] = [
                language_progress(obj, language, states, missing_texts[language].get(obj.pk, ()))
                for language in LANGUAGES
            ]
            if not self.has_change_permission(request, obj):
                render_rich_text(obj)
        context |= {
            "minor": MINOR,
            "is_minor": MINOR in request.POST,
            "layouts": LAYOUTS,
            "add_row": ADD_ROW,
        }
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    # --- Saving -----------------------------------------------------------------------------

    def save_model(self, request, obj, form, change):
        with self._track_edit(request, form):
            super().save_model(request, obj, form, change)

    def save_formset(self, request, form, formset, change):
        rows = [row for row in formset.forms if stale.tracked_fields(type(row.instance))]
        with ExitStack() as edits:
            for row in rows:
                if row.has_changed() or row.still_correct():
                    edits.enter_context(self._track_edit(request, row))
            super().save_formset(request, form, formset, change)

    def _track_edit(self, request, form):
        return stale.track_edit(
            form.instance,
            by=request.user,
            minor=MINOR in request.POST,
            still_correct=form.still_correct(),
        )


class WorkFilter(admin.SimpleListFilter):
    """Filters by work to do. Each choice is a queryset method; those that the model lacks are left out."""

    title = pgettext_lazy("filter", "work")
    parameter_name = "due"
    names = {
        "scheduled": _("Scheduled"),
        "closing_soon": _("Closing soon"),
        "needs_review": _("Not confirmed"),
    }

    def lookups(self, request, model_admin):
        rows = model_admin.model.objects.all()
        return [(name, label) for name, label in self.names.items() if hasattr(rows, name)]

    def queryset(self, request, queryset):
        return getattr(queryset, self.value())() if self.value() in self.names else queryset


class PublishedAdmin(BilingualAdmin):
    """Records that are published, each on a page of its own."""

    form = PublishedForm
    revert_exclude = ("published_at_en", "published_at_ja", "opens_at", "closes_on", "slug")

    def save_model(self, request, obj, form, change):
        if "slug" in form.changed_data and obj.slug:
            obj.slug_follows_title = False
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        for level, text in visibility_messages(form.instance):
            self.message_user(request, text, level)

    def get_list_filter(self, request):
        return (WorkFilter, *super().get_list_filter(request))

    @admin.display(description=_("published in"))
    def published(self, record):
        """The languages in which the record is published, whether it has opened or not."""
        published = [code for code in LANGUAGES if getattr(record, f"published_at_{code}")]
        return format_list(language_name(code) for code in published) or _("draft")

    @admin.display(description=_("open"), ordering="closes_on")
    def period(self, record):
        """Opening time and last day; None if the record has neither."""
        if not (record.opens_at or record.closes_on):
            return None
        opens, closes = record.opens_at, record.closes_on
        return pgettext("from – to", "%(opens)s – %(closes)s") % {
            "opens": date_format(localtime(opens), "SHORT_DATETIME_FORMAT") if opens else "",
            "closes": date_format(closes, "SHORT_DATE_FORMAT") if closes else "",
        }

    def view_on_site(self, record):
        """The URL of the record's public page; None while it has none.

        In the language of the admin if the record has a page in it, else in the other one.
        """
        posted = type(record).objects.posted().filter(pk=record.pk).first()
        return posted.entry(get_language()).url if posted else None


def _status_in_list(record, language):
    """The translation status of one language of a record with the annotations of `annotate_status`."""
    status = language_progress(record, language, {}).status
    if status == TranslationStatus.MISSING or getattr(record, f"lacks_texts_{language}"):
        return TranslationStatus.MISSING
    return TranslationStatus.STALE if getattr(record, f"stale_{language}") else status


def _chip(status):
    return format_html('<span class="chip {}">{}</span>', status, status.label)
