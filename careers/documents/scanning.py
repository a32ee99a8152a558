"""Viruses: asked for at the door if a scanner is set, and later again where it did not answer.

Without a scanner, or while it is down, nobody is refused; what has not been scanned is marked so.
"""

import logging
import time

from django.conf import settings
from django.utils import timezone

from .clamd import NotScanned, ScannerDown, is_infected
from .errors import DocumentRejected
from .models import Document
from .storage import StoreUnavailable, store

log = logging.getLogger(__name__)
Scan = Document.Scan


def scan_on_upload(file):
    """{"scan": …, "scanned_at": …} for a new document. Refused, if there is a virus in it."""
    if not settings.CLAMD:
        return {"scan": Scan.NONE}
    file.seek(0)
    try:
        if is_infected(settings.CLAMD, file, within=settings.VIRUS_SCAN_UPLOAD_TIMEOUT):
            log.warning("A document with a virus was refused")
            raise DocumentRejected("infected")
    except NotScanned:
        log.warning("The virus scanner does not answer: a document is accepted without it")
        return {"scan": Scan.UNSCANNED}
    return {"scan": Scan.CLEAN, "scanned_at": timezone.now()}


def scan_later(documents, *, seconds=None):
    """Scan what is in the store, for some seconds or to the end; how many were scanned.

    One that the scanner cannot read does not hold up the others.
    """
    done, end = 0, time.monotonic() + (seconds or float("inf"))
    try:
        for document in documents.iterator(chunk_size=100) if settings.CLAMD else ():
            done += _scan(document)
            if time.monotonic() > end:
                break
    except (ScannerDown, StoreUnavailable) as fault:
        log.warning("Documents cannot be scanned: %s", type(fault).__name__)
    left, since = unscanned_since()
    if left and settings.CLAMD:
        log.warning("%s documents are not scanned yet, the oldest since %s", left, since)
    return done


def unscanned_since():
    """(how many documents wait for the scanner, since when the oldest does or None)."""
    return Document.objects.waiting()


def _scan(document):
    try:
        with store().open(document.key) as file:
            infected = is_infected(settings.CLAMD, file, within=settings.VIRUS_SCAN_TIMEOUT)
    except FileNotFoundError:
        log.error("Document %s is not in the store, and cannot be scanned", document.key)
        return False
    except ScannerDown:
        raise
    except NotScanned:
        log.warning("The virus scanner gave no answer about document %s", document.key)
        return False
    if infected:
        log.error("Document %s has a virus; nobody can download it any more", document.key)
    found = Scan.INFECTED if infected else Scan.CLEAN
    Document.objects.filter(pk=document.pk).update(scan=found, scanned_at=timezone.now())
    return True
