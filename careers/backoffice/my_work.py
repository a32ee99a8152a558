"""My work: what waits for somebody with the rights of the visitor, a section for each kind of it."""

from typing import NamedTuple

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
from careers.publishing import CLOSING_SOON
from careers.roles.models import Role, SynonymGroup, ZeroResultSearch
from careers.roles.review import REVIEW_AFTER

SHOWN = 5


class Row(NamedTuple):
    """A record that waits: its name, where the work is done, and since or until when."""

    name: str
    url: str
    note: str
    confirm: str = ""  # the address of the button


class Section(NamedTuple):
    """One kind of work. `everything` are pairs of a label and the address of a whole list."""

    name: str
    title: str
    count: int
    rows: list[Row]
    everything: list[tuple[str, str]]
    empty: str


def sections(request):
    """The sections in which the visitor may act, full or empty."""
    every = (
        *applications(request),
        translations(request),
        scheduled(request),
        closing_soon(request),
        unconfirmed(request),
        missed_searches(request),
    )
    return [section for section in every if section]


def applications(request):
    """What nobody has looked at yet, the newest first; what waits to be confirmed, if anything; and
    whose sender asked to be erased, if anybody."""
    if not _may_change(request, Application):
        return
    new = Application.objects.confirmed().filter(stage=Stage.NEW)
    empty = _("No new applications. They appear here as soon as somebody applies.")
    yield _of_applications("applications", _("New applications"), new, "stage__exact=new", empty)
    waiting = Application.objects.quarantined()
    requested = Application.objects.exclude(erasure_requested_at=None)
    for section in (
        _of_applications("quarantine", _("Waiting for confirmation"), waiting, "waiting=yes"),
        _of_applications(
            "erasure", _("Asked to be erased"), requested, "erasure_requested_at__isnull=False"
        ),
    ):
        if section.count:
            yield section


def translations(request):
    """Records that lack something in a language, the oldest first."""
    if not status_board.models(request, "change"):
        return None
    lines = status_board.waiting(request)
    rows = [Row(line.name, line.url, line.kind) for line in lines[:SHOWN]]
    return Section(
        "translations",
        _("Translations to do"),
        len(lines),
        rows,
        [(_("Translations"), reverse("admin:translations"))],
        _("Everything is written in both languages, and nothing is out of date."),
    )


def scheduled(request):
    """What is published and opens later, the soonest first."""
    return _of_published(
        request,
        "scheduled",
        _("Scheduled"),
        when=lambda record: record.opens_at,
        said=lambda when: date_format(timezone.localtime(when), "DATETIME_FORMAT"),
        empty=_("Nothing waits to open. To schedule something, publish it and say when it opens."),
    )


def closing_soon(request):
    """What is open and closes within days, the soonest first."""
    days = ngettext(
        "Nothing closes within the next %(count)d day.",
        "Nothing closes within the next %(count)d days.",
        CLOSING_SOON.days,
    )
    return _of_published(
        request,
        "closing_soon",
        _("Closing soon"),
        when=lambda record: record.closes_on,
        said=lambda when: date_format(when, "DATE_FORMAT"),
        empty=days % {"count": CLOSING_SOON.days},
    )


def unconfirmed(request):
    """Open roles of which nobody has said for long that they are still accurate, the oldest first."""
    if not _may_change(request, Role):
        return None
    found = Role.objects.unconfirmed()
    rows = [
        Row(
            str(role),
            _form(role),
            _since(role),
            reverse("admin:roles_role_confirm", args=[role.pk]),
        )
        for role in found[:SHOWN]
    ]
    empty = ngettext(
        "Every open role was confirmed within the last %(count)d day.",
        "Every open role was confirmed within the last %(count)d days.",
        REVIEW_AFTER.days,
    )
    return Section(
        "unconfirmed",
        _("Still accurate?"),
        found.count(),
        rows,
        [_all(Role, "unconfirmed")],
        empty % {"count": REVIEW_AFTER.days},
    )


def missed_searches(request):
    """What visitors looked for in vain, the most wanted first; each may be another word for something."""
    if not _may_change(request, SynonymGroup) or not (count := ZeroResultSearch.objects.count()):
        return None
    rows = [
        Row(
            row.term,
            reverse("admin:roles_synonymgroup_add", query={"terms": row.term}),
            _times(row.count),
        )
        for row in ZeroResultSearch.objects.all()[:SHOWN]
    ]
    label = capfirst(ZeroResultSearch._meta.verbose_name_plural)
    every = [(label, reverse("admin:roles_zeroresultsearch_changelist"))]
    return Section("missed", _("Searches without a hit"), count, rows, every, "")


def _times(count):
    return ngettext("%(count)d search", "%(count)d searches", count) % {"count": count}


def _of_applications(name, title, found, query, empty=""):
    url = f"{reverse('admin:applications_application_changelist')}?{query}"
    rows = [
        Row(str(application), _form(application), _for_which(application))
        for application in found.select_related("role")[:SHOWN]
    ]
    label = capfirst(Application._meta.verbose_name_plural)
    return Section(name, title, found.count(), rows, [(label, url)], empty)


def _for_which(application):
    role = application.role or _("General application")
    received = date_format(timezone.localtime(application.received_at), "SHORT_DATETIME_FORMAT")
    return f"{role} · {received}"


def _of_published(request, name, title, *, when, said, empty):
    """A section of everything with a page of its own; `name` is also that of the query."""
    models = [model for model in (Role, Article) if _may_change(request, model)]
    if not models:
        return None
    found = [getattr(model.objects, name)() for model in models]
    records = sorted((record for rows in found for record in rows[:SHOWN]), key=when)
    counts = [rows.count() for rows in found]
    return Section(
        name,
        title,
        sum(counts),
        [Row(str(record), _form(record), said(when(record))) for record in records[:SHOWN]],
        [_all(model, name) for model, count in zip(models, counts, strict=True) if count],
        empty,
    )


def _may_change(request, model):
    return request.user.has_perm(f"{model._meta.app_label}.change_{model._meta.model_name}")


def _since(role):
    if not role.confirmed_at:
        return _("never confirmed")
    day = date_format(timezone.localtime(role.confirmed_at), "DATE_FORMAT")
    return _("last confirmed on %(day)s") % {"day": day}


def _form(record):
    return reverse(admin_urlname(record._meta, "change"), args=[record.pk])


def _all(model, name):
    return capfirst(model._meta.verbose_name_plural), (
        f"{reverse(admin_urlname(model._meta, 'changelist'))}?due={name}"
    )
