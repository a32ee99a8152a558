"""Maintenance of the storage: deletes files without a row, and finds rows without their file."""

import logging
import os
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice

from django.conf import settings
from django.utils import timezone

from .models import Document
from .reading import chunks, digest
from .storage import document_storage

# Only keys that this app writes: the bucket may hold other objects.
DOCUMENT_KEY = re.compile(r"([0-9a-f]{32})(\.part)?")

log = logging.getLogger(__name__)


def prune_orphans() -> int:
    """Delete files that no document names and that are older than ORPHANED_FILE_GRACE; return their number."""
    limit, pruned = timezone.now() - settings.ORPHANED_FILE_GRACE, 0
    old = (
        name
        for name, written in document_storage().list_keys()
        if written < limit and DOCUMENT_KEY.fullmatch(name)
    )
    while names := list(islice(old, 500)):
        # No row is created for a key this old any more, so one query decides.
        for name in set(names) - set(_keys_in_use(names)):
            document_storage().delete(name)
            log.info("Deleted %s, which belongs to no document", name)
            pruned += 1
    return pruned + _prune_uploads(limit)


def integrity_errors(*, hashes: bool = False) -> Iterator[tuple[str, str]]:
    """Pairs of key and error for documents that are missing or changed; `hashes` reads every file."""
    for document in Document.objects.order_by("pk").iterator(chunk_size=500):
        try:
            if document_storage().size(document.key) != document.size:
                yield document.key, "has the wrong size"
            elif hashes and _sha256(document.key) != document.sha256:
                yield document.key, "has the wrong SHA-256"
        except FileNotFoundError:
            yield document.key, "is missing from storage"


def _keys_in_use(names: list[str]) -> Iterable[str]:
    return Document.objects.filter(key__in=names).values_list("key", flat=True)


def _sha256(key: str) -> str:
    with document_storage().open(key) as file:
        return digest(chunks(file))[1]


def _prune_uploads(limit: datetime) -> int:
    """Delete temporary files that killed processes left in the upload folder."""
    pruned = 0
    with os.scandir(settings.FILE_UPLOAD_TEMP_DIR) as entries:
        for entry in entries:
            written = datetime.fromtimestamp(entry.stat(follow_symlinks=False).st_mtime, UTC)
            if entry.is_file(follow_symlinks=False) and written < limit:
                os.unlink(entry.path)
                pruned += 1
    return pruned
