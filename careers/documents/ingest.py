"""Takes in uploads: `receive` checks and scans one, `stored` stores several while rows are written."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol

from django.conf import settings
from django.db import Error, connection, transaction

from .checking import inspect
from .errors import DocumentRejected, too_large
from .filenames import with_extension
from .models import Document, new_key
from .reading import BinaryFile, digest, read_from_start
from .scanning import ScanBudget, scan_on_upload
from .storage import StorageUnavailable, StoredFile, document_storage

log = logging.getLogger(__name__)


class Upload(BinaryFile, Protocol):
    """An uploaded file, also one of `LimitedUploadHandler`."""

    name: str
    size: int
    # `over_file_limit`, `write_failed` and `scan_budget` are attributes of those only.


def receive(upload: Upload) -> Document:
    """A Document that was checked and scanned. It is not saved, and its bytes are not stored yet.

    Raises DocumentRejected (a ValidationError for the candidate), or StorageUnavailable if the
    temporary file could not be written or cannot be read.
    """
    if getattr(upload, "over_file_limit", False):
        raise DocumentRejected("too_many", limit=settings.DOCUMENTS_MAX_FILES)
    if upload.size > settings.DOCUMENT_MAX_BYTES:
        raise too_large(upload.size, settings.DOCUMENT_MAX_BYTES)
    if getattr(upload, "write_failed", False):
        raise StorageUnavailable
    try:
        inspection = inspect(upload, upload.name)
        scan = scan_on_upload(upload, getattr(upload, "scan_budget", None) or ScanBudget())
        size, sha256 = digest(read_from_start(upload))
    except OSError as error:
        raise StorageUnavailable from error
    document = Document(
        key=new_key(),
        name=with_extension(upload.name, inspection.type),
        type=inspection.type,
        findings=inspection.findings,
        size=size,
        sha256=sha256,
        **scan,
    )
    document.upload = upload
    return document


@contextmanager
def stored(documents: Iterable[Document]) -> Iterator[None]:
    """Store the bytes of new documents durably; within the block, the caller saves their rows.

    After the block, also after an error, the bytes of documents without a row are deleted, and these
    documents are new again. Only if the connection to the database is lost, the bytes stay, because
    the commit may have happened: `maintenance.prune_orphans` decides later.

    Raises StorageUnavailable if the storage cannot take them.
    """
    uploads: dict[str, tuple[Document, BinaryFile | None]] = {}
    try:
        for document in documents:
            uploads[document.key] = document, document.upload
            _write(document)
        yield
    except Exception as error:
        if not isinstance(error, Error) or connection.is_usable():
            _forget(uploads, uploads.keys() - _keys_in_use(uploads))
        raise
    # Without an error, the rows that the caller has saved are there.
    _forget(uploads, {key for key, (document, _upload) in uploads.items() if not document.pk})


def discard(document: Document) -> None:
    """Delete a document: its row in the caller's transaction, its bytes after the commit."""
    if document.pk:
        document.delete()
    transaction.on_commit(lambda: _unlink(document.key), robust=True)


def _write(document: Document) -> None:
    if document.upload is None:
        raise ValueError(f"{document.key} has been stored already")
    result = document_storage().write(document.key, document.upload)
    if result != StoredFile(document.size, document.sha256):
        raise StorageUnavailable("the temporary file has changed since it was checked")
    document.upload = None


def _forget(uploads: dict[str, tuple[Document, BinaryFile | None]], keys: Iterable[str]) -> None:
    """Delete the bytes of documents that have no row."""
    for key in keys:
        _unlink(key)
        document, upload = uploads[key]
        document.upload, document.pk = upload, None


def _keys_in_use(keys: Iterable[str]) -> set[str]:
    try:
        return set(Document.objects.filter(key__in=list(keys)).values_list("key", flat=True))
    except Error:
        log.exception("Stored files without a row may remain; prune_documents will delete them")
        return set(keys)


def _unlink(key: str) -> None:
    try:
        document_storage().delete(key)
    except (StorageUnavailable, OSError):
        log.warning("Document %s could not be deleted; prune_documents will delete it", key)
