"""The private storage of documents, in a folder. `s3.S3DocumentStorage` is the same on an S3 server.

A storage has Django's open, size, exists and delete; `write` stores bytes durably under a key,
`list_keys` lists what is there, and `free_bytes` tells how much more fits.
"""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import NamedTuple, Protocol, cast

from django.core.files import File
from django.core.files.storage import FileSystemStorage, storages
from django.utils.deconstruct import deconstructible

from .reading import BinaryFile, read_from_start


class StorageUnavailable(Exception):
    """The storage cannot write or read at the moment: it is full, or unreachable."""


class StoredFile(NamedTuple):
    """Size and hash of a stored file, computed while it was written."""

    size: int
    sha256: str


class DocumentStorage(Protocol):
    """The interface that both storages have."""

    def write(self, key: str, file: BinaryFile) -> StoredFile: ...

    def open(self, name: str, mode: str = "rb") -> "File[bytes]": ...

    def size(self, name: str) -> int: ...

    def exists(self, name: str) -> bool: ...

    def delete(self, name: str) -> None: ...

    def list_keys(self) -> Iterator[tuple[str, datetime]]: ...

    def free_bytes(self) -> int | None: ...


def document_storage() -> DocumentStorage:
    """The storage that STORAGES names `documents`."""
    return cast(DocumentStorage, storages["documents"])


class PrivateStorage:
    """A storage whose files have no URL."""

    def free_bytes(self) -> int | None:
        """How many more bytes fit; None if unknown."""
        return None

    def url(self, name: str | None) -> str:
        raise ValueError("A document has no URL: careers.documents.serving sends it to staff.")


@deconstructible(path="careers.documents.storage.FolderStorage")
class FolderStorage(PrivateStorage, FileSystemStorage):
    """A folder that only the user who runs the site can read."""

    def __init__(self, location: str | os.PathLike[str]) -> None:
        super().__init__(location, file_permissions_mode=0o600, directory_permissions_mode=0o700)

    def write(self, key: str, file: BinaryFile) -> StoredFile:
        """Store `file` under `key`. After the return, bytes and name survive a power failure."""
        path = self.path(key)
        part = f"{path}.part"
        try:
            self._create_folder()
            stored = _write_synced(part, file)
            os.rename(part, path)
            _sync_folder(self.location)
        except OSError as error:
            _remove(part)
            raise StorageUnavailable from error
        return stored

    def free_bytes(self) -> int | None:
        try:
            self._create_folder()
            return shutil.disk_usage(self.location).free
        except OSError as error:
            raise StorageUnavailable from error

    def list_keys(self) -> Iterator[tuple[str, datetime]]:
        """Pairs of key and last modification of everything in the storage."""
        try:
            with os.scandir(self.location) as entries:
                for entry in entries:
                    if entry.is_file(follow_symlinks=False):
                        modified = entry.stat(follow_symlinks=False).st_mtime
                        yield entry.name, datetime.fromtimestamp(modified, UTC)
        except FileNotFoundError:  # nothing was uploaded yet, or a file was just deleted
            return

    def _create_folder(self) -> None:
        if not os.path.isdir(self.location):
            os.makedirs(self.location, mode=0o700, exist_ok=True)
            _sync_folder(os.path.dirname(self.location))


def _write_synced(path: str, file: BinaryFile) -> StoredFile:
    digest, size = hashlib.sha256(), 0
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        for chunk in read_from_start(file):
            out.write(chunk)
            digest.update(chunk)
            size += len(chunk)
        out.flush()
        os.fsync(out.fileno())
    return StoredFile(size, digest.hexdigest())


def _sync_folder(path: str | os.PathLike[str]) -> None:
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _remove(path: str) -> None:
    with suppress(OSError):  # it was never created, or `prune_documents` deletes it later
        os.unlink(path)
