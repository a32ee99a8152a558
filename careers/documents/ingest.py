"""Takes in an upload: checks it, scans it and stores it durably, before any row names it."""

import logging
from typing import Protocol

from django.conf import settings
from django.db import transaction

from .checking import inspect
from .errors import DocumentRejected, too_large
from .filenames import with_extension
from .models import Document, new_key
from .reading import BinaryFile
from .scanning import scan_on_upload
from .storage import StorageUnavailable, document_storage

log = logging.getLogger(__name__)


class Upload(BinaryFile, Protocol):
    """An uploaded file, also one of `LimitedUploadHandler`."""

    name: str
    size: int


def receive(upload: Upload) -> Document:
    """A Document that is not saved yet; its bytes are stored durably.

    Raises DocumentRejected (a ValidationError for the candidate), or StorageUnavailable if the file
    is fine but cannot be stored now. The caller saves the document in its own transaction. If that
    fails, the caller must not delete the file: the commit may have happened after all. Files
    without a row are pruned a day later.
    """
    if getattr(upload, "over_file_limit", False):
        raise DocumentRejected("too_many", limit=settings.DOCUMENTS_MAX_FILES)
    if upload.size > settings.DOCUMENT_MAX_BYTES:
        raise too_large(upload.size, settings.DOCUMENT_MAX_BYTES)
    if getattr(upload, "write_failed", False):
        raise StorageUnavailable
    try:
        inspection = inspect(upload, upload.name)
        scan = scan_on_upload(upload)
        key = new_key()
        stored = document_storage().write(key, upload)
    except OSError as error:  # the temporary file of the upload cannot be read
        raise StorageUnavailable from error
    return Document(
        key=key,
        name=with_extension(upload.name, inspection.type),
        type=inspection.type,
        findings=inspection.findings,
        size=stored.size,
        sha256=stored.sha256,
        **scan,
    )


def discard(document: Document) -> None:
    """Delete a document: its row in the caller's transaction, its bytes after the commit."""
    if document.pk:
        document.delete()
    transaction.on_commit(lambda: _unlink(document.key), robust=True)


def _unlink(key: str) -> None:
    try:
        document_storage().delete(key)
    except (StorageUnavailable, OSError):
        log.warning("Document %s could not be deleted; prune_documents will delete it", key)
