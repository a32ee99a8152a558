"""Pending uploads: files of a form that was sent with errors. And the account of all files that wait.

A file waits if it belongs to a form that has not been accepted, or to a quarantined application. What
waits is bounded for each opened form, for each network and in all. Files of confirmed applications are
never limited, and a part of the disk is reserved for them.
"""

from contextlib import nullcontext

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Sum
from django.utils import timezone

from careers.documents.ingest import discard, stored
from careers.documents.models import Document
from careers.documents.storage import document_storage

from .locks import lock
from .models import Attachment, PendingUpload

# Bytes that a file is counted as, beside its content: its block on the disk, and its rows.
FILE_OVERHEAD = 4096


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


def save_uploads(documents, form_key, network_hash):
    """Store and save the new ones of `documents`, {field name: Document}, within the bounds.

    Returns the names of fields whose files exceed a bound.
    """
    with (
        storing(documents, form_key, network_hash, is_limited=True),
        transaction.atomic(),
    ):
        return add_uploads(documents, form_key, network_hash, is_limited=True)


def storing(documents, form_key, network_hash, *, is_limited):
    """A context in which the new ones of `documents` are stored, unless they exceed a bound.

    After it, those without a row are deleted (`ingest.stored`).
    """
    new = _new(documents).values()
    if is_limited and new and _exceeds_bound(form_key, network_hash, added=_cost(new)):
        return nullcontext()
    return stored(new)


def add_uploads(documents, form_key, network_hash, *, is_limited):
    """Save the new ones of `documents` in the caller's transaction, within `storing`.

    They replace the earlier uploads of their fields, which are deleted. Returns the names of fields
    whose files exceed a bound: these are deleted, too.
    """
    if not (new := _new(documents)):
        return set()
    lock(f"form {form_key}", *(["pending uploads"] if is_limited else []))
    _remove(form_key, new)
    if any(document.upload for document in new.values()):  # not stored
        return set(new)
    Document.objects.bulk_create(new.values())
    PendingUpload.objects.bulk_create(
        PendingUpload(
            form_key=form_key, field_name=name, network_hash=network_hash, document=document
        )
        for name, document in new.items()
    )
    # Counted again: simultaneous requests may have stored files since `storing`.
    if is_limited and _exceeds_bound(form_key, network_hash):
        _remove(form_key, new)
        for document in new.values():
            document.pk = None
        return set(new)
    return set()


def remove_upload(form_key, field_name):
    """Remove one upload, and its file unless an application has it."""
    with transaction.atomic():
        lock(f"form {form_key}")
        _remove(form_key, [field_name])


def discard_unnamed(documents):
    """Delete those of `documents` that neither an application nor a pending upload has."""
    named = {
        *Attachment.objects.filter(document__in=documents).values_list("document", flat=True),
        *PendingUpload.objects.filter(document__in=documents).values_list("document", flat=True),
    }
    for document in documents:
        if document.pk not in named:
            discard(document)


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


def _new(documents):
    return {name: document for name, document in documents.items() if not document.pk}


def _remove(form_key, field_names):
    rows = PendingUpload.objects.filter(form_key=form_key, field_name__in=list(field_names))
    if documents := list(Document.objects.filter(pk__in=rows.values("document"))):
        rows.delete()
        discard_unnamed(documents)


def _cost(documents):
    return sum(document.size + FILE_OVERHEAD for document in documents)


def _exceeds_bound(form_key, network_hash, *, added=0):
    """Whether the bytes that wait, and `added` more, exceed one of the three bounds."""
    bounds = [
        ({"form_key": form_key}, settings.PENDING_UPLOAD_FORM_QUOTA),
        ({"network_hash": network_hash}, settings.PENDING_UPLOAD_NETWORK_QUOTA),
        ({}, _total_quota()),
    ]
    return any(_waiting_bytes(**scope) + added > quota for scope, quota in bounds)


def _waiting_bytes(*, form_key=None, network_hash=None):
    """The bytes of all files that wait; or of those from one opened form, or from one network."""
    uploads = PendingUpload.objects.all()
    quarantined = Attachment.objects.filter(application__confirmed_at=None).order_by()
    if form_key is not None:
        uploads = uploads.filter(form_key=form_key)
        quarantined = quarantined.filter(application__form_key=form_key)
    if network_hash is not None:
        uploads = uploads.filter(network_hash=network_hash)
        quarantined = quarantined.filter(application__submission__network_hash=network_hash)
    waiting = uploads.values("document").union(quarantined.values("document"))
    confirmed = Attachment.objects.filter(
        document=OuterRef("pk"), application__confirmed_at__isnull=False
    )
    documents = Document.objects.filter(pk__in=waiting).exclude(Exists(confirmed))
    totals = documents.aggregate(size=Sum("size", default=0), count=Count("pk"))
    return totals["size"] + totals["count"] * FILE_OVERHEAD


def _total_quota():
    """PENDING_UPLOAD_QUOTA, but no more than its share of the free space, where that is known."""
    free = document_storage().free_bytes()
    if free is None:
        return settings.PENDING_UPLOAD_QUOTA
    unreserved = max(0, free - settings.APPLICATION_DISK_RESERVE)
    share = unreserved * settings.PENDING_UPLOAD_DISK_PERCENT // 100
    return min(settings.PENDING_UPLOAD_QUOTA, share)
