"""The translation status board: the status of every record in both languages, the oldest work first.

Also stores the layout of forms: which languages they show to an account.
"""

from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import urljoin

from django.contrib import admin
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from modeltranslation.translator import translator

from careers.languages import LANGUAGES

from .states import (
    LanguageProgress,
    TranslationStatus,
    language_progress,
    missing_texts_by_record,
    states_by_record,
)

UNKNOWN_DATE = datetime.min.replace(tzinfo=UTC)  # sorts first
LAYOUTS = (("both", "EN｜日本語"), ("en", "EN"), ("ja", "日本語"))


class BoardRow(NamedTuple):
    """A record on the board: its name, its model's name, the URL of its form, and both languages.

    The `url` of each `LanguageProgress` is the path of the field that needs work.
    """

    name: str
    model_name: str
    url: str
    progress: list[LanguageProgress]

    @property
    def since(self):
        """The time since which its oldest work has been due."""
        dates = [
            item.since or UNKNOWN_DATE
            for item in self.progress
            if item.status != TranslationStatus.READY
        ]
        return min(dates, default=datetime.max.replace(tzinfo=UTC))


def board(request):
    """The records that the user may view and that need work; `?all=1` adds all others."""
    rows = [row for model in models(request) for row in _board_rows(model)]
    show_all = bool(request.GET.get("all"))
    context = {
        **admin.site.each_context(request),
        "title": _("Translations"),
        "rows": sorted(
            (row for row in rows if show_all or _has_work(row)), key=lambda row: row.since
        ),
        "show_all": show_all,
        "ready_count": sum(1 for row in rows if not _has_work(row)),
    }
    return render(request, "admin/bilingual/status_board.html", context)


def rows_with_work(request):
    """The rows of the records that the user may change and that need work, the oldest first."""
    rows = [row for model in models(request, "change") for row in _board_rows(model)]
    return sorted(filter(_has_work, rows), key=lambda row: row.since)


@require_POST
def layout(request):
    """Store which languages the forms show to this account."""
    value, back = request.POST.get("layout"), request.POST.get("next", "")
    if value in dict(LAYOUTS):
        request.user.layout = value
        request.user.save(update_fields=["layout"])
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = reverse("admin:index")
    return HttpResponseRedirect(back)


def _has_work(row):
    return any(item.status != TranslationStatus.READY for item in row.progress)


def models(request, action="view"):
    """The translated models whose records the user may view, or change."""
    return [
        model
        for model in translator.get_registered_models(abstract=False)
        if request.user.has_perm(f"{model._meta.app_label}.{action}_{model._meta.model_name}")
    ]


def _board_rows(model):
    parents = [] if admin.site.is_registered(model) else _parents(model)
    related = [*model.str_select_related, *(name for key in parents for name in _related(key))]
    rows = model._default_manager.all()
    records = list(rows.select_related(*related) if related else rows)
    states, missing_texts = states_by_record(records), missing_texts_by_record(records)
    for record in records:
        progress = [
            language_progress(
                record, language, states[record.pk], missing_texts[language].get(record.pk, ())
            )
            for language in LANGUAGES
        ]
        parent = next(filter(None, (getattr(record, key.name) for key in parents)), record)
        name = f"{parent}: {record}" if parents else str(record)
        # An inline row has no form of its own: link to the form of its parent.
        form_url = _form_url(parent)
        progress = [
            item._replace(url=form_url if parents else urljoin(form_url, item.url))
            for item in progress
        ]
        yield BoardRow(name, model._meta.verbose_name, form_url, progress)


def _parents(model):
    """The foreign keys of a model of inline rows: one of them points to the parent."""
    return [field for field in model._meta.fields if field.many_to_one]


def _related(key):
    """Arguments of `select_related` for the name of the parent."""
    return [key.name, *(f"{key.name}__{name}" for name in key.related_model.str_select_related)]


def _form_url(record):
    return reverse(admin_urlname(record._meta, "change"), args=[record.pk])
