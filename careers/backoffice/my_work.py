"""My work: what the signed-in person has to do, one section for each kind of work."""

from typing import NamedTuple

from django.conf import settings
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from careers.applications.enums import Stage
from careers.applications.models import Application
from careers.articles.models import Article
from careers.bilingual import status_board
from careers.roles.models import Role, SynonymGroup, ZeroResultSearch

ROWS = 5  # of a section; its link leads to the whole list


class Row(NamedTuple):
    """A record: its name, the address where the work is done, and a note such as a date."""

    name: str
    url: str
    note: str
    confirm: str = ""  # where the button "Still accurate" posts to, if there is one


class Section(NamedTuple):
    """One kind of work. `everything` holds pairs of the label and the address of a whole list."""

    name: str
    title: str
    count: int
    rows: list[Row]
    everything: list[tuple[str, str]]
    empty: str


def sections(request):
    """The sections in which this person may change something, also empty ones."""
    made = (
        *_application_sections(request),
        _translations(request),
        _scheduled(request),
        _closing_soon(request),
        _unconfirmed(request),
        _zero_result_searches(request),
    )
    return [section for section in made if section]


def _application_sections(request):
    """New applications, newest first; if there are any, also quarantined ones and requests for erasure."""
    if not _can_change(request, Application):
        return
    new = Application.objects.confirmed().filter(stage=Stage.NEW)
    empty = _("No new applications. They appear here as soon as someone applies.")
    yield _application_section(
        "applications", _("New applications"), new, "stage__exact=new", empty
    )
    waiting = Application.objects.quarantined()
    requested = Application.objects.exclude(erasure_requested_at=None)
    for section in (
        _application_section("quarantine", _("Waiting for confirmation"), waiting, "waiting=yes"),
        _application_section(
            "erasure", _("Asked to be erased"), requested, "erasure_requested_at__isnull=False"
        ),
    ):
        if section.count:
            yield section


def _translations(request):
    """Records that lack something in a language, the oldest first."""
    if not status_board.models(request, "change"):
        return None
    lines = status_board.lines_to_work_on(request)
    rows = [Row(line.name, line.url, line.kind) for line in lines[:ROWS]]
    return Section(
        "translations",
        _("Translations to do"),
        len(lines),
        rows,
        [(_("Translations"), reverse("admin:translations"))],
        _("Everything is written in both languages, and nothing is out of date."),
    )


def _scheduled(request):
    """Published records that open later, the soonest first."""
    return _published_section(
        request,
        "scheduled",
        _("Scheduled"),
        when=lambda record: record.opens_at,
        note=lambda when: date_format(timezone.localtime(when), "DATETIME_FORMAT"),
        empty=_("Nothing waits to open. To schedule something, publish it and say when it opens."),
    )


def _closing_soon(request):
    """Open records that close within CLOSING_SOON, the soonest first."""
    number = settings.CLOSING_SOON.days
    days = ngettext(
        "Nothing closes within the next %(count)d day.",
        "Nothing closes within the next %(count)d days.",
        number,
    )
    return _published_section(
        request,
        "closing_soon",
        _("Closing soon"),
        when=lambda record: record.closes_on,
        note=lambda when: date_format(when, "DATE_FORMAT"),
        empty=days % {"count": number},
    )


def _unconfirmed(request):
    """Open roles that nobody has confirmed as accurate for REVIEW_AFTER, the oldest first."""
    if not _can_change(request, Role):
        return None
    roles = Role.objects.unconfirmed()
    number = settings.REVIEW_AFTER.days
    rows = [
        Row(
            str(role),
            _change_url(role),
            _last_confirmed(role),
            reverse("admin:roles_role_confirm", args=[role.pk]),
        )
        for role in roles[:ROWS]
    ]
    empty = ngettext(
        "Every open role was confirmed within the last %(count)d day.",
        "Every open role was confirmed within the last %(count)d days.",
        number,
    )
    return Section(
        "unconfirmed",
        _("Still accurate?"),
        roles.count(),
        rows,
        [_list_link(Role, "unconfirmed")],
        empty % {"count": number},
    )


def _zero_result_searches(request):
    """Searches of visitors that had no result, the most frequent first; each may need a synonym."""
    if not _can_change(request, SynonymGroup) or not (count := ZeroResultSearch.objects.count()):
        return None
    rows = [
        Row(
            row.term,
            reverse("admin:roles_synonymgroup_add", query={"terms": row.term}),
            _number_of_searches(row.count),
        )
        for row in ZeroResultSearch.objects.all()[:ROWS]
    ]
    label = capfirst(ZeroResultSearch._meta.verbose_name_plural)
    everything = [(label, reverse("admin:roles_zeroresultsearch_changelist"))]
    return Section("missed", _("Searches without a hit"), count, rows, everything, "")


def _number_of_searches(count):
    return ngettext("%(count)d search", "%(count)d searches", count) % {"count": count}


def _application_section(name, title, applications, query, empty=""):
    url = f"{reverse('admin:applications_application_changelist')}?{query}"
    rows = [
        Row(str(application), _change_url(application), _role_and_time(application))
        for application in applications.select_related("role")[:ROWS]
    ]
    label = capfirst(Application._meta.verbose_name_plural)
    return Section(name, title, applications.count(), rows, [(label, url)], empty)


def _role_and_time(application):
    role = application.role or _("General application")
    received = date_format(timezone.localtime(application.received_at), "SHORT_DATETIME_FORMAT")
    return f"{role} · {received}"


def _published_section(request, name, title, *, when, note, empty):
    """A section of roles and articles. `name` is also a method of their query set and a list filter."""
    models = [model for model in (Role, Article) if _can_change(request, model)]
    if not models:
        return None
    querysets = [getattr(model.objects, name)() for model in models]
    records = sorted((record for rows in querysets for record in rows[:ROWS]), key=when)
    counts = [rows.count() for rows in querysets]
    return Section(
        name,
        title,
        sum(counts),
        [Row(str(record), _change_url(record), note(when(record))) for record in records[:ROWS]],
        [_list_link(model, name) for model, count in zip(models, counts, strict=True) if count],
        empty,
    )


def _can_change(request, model):
    return request.user.has_perm(f"{model._meta.app_label}.change_{model._meta.model_name}")


def _last_confirmed(role):
    if not role.confirmed_at:
        return _("never confirmed")
    day = date_format(timezone.localtime(role.confirmed_at), "DATE_FORMAT")
    return _("last confirmed on %(day)s") % {"day": day}


def _change_url(record):
    return reverse(admin_urlname(record._meta, "change"), args=[record.pk])


def _list_link(model, name):
    return capfirst(model._meta.verbose_name_plural), (
        f"{reverse(admin_urlname(model._meta, 'changelist'))}?due={name}"
    )
