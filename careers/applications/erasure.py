"""Erasure: a candidate requests it, and the worker carries it out before the deadline they were told.

Rows are deleted first, in one transaction, and the bytes of documents after its commit. If the process
dies in between, `prune_documents` deletes the files that no row names.
"""

import logging
import unicodedata
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from careers.company.models import Company
from careers.documents.models import Document
from careers.outbox.models import Email

from . import emails, pending_uploads
from .enums import Stage
from .models import Application, Erasure, PendingUpload

log = logging.getLogger(__name__)


def request_erasure(application):
    """Record the candidate's request and its deadline, once, and queue an email to both sides.

    An open application is withdrawn with it: a person without details cannot be considered.
    """
    grace = timedelta(days=Company.get().erasure_grace_days)
    with transaction.atomic(durable=True):
        application = Application.objects.select_for_update().get(pk=application.pk)
        if application.erasure_requested_at:
            return
        now = timezone.now()
        is_withdrawn = application.is_open
        if is_withdrawn:
            application.withdraw(now)
        application.erasure_requested_at = now
        application.erasure_due_at = now + grace
        application.retention_consent_until = None
        application.save(
            update_fields=["erasure_requested_at", "erasure_due_at", "retention_consent_until"]
        )
        # The candidate's page says that the data will be deleted, so it never shows later updates.
        application.status_updates.filter(visible_from__gt=now).delete()
        emails.queue_erasure_request(application, is_withdrawn=is_withdrawn)


def cancel_request(application, user):
    """Cancel a request that the candidate did not make. Returns whether there was one.

    If the request has withdrawn the application, it is open again. If its stage is still "withdrawn", it
    returns to the one before.
    """
    with transaction.atomic(durable=True):
        application = Application.objects.select_for_update().get(pk=application.pk)
        if not application.erasure_requested_at:
            return False
        if application.withdrawn_at == application.erasure_requested_at:
            application.withdrawn_at = None
            if application.stage == Stage.WITHDRAWN:
                withdrawal = application.stage_changes.filter(by_candidate=True).last()
                application.move(withdrawal.old_stage, changed_by=user)
        application.erasure_requested_at = application.erasure_due_at = None
        application.save(update_fields=["withdrawn_at", "erasure_requested_at", "erasure_due_at"])
        return True


def requested_references():
    """References of the applications whose erasure has been requested, the oldest request first."""
    requested = Application.objects.exclude(erasure_requested_at=None)
    return list(requested.order_by("erasure_requested_at").values_list("reference", flat=True))


def carry_out():
    """Erase every application whose deadline comes within ERASURE_LEAD.

    Returns how many were erased, and how many could not be.

    Each has a transaction of its own, so a failure does not stop the others.
    """
    successes = failures = 0
    latest = timezone.now() + settings.ERASURE_LEAD
    due = Application.objects.filter(erasure_due_at__lte=latest).order_by("erasure_due_at", "pk")
    for pk, reference in list(due.values_list("pk", "reference")):
        try:
            successes += erase(reference, erasure_due_at__lte=latest)
        except Exception:
            failures += 1
            log.exception("The application with the primary key %d could not be erased", pk)
    return successes, failures


def has_recent_erasures():
    """Whether anything was erased within the last day, so that SQLite's log may still hold it."""
    return Erasure.objects.filter(erased_at__gt=timezone.now() - timedelta(days=1)).exists()


def normalize_reference(text):
    """The letters and digits of `text` in upper case: `７ｑ４ｋ－ｍ２ｘｄ` is the reference 7Q4KM2XD."""
    folded = unicodedata.normalize("NFKC", text).upper()
    return "".join(character for character in folded if character.isalnum() and character != "ー")


def erase(reference, **conditions):
    """Erase everything that its candidate wrote or sent. Returns whether there was such an application.

    It must meet the `conditions` when it is locked.
    """
    with transaction.atomic():
        rows = Application.objects.select_for_update().filter(reference=reference, **conditions)
        if not (application := rows.first()):
            return False
        _erase_emails(application)
        _erase_rows(application)
    return True


def truncate_wal():
    """Empty SQLite's write-ahead log, which still holds deleted pages. Returns whether that succeeded.

    It fails while another connection reads an older snapshot. PostgreSQL needs nothing.
    """
    if connection.vendor != "sqlite":
        return True
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        is_busy, _pages, _moved = cursor.fetchone()
    return not is_busy


def _erase_emails(application):
    Email.objects.scrub_references([application.reference])
    # Emails without a reference of their own are found by the reference in their text.
    Email.objects.scrub_mentions(application.display_reference)
    others = Application.objects.exclude(pk=application.pk)
    if not others.from_address(application.email).exists():
        Email.objects.scrub(application.email)


def _erase_rows(application):
    uploads = PendingUpload.objects.filter(form_key=application.form_key)
    documents = list(
        Document.objects.filter(
            Q(pk__in=application.attachments.values("document"))
            | Q(pk__in=uploads.values("document"))
        )
    )
    received = timezone.localdate(application.received_at)
    Erasure.objects.create(
        reference=application.reference, role=application.role, month=received.replace(day=1)
    )
    uploads.delete()
    application.delete()
    # A corrected application from the same form shares its files.
    pending_uploads.discard_unnamed(documents)
