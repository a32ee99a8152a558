"""From a stranger's upload to a file that stays: checked, scanned, then durable before any row says so."""

import logging

from django.conf import settings
from django.db import transaction

from careers.japanese import display_filename

from .checking import inspect
from .errors import DocumentRejected, too_large
from .models import Document, new_key
from .scanning import scan_on_upload
from .storage import StoreUnavailable, store

log = logging.getLogger(__name__)


def receive(upload):
    """A Document that is not saved yet; its bytes are in the store, and survive a power cut.

    Refused: a ValidationError for the candidate. StoreUnavailable: nothing is wrong with the file,
    try again later. The caller saves the document in its own transaction. Whatever becomes of that,
    it deletes no file: a commit of which nobody knows may have happened, and what no row names is
    swept a day later.
    """
    if getattr(upload, "one_too_many", False):
        raise DocumentRejected("too_many", limit=settings.DOCUMENTS_MAX_FILES)
    if upload.size > settings.DOCUMENT_MAX_BYTES:
        raise too_large(upload.size, settings.DOCUMENT_MAX_BYTES)
    if getattr(upload, "unwritten", False):
        raise StoreUnavailable
    try:
        examined = inspect(upload, upload.name)
        scanned = scan_on_upload(upload)
        key = new_key()
        kept = store().keep(key, upload)
    except OSError as fault:  # the upload itself cannot be read any more
        raise StoreUnavailable from fault
    return Document(
        key=key,
        name=display_filename(upload.name),
        type=examined.type,
        findings=examined.findings,
        size=kept.size,
        sha256=kept.sha256,
        **scanned,
    )


def discard(document):
    """Delete a document: its row in the caller's transaction, its bytes once that is committed."""
    if document.pk:
        document.delete()
    transaction.on_commit(lambda: _unlink(document.key), robust=True)


def _unlink(key):
    try:
        store().delete(key)
    except (StoreUnavailable, OSError):
        log.warning("Document %s could not be deleted; the sweep will do it", key)
