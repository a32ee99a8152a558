"""Looks after the store: nothing in it that no row names, and no row without its bytes."""

import hashlib
import logging
import os
import re
from datetime import UTC, datetime
from itertools import islice

from django.conf import settings
from django.utils import timezone

from .models import Document
from .reading import chunks
from .storage import store

# Only what this room has written: somebody may keep other things in the same bucket.
OURS = re.compile(r"([0-9a-f]{32})(\.part)?")

log = logging.getLogger(__name__)


def sweep():
    """Delete files older than ORPHANED_FILE_GRACE that belong to no document; how many there were."""
    limit, swept = timezone.now() - settings.ORPHANED_FILE_GRACE, 0
    old = (name for name, written in store().names() if written < limit and OURS.fullmatch(name))
    while names := list(islice(old, 500)):
        # A name is kept or not by one look at the rows; no row comes to a name this old any more.
        for name in set(names) - set(_kept(names)):
            store().delete(name)
            log.info("Swept %s, which belongs to no document", name)
            swept += 1
    return swept + _sweep_uploads(limit)


def faults(*, hashes=False):
    """(key, what is wrong) for every document that is not in the store as it was received."""
    for document in Document.objects.order_by("pk").iterator(chunk_size=500):
        try:
            if store().size(document.key) != document.size:
                yield document.key, "has another size"
            elif hashes and _sha256(document.key) != document.sha256:
                yield document.key, "has other bytes"
        except FileNotFoundError:
            yield document.key, "is not in the store"


def _kept(names):
    return Document.objects.filter(key__in=names).values_list("key", flat=True)


def _sha256(key):
    digest = hashlib.sha256()
    with store().open(key) as file:
        for chunk in chunks(file):
            digest.update(chunk)
    return digest.hexdigest()


def _sweep_uploads(limit):
    """What killed processes have left where uploads wait to be checked."""
    swept = 0
    with os.scandir(settings.FILE_UPLOAD_TEMP_DIR) as found:
        for entry in found:
            written = datetime.fromtimestamp(entry.stat(follow_symlinks=False).st_mtime, UTC)
            if entry.is_file(follow_symlinks=False) and written < limit:
                os.unlink(entry.path)
                swept += 1
    return swept
