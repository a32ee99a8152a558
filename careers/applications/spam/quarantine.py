"""Quarantine: unconfirmed applications, their confirmation emails, and emails that the limits deferred."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from careers.applications import emails, pending_uploads
from careers.applications.models import (
    Application,
    Attachment,
    Confirmation,
    RedeemedChallenge,
    Submission,
)
from careers.applications.models.spam import ConfirmationQuerySet
from careers.documents.models import Document
from careers.outbox.models import Email

from . import limits


def request_confirmation(application: Application, missing_files: Iterable[str] = ()) -> None:
    """Queue the email with the confirmation link, or defer it; in the caller's transaction.

    `missing_files` names the fields whose files exceeded the quota: the page behind the link asks
    for them again.
    """
    Confirmation.objects.create(application=application, missing_files=list(missing_files))
    _queue_email(application)


def queue_deferred_emails() -> int:
    """Queue the emails that the limits deferred and now allow. Returns their number.

    Unconfirmed applications come first.
    """
    unconfirmed_first = F("application__confirmed_at").asc(nulls_first=True)
    deferred = Submission.objects.filter(emailed_at=None)
    keys = deferred.order_by(unconfirmed_first, "submitted_at", "pk").values_list("pk", flat=True)
    return sum(_queue_deferred(pk) for pk in keys)


def same_form(application: Application) -> QuerySet[Application]:
    """`application` and all that was sent from the same opened form by the same address.

    One confirmation link confirms all of them.
    """
    rows = Application.objects.filter(
        form_key=application.form_key, email_key=application.email_key
    )
    return rows.order_by("pk")


def is_email_queued(application: Application) -> bool:
    """Whether the email that its page announces has been queued, and not deferred."""
    if not application.is_confirmed:
        return _confirmations(application).exclude(token_hash=None).exists()
    return not Submission.objects.filter(application=application, emailed_at=None).exists()


def prune() -> None:
    """Delete unconfirmed applications after the quarantine period, and what the checks remembered.

    Submissions are deleted a day after their email. Those without one stay as long as their application,
    because the deferred email needs them; and those of quarantined applications, because the account of
    `pending_uploads` counts the files of each network.
    """
    now = timezone.now()
    _delete_unconfirmed(now - settings.QUARANTINE_LIFETIME)
    Confirmation.objects.filter(expires_at__lt=now - settings.QUARANTINE_LIFETIME).delete()
    answered = Submission.objects.filter(emailed_at__lt=now - limits.DAY)
    answered.exclude(application__confirmed_at=None).delete()
    RedeemedChallenge.objects.filter(
        redeemed_at__lt=now - settings.PENDING_UPLOAD_LIFETIME
    ).delete()


def _delete_unconfirmed(limit: datetime) -> None:
    with transaction.atomic():
        old = Application.objects.quarantined().filter(received_at__lt=limit).select_for_update()
        references = dict(old.values_list("pk", "reference"))
        attachments = Attachment.objects.filter(application__in=references).order_by()
        documents = list(Document.objects.filter(pk__in=attachments.values("document")))
        Email.objects.scrub_references(references.values())
        Application.objects.filter(pk__in=references).delete()
        pending_uploads.discard_unnamed(documents)


def _queue_deferred(pk: int) -> bool:
    with transaction.atomic():
        if not (submission := Submission.objects.filter(pk=pk).first()):
            return False  # erased since the query
        limits.lock(submission)
        rows = Application.objects.select_for_update()
        application = rows.filter(pk=submission.application_id).first()
        if not application or application.submission.emailed_at:
            return False
        if not application.is_confirmed and is_email_queued(application):
            return False  # a form sent twice gets no second link, even if the first has expired
        return _queue_email(application)


def _queue_email(application: Application) -> bool:
    if not application.is_confirmed and _confirmations(application).with_valid_link().exists():
        return False  # the link that was sent confirms this application, too
    if not limits.claim_mail_quota(application.submission):
        return False
    emails.resend(application)
    return True


def _confirmations(application: Application) -> ConfirmationQuerySet:
    return Confirmation.objects.filter(application__in=same_form(application))
