"""My work: the tasks of the signed-in user, one section for each kind."""

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
from careers.languages import format_list
from careers.roles.models import Role, SynonymGroup, ZeroResultSearch

MAX_ITEMS = 5  # of a section; a link shows the whole list


class WorkItem(NamedTuple):
    """A record with work: its name, the URL of the page for it, and a note such as a date."""

    name: str
    url: str
    note: str
    review_url: str = ""  # where the button "Still accurate" posts to, if there is one


class WorkSection(NamedTuple):
    """One kind of work. `list_links` are pairs of the label and the URL of a whole list."""

    name: str
    title: str
    count: int
    items: list[WorkItem]
    list_links: list[tuple[str, str]]
    empty: str


def sections(request):
    """The sections of the user's work; empty ones too.

    Hiring managers, who change nothing, have those of the applications that they may see.
    """
    all_sections = (
        *_application_sections(request),
        *_department_sections(request),
        _translations(request),
        _scheduled(request),
        _closing_soon(request),
        _needs_review(request),
        _zero_result_searches(request),
    )
    return [section for section in all_sections if section]


def _application_sections(request):
    """New applications, newest first; and quarantined ones and erasure requests if there are any."""
    if not _can_change(request, Application):
        return
    new = Application.objects.confirmed().filter(stage=Stage.NEW)
    empty = _("No new applications. They appear here as soon as someone applies.")
    yield _application_section(
        "applications", _("New applications"), new, "stage__exact=new", empty
    )
    quarantined = Application.objects.quarantined()
    erasures = Application.objects.exclude(erasure_requested_at=None)
    for section in (
        _application_section(
            "quarantine", _("Waiting for confirmation"), quarantined, "waiting=yes"
        ),
        _application_section(
            "erasure",
            _("Data deletion requests"),
            erasures.order_by("erasure_due_at", "pk"),
            "erasure=requested",
            note=_deleted_by,
        ),
    ):
        if section.count:
            yield section


def _department_sections(request):
    """For hiring managers: the new applications of their departments, and those in later open stages."""
    if _can_change(request, Application) or not request.user.has_perm(
        "applications.view_application"
    ):
        return
    departments = [str(department) for department in request.user.departments.all()]
    if not departments:
        empty = _("You manage no department yet. Ask a recruiter to add you to one.")
        yield WorkSection("applications", _("New applications"), 0, [], [], empty)
        return
    visible = Application.objects.visible_to(request.user)
    empty = _("No new applications for your departments: %(departments)s.")
    yield _application_section(
        "applications",
        _("New applications"),
        visible.filter(stage=Stage.NEW),
        f"stage__exact={Stage.NEW}",
        empty % {"departments": format_list(departments)},
    )
    later = [Stage.SCREENING, Stage.INTERVIEW, Stage.OFFER]
    section = _application_section(
        "in_progress",
        _("In progress"),
        visible.filter(stage__in=later),
        "",
        _("No application is in a later stage."),
    )
    url = reverse(admin_urlname(Application._meta, "changelist"))
    links = [(capfirst(stage.label), f"{url}?stage__exact={stage}") for stage in later]
    yield section._replace(list_links=links)


def _translations(request):
    """Records that lack something in a language, the oldest first."""
    if not status_board.models(request, "change"):
        return None
    board_rows = status_board.rows_with_work(request)
    rows = [WorkItem(row.name, row.url, row.model_name) for row in board_rows[:MAX_ITEMS]]
    return WorkSection(
        "translations",
        _("Translations to do"),
        len(board_rows),
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


def _needs_review(request):
    """Open roles that have not been reviewed for REVIEW_AFTER, the longest ago first."""
    if not _can_change(request, Role):
        return None
    roles = Role.objects.needs_review()
    number = settings.REVIEW_AFTER.days
    rows = [
        WorkItem(
            str(role),
            _change_url(role),
            _last_reviewed(role),
            reverse("admin:roles_role_review", args=[role.pk]),
        )
        for role in roles[:MAX_ITEMS]
    ]
    empty = ngettext(
        "Every open role was confirmed within the last %(count)d day.",
        "Every open role was confirmed within the last %(count)d days.",
        number,
    )
    return WorkSection(
        "needs_review",
        _("Still accurate?"),
        roles.count(),
        rows,
        [_list_link(Role, "needs_review")],
        empty % {"count": number},
    )


def _zero_result_searches(request):
    """Searches with no results, the most frequent first; each may need a synonym."""
    if not _can_change(request, SynonymGroup) or not (count := ZeroResultSearch.objects.count()):
        return None
    rows = [
        WorkItem(
            row.term,
            reverse("admin:roles_synonymgroup_add", query={"terms": row.term}),
            _number_of_searches(row.count),
        )
        for row in ZeroResultSearch.objects.all()[:MAX_ITEMS]
    ]
    label = capfirst(ZeroResultSearch._meta.verbose_name_plural)
    list_links = [(label, reverse("admin:roles_zeroresultsearch_changelist"))]
    title = _("Searches without a hit")
    return WorkSection("zero_result_searches", title, count, rows, list_links, "")


def _number_of_searches(count):
    return ngettext("%(count)d search", "%(count)d searches", count) % {"count": count}


def _application_section(name, title, applications, query, empty="", note=None):
    """A section of applications; `note` is a function of one, by default its role and time."""
    note = note or _role_and_time
    url = f"{reverse('admin:applications_application_changelist')}?{query}"
    rows = [
        WorkItem(str(application), _change_url(application), note(application))
        for application in applications.select_related("role")[:MAX_ITEMS]
    ]
    label = capfirst(Application._meta.verbose_name_plural)
    return WorkSection(name, title, applications.count(), rows, [(label, url)], empty)


def _role_and_time(application):
    role = application.role or _("General application")
    received = date_format(timezone.localtime(application.received_at), "SHORT_DATETIME_FORMAT")
    return f"{role} · {received}"


def _deleted_by(application):
    due = date_format(timezone.localtime(application.erasure_due_at), "SHORT_DATETIME_FORMAT")
    return _("will be deleted by %(moment)s") % {"moment": due}


def _published_section(request, name, title, *, when, note, empty):
    """A section of roles and articles. `name` is also a queryset method and a choice of `WorkFilter`."""
    models = [model for model in (Role, Article) if _can_change(request, model)]
    if not models:
        return None
    querysets = [getattr(model.objects, name)() for model in models]
    records = sorted((record for rows in querysets for record in rows[:MAX_ITEMS]), key=when)
    counts = [rows.count() for rows in querysets]
    return WorkSection(
        name,
        title,
        sum(counts),
        [
            WorkItem(str(record), _change_url(record), note(when(record)))
            for record in records[:MAX_ITEMS]
        ],
        [_list_link(model, name) for model, count in zip(models, counts, strict=True) if count],
        empty,
    )


def _can_change(request, model):
    return request.user.has_perm(f"{model._meta.app_label}.change_{model._meta.model_name}")


def _last_reviewed(role):
    if not role.reviewed_at:
        return _("never confirmed")
    day = date_format(timezone.localtime(role.reviewed_at), "DATE_FORMAT")
    return _("last confirmed on %(day)s") % {"day": day}


def _change_url(record):
    return reverse(admin_urlname(record._meta, "change"), args=[record.pk])


def _list_link(model, name):
    return capfirst(model._meta.verbose_name_plural), (
        f"{reverse(admin_urlname(model._meta, 'changelist'))}?due={name}"
    )
