"""Files that were accepted while the form was not: they wait under the key of the form, for two days."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from careers.documents.models import Document
from careers.documents.receiving import discard

from .models import Attachment, Draft

KEPT = timedelta(hours=48)


def of(key):
    """{field: Document} of the files that wait for the form with this key."""
    rows = Draft.objects.filter(key=key).select_related("document")
    return {row.field: row.document for row in rows}


def keep(form, key):
    """Let the accepted files of a form wait, those that do not wait already."""
    with transaction.atomic():
        for field, document in form.documents().items():
            if not document.pk:
                document.save()
                wait = {"document": document, "received_at": timezone.now()}
                Draft.objects.update_or_create(key=key, field=field, defaults=wait)


def drop(key, field):
    """Take a file back. Its bytes go with the next sweep, unless an application has them."""
    Draft.objects.filter(key=key, field=field).delete()


def sweep():
    """Delete what has waited too long, and documents that nothing names any more."""
    limit = timezone.now() - KEPT
    with transaction.atomic():
        Draft.objects.filter(received_at__lt=limit).delete()
        named = Attachment.objects.values("document"), Draft.objects.values("document")
        for document in (
            Document.objects.filter(received_at__lt=limit)
            .exclude(pk__in=named[0])
            .exclude(pk__in=named[1])
        ):
            discard(document)
