"""Erases one application for good: nothing that its sender wrote or sent is left anywhere.

Rows first, in one transaction; the bytes of documents once that is committed. A process that dies
between the two leaves files that no row names, and `sweep_documents` deletes those.
"""

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from careers.documents.ingest import discard
from careers.documents.models import Document
from careers.outbox.models import Email

from .models import Application, Attachment, Erasure, PendingUpload


def due():
    """References of the applications whose senders have asked to be erased."""
    asked = Application.objects.exclude(erasure_asked_at=None)
    return list(asked.order_by("erasure_asked_at").values_list("reference", flat=True))


def erase(reference):
    """Erase the application with this reference. Whether there was one."""
    with transaction.atomic():
        found = Application.objects.select_for_update().filter(reference=reference)
        if not (application := found.first()):
            return False
        _erase_letters(application)
        _erase_rows(application)
    return True


def overwrite():
    """Have SQLite forget what is deleted: until then, its log of changes still holds old pages.

    Whether it has: not while somebody goes on reading what there was before.
    """
    if connection.vendor != "sqlite":
        return True
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        is_busy, _pages, _moved = cursor.fetchone()
    return not is_busy


def _erase_letters(application):
    Email.objects.scrub_references([application.reference])
    Email.objects.scrub_mentions(
        application.number
    )  # written before letters said what they concern
    others = Application.objects.exclude(pk=application.pk)
    if not others.filter(email__iexact=application.email).exists():
        Email.objects.scrub(application.email)


def _erase_rows(application):
    drafts = PendingUpload.objects.filter(key=application.key)
    theirs = Q(pk__in=application.attachments.values("document")) | Q(
        pk__in=drafts.values("document")
    )
    documents = list(Document.objects.filter(theirs))
    received = timezone.localdate(application.received_at)
    Erasure.objects.create(
        reference=application.reference, role=application.role, month=received.replace(day=1)
    )
    drafts.delete()
    application.delete()
    # The same form, sent again with a correction, is an application that has the same files.
    for document in documents:
        if not Attachment.objects.filter(document=document).exists():
            discard(document)
