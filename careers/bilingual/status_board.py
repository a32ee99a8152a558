"""The translation board: every record in both languages, the oldest work first; and the layout of forms."""

from datetime import UTC, datetime
from typing import NamedTuple

from django.contrib import admin
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from modeltranslation.translator import translator

from careers.languages import LANGUAGES

from .states import LanguageStatus, TranslationStatus, language_status, states_by_record

LONG_AGO = datetime.min.replace(tzinfo=UTC)  # nobody knows since when
LAYOUTS = (("both", "EN｜日本語"), ("en", "EN"), ("ja", "日本語"))


class Line(NamedTuple):
    """A record on the board: its name and kind, where it is edited, and its two sides."""

    name: str
    kind: str
    url: str
    sides: list[LanguageStatus]

    @property
    def since(self):
        """How long the oldest of its work has been waiting."""
        waiting = [
            side.since or LONG_AGO for side in self.sides if side.state != TranslationStatus.READY
        ]
        return min(waiting, default=datetime.max.replace(tzinfo=UTC))


def board(request):
    """Every record that the visitor may see; `?all=1` shows also what is ready in both languages."""
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


def waiting(request):
    """The lines of what the visitor may edit and what needs work, the oldest first."""
    lines = [line for model in models(request, "change") for line in _lines(model)]
    return sorted(filter(_has_work, lines), key=lambda line: line.since)


@require_POST
def layout(request):
    """Keep which languages the forms of this account show."""
    chosen, back = request.POST.get("layout"), request.POST.get("next", "")
    if chosen in dict(LAYOUTS):
        request.user.layout = chosen
        request.user.save(update_fields=["layout"])
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = reverse("admin:index")
    return HttpResponseRedirect(back)


def _has_work(line):
    return any(side.state != TranslationStatus.READY for side in line.sides)


def models(request, action="view"):
    """The translated models whose records the visitor may see, or change."""
    return [
        model
        for model in translator.get_registered_models(abstract=False)
        if request.user.has_perm(f"{model._meta.app_label}.{action}_{model._meta.model_name}")
    ]


def _lines(model):
    parents = [] if admin.site.is_registered(model) else _parents(model)
    told = [*model.str_select_related, *(name for key in parents for name in _told(key))]
    rows = model._default_manager.all()
    records = list(rows.select_related(*told) if told else rows)
    states = states_by_record(records)
    for record in records:
        sides = [language_status(record, language, states[record.pk]) for language in LANGUAGES]
        whole = next(filter(None, (getattr(record, key.name) for key in parents)), record)
        name = f"{whole}: {record}" if parents else str(record)
        # A row has no form of its own: the link leads to the form of the record that it belongs to.
        sides = [side._replace(field="") for side in sides] if parents else sides
        yield Line(name, model._meta.verbose_name, _form(whole), sides)


def _parents(model):
    """The foreign keys of which one leads to the record whose rows these are."""
    return [field for field in model._meta.fields if field.many_to_one]


def _told(key):
    """What has to be read with a row, so that it can name the record that it belongs to."""
    return [key.name, *(f"{key.name}__{name}" for name in key.related_model.str_select_related)]


def _form(record):
    name = f"admin:{record._meta.app_label}_{record._meta.model_name}_change"
    return reverse(name, args=[record.pk])
