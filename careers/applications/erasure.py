"""Erasure: a candidate requests it, and an operator's command carries it out.

Rows are deleted first, in one transaction, and the bytes of documents after its commit. If the process
dies in between, `prune_documents` deletes the files that no row names.
"""

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from careers.documents.ingest import discard
from careers.documents.models import Document
from careers.outbox.models import Email

from . import emails
from .enums import Stage
from .models import Application, Attachment, Erasure, PendingUpload


def request_erasure(application):
    """Record the candidate's request, once, and queue an email to both sides.

    An open application is withdrawn with it: a person without details cannot be considered.
    """
    with transaction.atomic(durable=True):
        application = Application.objects.select_for_update().get(pk=application.pk)
        if application.erasure_requested_at:
            return
        if application.is_open:
            application.move(Stage.WITHDRAWN)
        application.erasure_requested_at = timezone.now()
        application.retention_consent_until = None
        application.save(update_fields=["erasure_requested_at", "retention_consent_until"])
        emails.queue_erasure_request(application)


def requested_references():
    """References of the applications whose erasure has been requested, the oldest request first."""
    requested = Application.objects.exclude(erasure_requested_at=None)
    return list(requested.order_by("erasure_requested_at").values_list("reference", flat=True))


def erase(reference):
    """Erase everything that its candidate wrote or sent. Returns whether there was such an application."""
    with transaction.atomic():
        rows = Application.objects.select_for_update().filter(reference=reference)
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
    for document in documents:
        if not Attachment.objects.filter(document=document).exists():
            discard(document)
