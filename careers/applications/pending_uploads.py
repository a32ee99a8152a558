"""Pending uploads: files of a form that was sent with errors, stored for a while, within a quota.

The quota also counts the files of quarantined applications. Confirmed applications are never limited
by it.
"""

from django.conf import settings
from django.db import transaction
from django.db.models import Q, Sum
from django.utils import timezone

from careers.documents.ingest import discard
from careers.documents.models import Document
from careers.documents.storage import document_storage

from .models import Attachment, PendingUpload


def pending_documents(form_key, field_names):
    """{field name: Document} of the uploads of a form, limited to `field_names`.

    A page sends the names of the uploads that it showed; others are not used.
    """
    if not field_names:
        return {}
    rows = PendingUpload.objects.filter(form_key=form_key).select_related("document")
    return {row.field_name: row.document for row in rows if row.field_name in field_names}


def field_names(form_key, application):
    """The names of the fields whose uploads are the documents of `application`, sent by that form."""
    documents = application.attachments.values("document")
    rows = PendingUpload.objects.filter(form_key=form_key, document__in=documents)
    return set(rows.values_list("field_name", flat=True))


def save_uploads(form, form_key):
    """Save the accepted files of `form` that are not saved yet."""
    with transaction.atomic(savepoint=False):
        unsaved = {name: file for name, file in form.documents().items() if not file.pk}
        Document.objects.bulk_create(unsaved.values())
        PendingUpload.objects.bulk_create(
            [
                PendingUpload(form_key=form_key, field_name=name, document=document)
                for name, document in unsaved.items()
            ],
            update_conflicts=True,
            unique_fields=["form_key", "field_name"],
            update_fields=["document", "received_at"],
        )


def remove_upload(form_key, field_name):
    """Remove one upload. `prune` deletes its file, unless an application has it."""
    PendingUpload.objects.filter(form_key=form_key, field_name=field_name).delete()


def discard_uploads(documents, form_key):
    """Delete these files of a form, saved or not, except those that an application has."""
    with transaction.atomic():
        for document in documents:
            if document.pk:
                PendingUpload.objects.filter(form_key=form_key, document=document).delete()
            if not (document.pk and Attachment.objects.filter(document=document).exists()):
                discard(document)


def fits_quota(documents):
    """Whether the unsaved ones of `documents` fit into the quota."""
    size = sum(document.size for document in documents if not document.pk)
    return not size or _used_bytes() + size <= _quota_bytes()


def prune():
    """Delete expired uploads, and documents that no row names any more."""
    limit = timezone.now() - settings.PENDING_UPLOAD_LIFETIME
    with transaction.atomic():
        PendingUpload.objects.filter(received_at__lt=limit).delete()
        orphans = (
            Document.objects.filter(received_at__lt=limit)
            .exclude(pk__in=Attachment.objects.values("document"))
            .exclude(pk__in=PendingUpload.objects.values("document"))
        )
        for document in orphans:
            discard(document)


def _used_bytes():
    quarantined = Attachment.objects.filter(application__confirmed_at=None)
    confirmed = Attachment.objects.exclude(application__confirmed_at=None)
    counted = Document.objects.filter(
        Q(pk__in=quarantined.values("document"))
        | Q(pk__in=PendingUpload.objects.values("document"))
    ).exclude(pk__in=confirmed.values("document"))
    return counted.aggregate(size=Sum("size", default=0))["size"]


def _quota_bytes():
    """PENDING_UPLOAD_QUOTA, but no more than its share of the free space, where that is known."""
    free = document_storage().free_bytes()
    if free is None:
        return settings.PENDING_UPLOAD_QUOTA
    share = free * settings.PENDING_UPLOAD_DISK_PERCENT // 100
    return min(settings.PENDING_UPLOAD_QUOTA, share)
