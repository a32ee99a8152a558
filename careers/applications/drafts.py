"""Files that were accepted while the form was not: they wait under the key of the form, for
PENDING_UPLOAD_LIFETIME.
"""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from careers.documents.ingest import discard
from careers.documents.models import Document

from .models import Attachment, PendingUpload


def of(key, fields):
    """{field: Document} of the files that wait for these fields of the form with this key.

    Which ones is for the page to say: what it did not show is not sent by whoever presses its button.
    """
    rows = PendingUpload.objects.filter(key=key).select_related("document")
    return {row.field: row.document for row in rows if row.field in fields}


def keep(form, key):
    """Let the accepted files of a form wait, those that do not wait already."""
    with transaction.atomic():
        new = {field: document for field, document in form.documents().items() if not document.pk}
        for document in new.values():
            document.save()
        PendingUpload.objects.bulk_create(
            [
                PendingUpload(key=key, field=field, document=document)
                for field, document in new.items()
            ],
            update_conflicts=True,
            unique_fields=["key", "field"],
            update_fields=["document", "received_at"],
        )


def drop(key, field):
    """Take a file back. Its bytes go with the next sweep, unless an application has them."""
    PendingUpload.objects.filter(key=key, field=field).delete()


def sweep():
    """Delete what has waited too long, and documents that nothing names any more."""
    limit = timezone.now() - settings.PENDING_UPLOAD_LIFETIME
    with transaction.atomic():
        PendingUpload.objects.filter(received_at__lt=limit).delete()
        named = Attachment.objects.values("document"), PendingUpload.objects.values("document")
        for document in (
            Document.objects.filter(received_at__lt=limit)
            .exclude(pk__in=named[0])
            .exclude(pk__in=named[1])
        ):
            discard(document)
