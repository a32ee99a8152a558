"""The store of documents: private, without addresses, and sure of what it says it has.

A store keeps bytes under a key (`keep`), and has Django's open, size, exists and delete, and `names`.
This one is a folder; `bucket.Bucket` is the same on an S3 server.
"""

import hashlib
import os
import shutil
from contextlib import suppress
from datetime import UTC, datetime
from typing import NamedTuple

from django.core.files.storage import FileSystemStorage, storages
from django.utils.deconstruct import deconstructible

from .reading import whole


class StoreUnavailable(Exception):
    """The store cannot keep or give anything at this moment: it is full, or out of reach."""


class StoredFile(NamedTuple):
    """What the store has, measured while it was written."""

    size: int
    sha256: str


def store():
    """The store of this site."""
    return storages["documents"]


class Private:
    """A store whose files have no address."""

    def free(self):
        """How many bytes more it can take; None where nobody knows."""
        return None

    def url(self, name):
        raise ValueError("A document has no address: careers.documents.serving gives it to people.")


@deconstructible(path="careers.documents.storage.Folder")
class Folder(Private, FileSystemStorage):
    """A folder that only the site may enter."""

    def __init__(self, location):
        super().__init__(location, file_permissions_mode=0o600, directory_permissions_mode=0o700)

    def keep(self, key, file):
        """Kept, once the bytes and the name would survive a power cut."""
        path = self.path(key)
        part = f"{path}.part"
        try:
            self._make()
            kept = _written(part, file)
            os.rename(part, path)
            _sync_folder(self.location)
        except OSError as fault:
            _remove(part)
            raise StoreUnavailable from fault
        return kept

    def free(self):
        try:
            self._make()
            return shutil.disk_usage(self.location).free
        except OSError as fault:
            raise StoreUnavailable from fault

    def names(self):
        """(name, when it was last written) of everything in it."""
        try:
            with os.scandir(self.location) as found:
                for entry in found:
                    if entry.is_file(follow_symlinks=False):
                        changed = entry.stat(follow_symlinks=False).st_mtime
                        yield entry.name, datetime.fromtimestamp(changed, UTC)
        except FileNotFoundError:  # nobody has sent anything yet, or it has just been deleted
            return

    def _make(self):
        if not os.path.isdir(self.location):
            os.makedirs(self.location, mode=0o700, exist_ok=True)
            _sync_folder(os.path.dirname(self.location))


def _written(path, file):
    digest, size = hashlib.sha256(), 0
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        for chunk in whole(file):
            out.write(chunk)
            digest.update(chunk)
            size += len(chunk)
        out.flush()
        os.fsync(out.fileno())
    return StoredFile(size, digest.hexdigest())


def _sync_folder(path):
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _remove(path):
    with suppress(OSError):  # it never came into being, or the disk says no: the sweep finds it
        os.unlink(path)
