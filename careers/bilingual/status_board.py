"""The translation status board: the state of every record in both languages, the oldest work first.

And the layout of forms: which languages an account sees in them.
"""

from datetime import UTC, datetime
from typing import NamedTuple

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

from .states import LanguageStatus, TranslationStatus, language_status, states_by_record

UNKNOWN_DATE = datetime.min.replace(tzinfo=UTC)  # sorts first
LAYOUTS = (("both", "EN｜日本語"), ("en", "EN"), ("ja", "日本語"))


class BoardLine(NamedTuple):
    """A record on the board: its name, its model's name, the address of its form, and its two sides."""

    name: str
    kind: str
    url: str
    sides: list[LanguageStatus]

    @property
    def since(self):
        """Since when its oldest work has been due."""
        dates = [
            side.since or UNKNOWN_DATE
            for side in self.sides
            if side.state != TranslationStatus.READY
        ]
        return min(dates, default=datetime.max.replace(tzinfo=UTC))


def board(request):
    """The records that the user may see and that need work; `?all=1` adds those that need none."""
    lines = [line for model in models(request) for line in _lines(model)]
    everything = bool(request.GET.get("all"))
    context = {
        **admin.site.each_context(request),
        "title": _("Translations"),
        "lines": sorted(
            (line for line in lines if everything or _has_work(line)), key=lambda line: line.since
        ),
        "everything": everything,
        "finished": sum(1 for line in lines if not _has_work(line)),
    }
    return render(request, "admin/bilingual/board.html", context)


def lines_to_work_on(request):
    """The lines of the records that the user may edit and that need work, the oldest first."""
    lines = [line for model in models(request, "change") for line in _lines(model)]
    return sorted(filter(_has_work, lines), key=lambda line: line.since)


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


def _has_work(line):
    return any(side.state != TranslationStatus.READY for side in line.sides)


def models(request, action="view"):
    """The translated models whose records the user may view, or change."""
    return [
        model
        for model in translator.get_registered_models(abstract=False)
        if request.user.has_perm(f"{model._meta.app_label}.{action}_{model._meta.model_name}")
    ]


def _lines(model):
    parents = [] if admin.site.is_registered(model) else _parents(model)
    related = [*model.str_select_related, *(name for key in parents for name in _related(key))]
    rows = model._default_manager.all()
    records = list(rows.select_related(*related) if related else rows)
    states = states_by_record(records)
    for record in records:
        sides = [language_status(record, language, states[record.pk]) for language in LANGUAGES]
        parent = next(filter(None, (getattr(record, key.name) for key in parents)), record)
        name = f"{parent}: {record}" if parents else str(record)
        # A row has no form of its own: the link leads to the form of its parent.
        sides = [side._replace(field="") for side in sides] if parents else sides
        yield BoardLine(name, model._meta.verbose_name, _form_url(parent), sides)


def _parents(model):
    """The foreign keys of a model of rows: one of them leads to the parent of a row."""
    return [field for field in model._meta.fields if field.many_to_one]


def _related(key):
    """What `select_related` needs to name the parent of a row."""
    return [key.name, *(f"{key.name}__{name}" for name in key.related_model.str_select_related)]


def _form_url(record):
    return reverse(admin_urlname(record._meta, "change"), args=[record.pk])
