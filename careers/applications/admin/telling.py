"""Telling candidates a status in the admin: one or several, with a preview, and undoing it in time."""

from collections import Counter
from typing import NamedTuple
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext, ngettext

from careers.applications import status_updates
from careers.applications.enums import CandidateStatus
from careers.applications.models import Application, CandidateStatusUpdate, is_recruiter
from careers.applications.status import PROPOSED_STATUS, TELLABLE, TEXTS

LANGUAGE_NAMES = dict(settings.LANGUAGES)
SALT = "careers.applications.telling"
FORM_LIFETIME = 60 * 60  # seconds; after that, the preview may be out of date


class Preview(NamedTuple):
    """The text of a status on the candidate's page, and its translation for the recruiter.

    `translation` is None if both are the same language.
    """

    language: str
    heading: str
    next_steps: str
    translation: "Preview | None" = None


class Group(NamedTuple):
    """Candidates who are told the same status in the same language."""

    label: str
    language_name: str
    preview: Preview
    applications: list[Application]


# --- One candidate -----------------------------------------------------------------------------


def tell(model_admin, request, application):
    """The page that tells one candidate: GET shows every status in their language, POST tells one."""
    if request.method == "POST":
        return _tell_one(model_admin, request, application)
    proposed = PROPOSED_STATUS[application.stage]
    current = application.candidate_status
    context = {
        **_context(model_admin, request, gettext("Tell the candidate")),
        "application": application,
        "language_name": LANGUAGE_NAMES[application.language],
        "batch": uuid4(),
        "options": [
            {
                "value": status.value,
                "label": status.label,
                "preview": preview(status, application.language),
                "is_current": status == current,
                "is_proposed": status == proposed != current,
            }
            for status in TELLABLE
        ],
        # Only reasons that apply to every status: None is not the current one.
        "refusal": status_updates.refusal(application, None),
    }
    return TemplateResponse(request, "admin/applications/tell.html", context)


def _tell_one(model_admin, request, application):
    status, batch = _tellable(request.POST.get("status")), _uuid(request.POST.get("batch"))
    if not status or not batch:
        model_admin.message_user(request, gettext("Select what to tell."), messages.ERROR)
        return redirect(request.get_full_path())
    for recipient in status_updates.tell({application.pk: status}, request.user, batch):
        if recipient.refusal:
            text = gettext("%(name)s was not told anything. %(reason)s")
            text %= {"name": application.name, "reason": recipient.refusal}
            model_admin.message_user(request, text, messages.WARNING)
        else:
            text = gettext("%(name)s’s page changes at %(time)s. You can undo this until then.")
            text %= {"name": application.name, "time": _time_of(batch)}
            model_admin.message_user(request, text, messages.SUCCESS)
    return model_admin.redirect_to(request, application)


def undo_status(model_admin, request, application):
    """Undo an update that the candidate's page does not show yet."""
    updates = application.status_updates.filter(pk=_integer(request.POST.get("update")))
    if status_updates.undo(updates):
        text = gettext("Undone. %(name)s’s page never showed it.") % {"name": application.name}
        model_admin.message_user(request, text, messages.SUCCESS)
    elif updates.exists():
        text = gettext("It’s too late to undo this: %(name)s’s page already shows it.")
        model_admin.message_user(request, text % {"name": application.name}, messages.ERROR)
    else:
        model_admin.message_user(request, gettext("This had been undone already."), messages.INFO)
    return model_admin.redirect_to(request, application)


# --- Several candidates ------------------------------------------------------------------------


def preview_page(model_admin, request, applications, *, status=None, error=""):
    """The page that lists which status each candidate will be told, and who is skipped and why.

    Its form holds the candidates and the statuses that it shows, signed. Without `status`, each status is
    the one proposed for the stage. With an `error`, the page has the status code 422.
    """
    rows = applications.select_related("role").prefetch_related("status_updates")
    recipients = status_updates.recipients(rows, status)
    statuses = {row.application.pk: row.status for row in recipients if not row.refusal}
    skipped = [row for row in recipients if row.refusal]
    skipped_keys = [row.application.pk for row in skipped]
    form = [str(uuid4()), status, list(statuses.items()), skipped_keys]
    context = {
        **_context(model_admin, request, gettext("Tell the candidates")),
        "groups": _groups(recipients),
        "skipped": skipped,
        "number": len(statuses),
        "has_to_type_number": len(statuses) > settings.BATCH_CONFIRMATION_SIZE,
        "form": signing.dumps(form, salt=_salt(request.user), compress=True),
        "statuses": [(value.value, value.label) for value in TELLABLE],
        "status": status,
        "error": error,
    }
    return TemplateResponse(
        request, "admin/applications/tell_selected.html", context, status=422 if error else 200
    )


def tell_selected(model_admin, request):
    """Tell the candidates of a preview page, or show that page with another status."""
    if not is_recruiter(request.user):
        raise PermissionDenied
    try:
        batch, chosen_status, pairs, other_keys = signing.loads(
            request.POST.get("form", ""), salt=_salt(request.user), max_age=FORM_LIFETIME
        )
    except signing.BadSignature:
        text = gettext("This page was open for too long. Select the candidates again.")
        model_admin.message_user(request, text, messages.ERROR)
        return redirect("admin:applications_application_changelist")
    statuses = {pk: CandidateStatus(status) for pk, status in pairs}
    applications = model_admin.get_queryset(request).filter(pk__in=[*statuses, *other_keys])
    if "preview" in request.POST:
        status = _tellable(request.POST.get("status"))
        return preview_page(model_admin, request, applications, status=status)
    number = len(statuses)
    is_confirmed = _integer(request.POST.get("number")) == number
    if number > settings.BATCH_CONFIRMATION_SIZE and not is_confirmed:
        error = gettext("Enter the number of candidates: %(number)d.") % {"number": number}
        status = _tellable(chosen_status)
        return preview_page(model_admin, request, applications, status=status, error=error)
    return _tell_several(model_admin, request, statuses, UUID(batch))


def _tell_several(model_admin, request, statuses, batch):
    recipients = status_updates.tell(statuses, request.user, batch)
    reasons = Counter(str(row.refusal) for row in recipients if row.refusal)
    for reason, number in reasons.items():
        text = ngettext(
            "%(number)d candidate was skipped. %(reason)s",
            "%(number)d candidates were skipped. %(reason)s",
            number,
        )
        text %= {"number": number, "reason": reason}
        model_admin.message_user(request, text, messages.WARNING)
    if CandidateStatusUpdate.objects.filter(batch=batch).exists():
        return redirect("admin:applications_application_status_batch", batch)
    return redirect("admin:applications_application_changelist")


def status_batch(model_admin, request, batch):
    """The page of a batch of updates. POST undoes those that the candidates' pages do not show yet."""
    if not is_recruiter(request.user):
        raise PermissionDenied
    updates = CandidateStatusUpdate.objects.filter(batch=batch)
    if request.method == "POST":
        return _undo_batch(model_admin, request, updates, batch)
    applications = model_admin.get_queryset(request)
    rows = updates.filter(application__in=applications.values("pk")).order_by("pk")
    rows = list(rows.select_related("application__role", "created_by"))
    if not rows:
        raise Http404
    recipients = [
        status_updates.Recipient(row.application, CandidateStatus(row.status)) for row in rows
    ]
    context = {
        **_context(model_admin, request, gettext("What candidates were told")),
        "groups": _groups(recipients),
        "number": len(rows),
        "update": rows[0],
        "can_be_undone": any(row.can_be_undone for row in rows),
    }
    return TemplateResponse(request, "admin/applications/status_batch.html", context)


def _undo_batch(model_admin, request, updates, batch):
    number = status_updates.undo(updates)
    if number:
        text = ngettext(
            "Undone for %(number)d candidate, whose page never showed it.",
            "Undone for %(number)d candidates, whose pages never showed it.",
            number,
        )
        model_admin.message_user(request, text % {"number": number}, messages.SUCCESS)
    elif updates.exists():
        text = gettext("It’s too late to undo this: the candidates’ pages already show it.")
        model_admin.message_user(request, text, messages.ERROR)
        return redirect("admin:applications_application_status_batch", batch)
    else:
        model_admin.message_user(request, gettext("This had been undone already."), messages.INFO)
    return redirect("admin:applications_application_changelist")


def preview(status, language):
    """The `Preview` of a status for a candidate who applied in `language`."""
    reader = get_language()
    text = TEXTS[status]
    return Preview(
        *_words(text, language),
        translation=Preview(*_words(text, reader)) if reader != language else None,
    )


def _words(text, language):
    with translation.override(language):
        return language, str(text.heading), str(text.next_steps)


def _groups(recipients):
    groups = {}
    for row in recipients:
        if not row.refusal:
            key = (row.status, row.application.language)
            groups.setdefault(key, []).append(row.application)
    order = list(TELLABLE)
    return [
        Group(status.label, LANGUAGE_NAMES[language], preview(status, language), groups[key])
        for key in sorted(groups, key=lambda key: (order.index(key[0]), key[1]))
        for status, language in [key]
    ]


def _context(model_admin, request, title):
    return {
        **model_admin.admin_site.each_context(request),
        "title": title,
        "opts": model_admin.opts,
        "query_string": f"?{request.GET.urlencode()}" if request.GET else "",
    }


def _tellable(value):
    """The status with this value, or None."""
    return CandidateStatus(value) if value in TELLABLE else None


def _salt(user):
    """The salt for a user's forms: they are not valid for other users."""
    return f"{SALT}.{user.pk}"


def _time_of(batch):
    update = CandidateStatusUpdate.objects.get(batch=batch)
    return date_format(localtime(update.visible_from), "TIME_FORMAT")


def _uuid(text):
    try:
        return UUID(text or "")
    except ValueError:
        return None


def _integer(text):
    """The whole number in `text`, in half-width or full-width digits; None if it is not a number."""
    text = (text or "").strip()
    return int(text) if text.isdecimal() and len(text) < 10 else None
