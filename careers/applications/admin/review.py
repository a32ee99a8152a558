"""What recruiters and hiring managers see of an application: the review page and documents.

Which applications a user sees at all is decided by `Application.objects.visible_to`.
"""

import re
from datetime import datetime
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from django.db.models import Count, OuterRef, Prefetch, Q, Subquery, prefetch_related_objects
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext

from careers import japanese
from careers.application_forms.enums import DocumentKind
from careers.application_forms.fields import FIELDS, FieldType
from careers.applications import status_updates
from careers.applications.enums import SpamSignal, Stage
from careers.applications.models import (
    Application,
    Attachment,
    CandidateStatusUpdate,
    can_erase,
    is_recruiter,
)
from careers.applications.retention import has_consent
from careers.applications.status import TEXTS, status_text
from careers.documents.models import DocumentAccess
from careers.email_address import InvalidAddress, ascii_form
from careers.languages import localized
from careers.outbox.models import Email
from careers.roles.models import Role

_FILENAME_SEPARATORS = re.compile(r"[\s/\\_]+")
_MAX_FILENAME_PART = 40
_VISIBLE_TO_HIRING_MANAGERS = Q(answer=None) | Q(answer__visible_to_hiring_managers=True)


class Event(NamedTuple):
    """A line of the history, and who caused it."""

    moment: datetime
    text: str
    actor: str


class CandidatePage(NamedTuple):
    """What the candidate's page says now, since when, and the recruiter who told the candidate, or ""."""

    heading: str
    since: datetime
    author: str


class Detail(NamedTuple):
    """A field of the form in the list "Details". `links` are pairs of text and address, for links only."""

    label: str
    text: str
    links: list[tuple[str, str]]
    is_long: bool
    is_label: bool  # one of our own choices, in the reader's language
    recruiters_only: bool


def review_context(application, user):
    """Context of the review page. It contains nothing that `user` must not see."""
    recruiter = is_recruiter(user)
    updates = CandidateStatusUpdate.objects.select_related("created_by")
    prefetch_related_objects([application], Prefetch("status_updates", updates))
    attachments = list(visible_attachments(user).filter(application=application))
    answers = application.answers.all()
    if not recruiter:
        answers = answers.filter(visible_to_hiring_managers=True)
    return {
        "application": application,
        "is_recruiter": recruiter,
        "can_erase": recruiter and can_erase(user),
        "name_parts": name_parts(application),
        "spam_signals": [SpamSignal(signal).label for signal in application.spam_signals],
        "telephone": application.phone_e164 or "",
        "mailto": f"mailto:{quote(_mailbox(application.email), safe='@')}",
        "role": application.role,
        "role_url": _public_url(application.role),
        "posting": application.posting_snapshot,
        "attachments": attachments,
        "answers": [
            (answer, [file for file in attachments if file.answer_id == answer.pk])
            for answer in answers
        ],
        "details": _details(application, recruiter),
        "candidate_page": _candidate_page(application),
        "waiting": _waiting(application),
        "can_tell": recruiter and not status_updates.refusal(application, None),
        "has_consent": has_consent(application),
        "history": _history(application),
        "stages": Stage.choices,
        "other_applications": _other_applications(application, user),
        "emails": _emails(application) if recruiter else None,
    }


def _mailbox(address):
    """The ASCII form of an address. An invalid address is returned unchanged."""
    try:
        return ascii_form(address)
    except InvalidAddress:
        return address


def visible_attachments(user):
    """The attachments that `user` may read, with their documents, answers and accesses."""
    rows = Attachment.objects.select_related("document", "answer").prefetch_related(
        Prefetch("document__accesses", DocumentAccess.objects.select_related("reader"))
    )
    return rows if is_recruiter(user) else rows.filter(_VISIBLE_TO_HIRING_MANAGERS)


def with_document_count(applications, user):
    """The same rows with `document_count`, the number of attachments that `user` may read."""
    attachments = Attachment.objects.filter(application=OuterRef("pk")).order_by()
    if not is_recruiter(user):
        attachments = attachments.filter(_VISIBLE_TO_HIRING_MANAGERS)
    count = attachments.values("application").annotate(count=Count("pk")).values("count")
    return applications.annotate(document_count=Coalesce(Subquery(count), 0))


def name_parts(application):
    """Pairs of a part of the name and its reading or "", in the order in which the name is written.

    One pair with the full name if it has no reading.
    """
    family = (application.family_name, application.family_kana)
    given = (application.given_name, application.given_kana)
    if not (application.family_kana or application.given_kana):
        return [(application.name, "")]
    is_family_first = japanese.is_family_name_first(
        application.family_name + application.given_name
    )
    return [part for part in ((family, given) if is_family_first else (given, family)) if part[0]]


def download_name(attachment):
    """The name of a downloaded file: 20261121_バックエンドエンジニア_山田太郎_職務経歴書.pdf."""
    application, document = attachment.application, attachment.document
    kind = attachment.get_kind_display()
    if attachment.kind == DocumentKind.ANSWER:
        kind = document.name.rpartition(".")[0] or document.name
    title = localized(application.role, "title").text if application.role else ""
    name = application.name
    if japanese.is_japanese(name):
        name = name.replace(" ", "")
    day = date_format(timezone.localtime(application.received_at), "Ymd")
    # Parts are short, and contain no folder separators and no underscore of their own.
    parts = (
        _FILENAME_SEPARATORS.sub(" ", part).strip()[:_MAX_FILENAME_PART]
        for part in (title, name, kind)
    )
    return "_".join([day, *(part for part in parts if part)]) + f".{document.type}"


def _details(application, recruiter):
    details = []
    for field in FIELDS.values():
        text = getattr(application, field.name, "")
        is_visible = field.review_section == "details" and (recruiter or not field.recruiters_only)
        if text and is_visible:
            details.append(
                Detail(
                    label=capfirst(application._meta.get_field(field.name).verbose_name),
                    text=(
                        getattr(application, f"get_{field.name}_display")()
                        if field.choices
                        else text
                    ),
                    links=_links(text) if field.type == FieldType.LINKS else [],
                    is_long=field.type == FieldType.TEXT,
                    is_label=bool(field.choices),
                    recruiters_only=field.recruiters_only,
                )
            )
    return details


def _links(text):
    """Pairs of each line and the web address it links to, or ""."""
    lines = (line.strip() for line in text.splitlines())
    return [(line, line if _is_web_address(line) else "") for line in lines if line]


def _is_web_address(line):
    try:
        parts = urlsplit(line)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and " " not in line


def _public_url(role):
    """The URL of a role's public page, in the language of the admin if it has one; "" if not public."""
    posted = role and Role.objects.posted().filter(pk=role.pk).first()
    return posted.entry(get_language()).url if posted else ""


def _candidate_page(application):
    """The `CandidatePage` of a confirmed application; None in quarantine, where there is no page."""
    if not application.is_confirmed:
        return None
    update = application.visible_update
    author, since = "", application.confirmed_at
    if application.erasure_requested_at:
        since = application.erasure_requested_at
    elif application.withdrawn_at:
        since = application.withdrawn_at
    elif update:
        since, author = update.visible_from, _actor(update.created_by)
    return CandidatePage(status_text(application).heading, since, author)


def _waiting(application):
    """The update that the candidate's page does not show yet, with its heading and author, or None."""
    if not (update := application.waiting_update):
        return None
    return {
        "update": update,
        "heading": TEXTS[update.status].heading,
        "author": _actor(update.created_by),
        "in_batch": CandidateStatusUpdate.objects.filter(batch=update.batch).count() - 1,
    }


def _history(application):
    """The `Event`s of an application, the latest first: stages, visible updates, a deletion request."""
    candidate = gettext("the candidate")
    events = [
        Event(
            change.changed_at,
            _stage_text(change),
            candidate if change.by_candidate else _actor(change.changed_by),
        )
        for change in application.stage_changes.select_related("changed_by")
    ]
    for update in application.status_updates.all():
        if update.is_visible:
            text = gettext("Told: “%(heading)s”") % {"heading": TEXTS[update.status].heading}
            events.append(Event(update.visible_from, text, _actor(update.created_by)))
    if moment := application.erasure_requested_at:
        events.append(Event(moment, gettext("Data deletion requested"), candidate))
    # Reversed after sorting: of events at the same moment, the later one comes first.
    return sorted(events, key=lambda event: event.moment)[::-1]


def _stage_text(change):
    if change.old_stage in ("", change.new_stage):
        return change.get_new_stage_display()
    return f"{change.get_old_stage_display()} → {change.get_new_stage_display()}"


def _actor(user):
    return str(user) if user else gettext("a former colleague")


def _other_applications(application, user):
    """Other applications from the same email address, the newest first.

    `is_replaced` and `is_replacement` say whether this application replaced it, or was replaced by it.
    """
    rows = Application.objects.visible_to(user).from_address(application.email)
    others = list(rows.exclude(pk=application.pk).select_related("role"))
    for other in others:
        other.is_replaced = other.pk == application.replaces_id
        other.is_replacement = other.replaces_id == application.pk
    return others


def _emails(application):
    return Email.objects.to_address(application.email).defer("body")
