"""How many bytes may wait: files of doubtful applications and of forms that are not right yet.

Strangers fill no disk: what passes the checks always has room, and what does not has a share of it.
"""

from django.conf import settings
from django.db import transaction
from django.db.models import Q, Sum

from careers.documents.ingest import discard
from careers.documents.models import Document
from careers.documents.storage import document_storage

from .models import Attachment, PendingUpload


def is_there(documents):
    """Whether these, saved or not, may wait with all that waits already."""
    more = sum(document.size for document in documents if not document.pk)
    return not more or _used() + more <= _budget()


def give_back(documents, key):
    """Let go of the files of the form with this key; those of an application stay."""
    with transaction.atomic():
        for document in documents:
            if document.pk:
                PendingUpload.objects.filter(key=key, document=document).delete()
            if not (document.pk and Attachment.objects.filter(document=document).exists()):
                discard(document)


def _budget():
    free = document_storage().free_bytes()
    if free is None:
        return settings.PENDING_UPLOAD_QUOTA
    share = free * settings.PENDING_UPLOAD_DISK_PERCENT // 100
    return min(settings.PENDING_UPLOAD_QUOTA, share)


def _used():
    doubtful = Attachment.objects.filter(application__confirmed_at=None)
    passed = Attachment.objects.exclude(application__confirmed_at=None)
    waiting = Q(pk__in=doubtful.values("document")) | Q(
        pk__in=PendingUpload.objects.values("document")
    )
    found = Document.objects.filter(waiting).exclude(pk__in=passed.values("document"))
    return found.aggregate(size=Sum("size", default=0))["size"]
