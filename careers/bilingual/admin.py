"""The bilingual layer over Django's admin: both languages of a field in one row, both searched,
and how far each is in every list."""

from contextlib import ExitStack

from django.contrib import admin
from django.db import models
from django.forms import Script
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from careers.languages import LANGUAGES, listed
from careers.names import tongue
from careers.prose import ProseField
from careers.revisions.admin import VersionedAdmin
from careers.searching import found

from . import stale
from .board import LAYOUTS
from .duplicating import Duplicated
from .forms import MINOR, BilingualForm, BilingualFormSet, PublishedForm
from .ordering import InOrder
from .preview import Previewed
from .richtext import RichText, as_it_reads
from .sharing import Shared
from .states import Ready, by_record, is_missing, side_of, with_stale
from .widgets import DateAndTime, Side

WIDGETS = {
    models.DateTimeField: {"widget": DateAndTime},
    models.URLField: {"assume_scheme": "https"},
    ProseField: {"widget": RichText},
}


def both(*names):
    """Rows of a form: `both("title")` is (("title_en", "title_ja"),)."""
    return tuple(tuple(f"{name}_{language}" for language in LANGUAGES) for name in names)


class SideBySide:
    """What a form and its rows have in common: `limits` of length, by field, for each language."""

    formfield_overrides = WIDGETS
    limits = {}

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """A field of one language is wrapped, so that its side is known."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        name, _underscore, language = db_field.name.rpartition("_")
        if name in stale.fields_of(self.model) and language in LANGUAGES:
            limit = dict(zip(LANGUAGES, self.limits.get(name, ()), strict=False)).get(language)
            field.widget = Side(field.widget, field=name, language=language, limit=limit)
        return field

    def rows(self, names):
        """The names of a section, a translated one once, as rows of a form."""
        pairs = self.model.translated()
        return [both(name)[0] if name in pairs else name for name in names]


class BilingualInline(SideBySide, admin.StackedInline):
    """Rows of a record; `fields` name a translated field once and get both languages."""

    extra = 0
    form = BilingualForm
    formset = BilingualFormSet

    def get_fields(self, request, obj=None):
        return self.rows(self.fields)


class ReadyFilter(admin.SimpleListFilter):
    """How far the records are in one language."""

    language = ""

    def lookups(self, request, model_admin):
        return Ready.choices

    def queryset(self, request, queryset):
        missing = is_missing(queryset.model, self.language)
        outdated = {f"stale_{self.language}": True}
        match self.value():
            case Ready.MISSING:
                return queryset.filter(missing)
            case Ready.STALE:
                return queryset.filter(**outdated).exclude(missing)
            case Ready.READY:
                return queryset.exclude(missing).exclude(**outdated)
        return queryset


class ReadyInEnglish(ReadyFilter):
    title = _("English")
    parameter_name = language = "en"


class ReadyInJapanese(ReadyFilter):
    title = _("Japanese")
    parameter_name = language = "ja"


class BilingualAdmin(SideBySide, Previewed, Shared, Duplicated, VersionedAdmin):
    """A record with texts in two languages. `sections` name a translated field once."""

    change_form_template = "admin/bilingual/change_form.html"
    form = BilingualForm
    sections = ()

    class Media:
        js = tuple(
            Script(f"js/{name}.js", type="module") for name in ("bilingual", "preview", "sharing")
        )

    def get_fieldsets(self, request, obj=None):
        return [(title, {"fields": self.rows(names)}) for title, names in self.sections]

    # --- Searching, in both languages at once ------------------------------------------------

    def get_search_fields(self, request):
        return ["folded"] if hasattr(self.model, "folded") else []

    def get_search_results(self, request, queryset, search_term):
        return found(queryset, search_term), False

    # --- The state of each language ---------------------------------------------------------

    def get_queryset(self, request):
        return with_stale(super().get_queryset(request))

    def get_list_display(self, request):
        return (*super().get_list_display(request), "english", "japanese")

    def get_list_filter(self, request):
        return (ReadyInEnglish, ReadyInJapanese, *super().get_list_filter(request))

    @admin.display(description=_("English"))
    def english(self, record):
        return _chip(_in_list(record, "en"))

    @admin.display(description=_("Japanese"))
    def japanese(self, record):
        return _chip(_in_list(record, "ja"))

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        if obj:
            states = by_record([obj])[obj.pk]
            context["sides"] = [side_of(obj, language, states) for language in LANGUAGES]
            if not self.has_change_permission(request, obj):
                as_it_reads(obj)
        context |= {"minor": MINOR, "layouts": LAYOUTS}
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    # --- Saving, and what it makes stale ----------------------------------------------------

    def save_model(self, request, obj, form, change):
        with self._watched(request, form):
            super().save_model(request, obj, form, change)

    def save_formset(self, request, form, formset, change):
        rows = [row for row in formset.forms if stale.fields_of(type(row.instance))]
        stale.forget(*(row.instance for row in rows if row in formset.deleted_forms))
        with ExitStack() as edits:
            for row in rows:
                if row.has_changed() or row.confirmed():
                    edits.enter_context(self._watched(request, row))
            super().save_formset(request, form, formset, change)

    def delete_model(self, request, obj):
        stale.forget(obj)
        super().delete_model(request, obj)

    def delete_queryset(self, request, queryset):
        stale.forget(*queryset)
        super().delete_queryset(request, queryset)

    def _watched(self, request, form):
        return stale.watched(
            form.instance,
            by=request.user,
            minor=MINOR in request.POST,
            confirmed=form.confirmed(),
        )


class Due(admin.SimpleListFilter):
    """What waits for somebody: the queries of the rows that are called so."""

    title = pgettext_lazy("filter", "work")
    parameter_name = "due"
    names = {
        "scheduled": _("Scheduled"),
        "closing_soon": _("Closing soon"),
        "unconfirmed": _("Not confirmed"),
    }

    def lookups(self, request, model_admin):
        rows = model_admin.model.objects.all()
        return [(name, label) for name, label in self.names.items() if hasattr(rows, name)]

    def queryset(self, request, queryset):
        return getattr(queryset, self.value())() if self.value() in self.names else queryset


class PublishedAdmin(InOrder, BilingualAdmin):
    """A record with a page of its own."""

    form = PublishedForm
    stays = ("published_at_en", "published_at_ja", "opens_at", "closes_on", "slug")

    def get_list_filter(self, request):
        return (Due, *super().get_list_filter(request))

    @admin.display(description=_("published in"))
    def published(self, record):
        """The languages in which the record is published, whether it has opened or not."""
        published = [code for code in LANGUAGES if getattr(record, f"published_at_{code}")]
        return listed(tongue(code) for code in published) or _("draft")

    @admin.display(description=_("open"), ordering="closes_on")
    def period(self, record):
        """From when to which day the record is open, as far as anybody has said."""
        if not (record.opens_at or record.closes_on):
            return None
        opens, closes = record.opens_at, record.closes_on
        return pgettext("from – to", "%(opens)s – %(closes)s") % {
            "opens": date_format(localtime(opens), "SHORT_DATETIME_FORMAT") if opens else "",
            "closes": date_format(closes, "SHORT_DATE_FORMAT") if closes else "",
        }

    def view_on_site(self, record):
        """The record's page, where it has one."""
        posted = type(record).objects.posted().filter(pk=record.pk).first()
        return posted.get_absolute_url(posted.languages[0]) if posted else None


def _in_list(record, language):
    """The state of a row whose query said what is stale."""
    state = side_of(record, language, {}).state
    return Ready.STALE if state == Ready.READY and getattr(record, f"stale_{language}") else state


def _chip(state):
    return format_html('<span class="chip {}">{}</span>', state, state.label)
