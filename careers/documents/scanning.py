"""Virus scans: on upload, and later for documents that were accepted without a result.

Without a scanner, or while it is down, hangs or is busy, documents are accepted and marked as not scanned.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from .circuit_breaker import breaker_for
from .clamd import NotScanned, ScannerDown, is_infected
from .config import ClamdConfig
from .errors import DocumentRejected
from .models import Document
from .reading import BinaryFile
from .storage import StorageUnavailable, document_storage

log = logging.getLogger(__name__)
Scan = Document.Scan


class ScanBudget:
    """The seconds that the files of one form may wait for the scanner together."""

    def __init__(self) -> None:
        self.seconds: float = settings.VIRUS_SCAN_UPLOAD_TIMEOUT

    @contextmanager
    def spend(self) -> Iterator[float]:
        """The seconds that are left; those that the block takes are subtracted."""
        started = time.monotonic()
        try:
            yield self.seconds
        finally:
            self.seconds -= time.monotonic() - started


def scan_on_upload(file: BinaryFile, budget: ScanBudget) -> dict[str, Any]:
    """The columns {"scan": …, "scanned_at": …} of a new document; DocumentRejected if infected."""
    if not settings.CLAMD:
        return {"scan": Scan.NONE}
    try:
        infected = _is_infected(settings.CLAMD, file, budget)
    except NotScanned:
        log.warning("The virus scanner gave no result; a document was accepted without a scan")
        return {"scan": Scan.UNSCANNED}
    if infected:
        log.warning("An infected document was rejected")
        raise DocumentRejected("infected")
    return {"scan": Scan.CLEAN, "scanned_at": timezone.now()}


def _is_infected(scanner: ClamdConfig, file: BinaryFile, budget: ScanBudget) -> bool:
    if budget.seconds <= 0:
        raise NotScanned
    with breaker_for(scanner).attempt(), budget.spend() as seconds:
        file.seek(0)
        return is_infected(scanner, file, within=seconds)


def scan_later(documents: QuerySet[Document], *, seconds: float | None = None) -> int:
    """Scan stored documents, at most for `seconds`; return how many were scanned.

    A document that the scanner cannot read is skipped.
    """
    scanner = settings.CLAMD
    if not scanner:
        return 0
    done, end = 0, time.monotonic() + (seconds or float("inf"))
    try:
        for document in documents.iterator(chunk_size=100):
            done += _scan(document, scanner)
            if time.monotonic() > end:
                break
    except (ScannerDown, StorageUnavailable) as error:
        log.warning("Documents cannot be scanned: %s", type(error).__name__)
    backlog = Document.objects.scan_backlog()
    if backlog.count:
        log.warning("%s documents are waiting for a scan, the oldest since %s", *backlog)
    return done


def _scan(document: Document, scanner: ClamdConfig) -> bool:
    try:
        with document_storage().open(document.key) as file:
            infected = is_infected(scanner, file, within=settings.VIRUS_SCAN_TIMEOUT)
    except FileNotFoundError:
        log.error("Document %s is missing from storage and cannot be scanned", document.key)
        return False
    except ScannerDown:
        raise
    except NotScanned:
        log.warning("The virus scanner did not answer for document %s", document.key)
        return False
    if infected:
        log.error("Document %s is infected; downloads are blocked", document.key)
    result = Scan.INFECTED if infected else Scan.CLEAN
    Document.objects.filter(pk=document.pk).update(scan=result, scanned_at=timezone.now())
    return True
