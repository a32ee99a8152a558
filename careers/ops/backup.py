"""Creates a backup: a folder with the database, the documents, the public media, and a manifest.

The database is copied first, then the files: files never change, so every file that the copy names can
still be copied. The manifest is written last. The folder is called `<name>.part` until everything is
synced to disk. careers/ops/restore.py reads it.
"""

import fcntl
import hashlib
import json
import os
import shutil
from contextlib import contextmanager, suppress
from pathlib import Path, PurePath
from typing import NamedTuple

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import DatabaseError
from django.db.models import FileField
from django.utils import timezone

from careers.documents.models import Document
from careers.documents.reading import chunks, digest
from careers.documents.storage import StorageUnavailable, document_storage

from .dumps import DumpError, database
from .models import LastRun

MANIFEST = "manifest.json"
FORMAT = 1
PARTS = {"database.sqlite3", "database.dump", "documents", "media", MANIFEST}


class BackupError(Exception):
    """A backup or restore failed; the message is a sentence for the operator."""


class BackupSummary(NamedTuple):
    """Numbers of copied files, their bytes, and the files that could not be copied."""

    documents: int
    media: int
    size: int
    erased_documents: list  # documents that were erased while the backup was being made
    lost: list  # files that are missing, damaged or unreadable in the site itself


def back_up(folder):
    """Write a backup into a new folder; returns a `BackupSummary`. Raises BackupError if it fails."""
    folder = Path(folder).absolute()
    if folder.exists():
        raise BackupError(f"{folder} already exists. Backups are never overwritten.")
    part = folder.with_name(f"{folder.name}.part")
    try:
        with _exclusive(part):
            backup = _write_backup(part)
            part.rename(folder)
            _sync(folder.parent)
        with suppress(DatabaseError):  # the backup is complete without it
            LastRun.objects.record(LastRun.Task.BACKUP)
    except (OSError, DumpError) as error:
        raise BackupError(f"Backup failed. {error}") from error
    except StorageUnavailable as error:
        raise BackupError("Backup failed: the document storage is unreachable.") from error
    return backup


@contextmanager
def _exclusive(part):
    """The locked, empty folder of one backup. Files of an interrupted one are deleted."""
    with suppress(FileExistsError):
        part.mkdir(mode=0o700)
    descriptor = os.open(part, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupError(f"Another backup is running in {part}.") from None
        if {path.name for path in part.iterdir()} - PARTS:
            raise BackupError(f"{part} contains other files. Choose another name.")
        _clear(part)
        try:
            yield
        except BaseException:
            _clear(part)
            part.rmdir()
            raise
    finally:
        os.close(descriptor)


def _clear(part):
    for path in list(part.iterdir()):
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _write_backup(part):
    source, files, erased_documents, lost = database(), {}, [], []
    created_at = timezone.now()
    dump = part / source.name
    os.close(os.open(dump, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    contents = source.dump(dump)
    dump.chmod(0o600)
    files[source.name] = _measure_path(dump)
    for key, sha256 in contents.documents.items():
        if copied := _copy(document_storage(), key, part / "documents" / key, sha256):
            files[f"documents/{key}"] = copied
        elif Document.objects.filter(key=key).exists():
            lost.append(f"documents/{key}")
        else:
            erased_documents.append(f"documents/{key}")
    for name in _media_names():
        # The name is the hash of the content, unless the file is being uploaded at this moment.
        sha256 = PurePath(name).stem
        if copied := _copy(default_storage, name, part / "media" / name, sha256):
            files[f"media/{name}"] = copied
        else:
            lost.append(f"media/{name}")
    manifest = {
        "format": FORMAT,
        "created_at": created_at.isoformat(),
        "database": source.name,
        "migrations": contents.migrations,
        "absent": erased_documents + lost,
        "files": files,
    }
    for path in part.iterdir():
        _sync(path)
    _write(part / MANIFEST, [json.dumps(manifest, indent=1).encode()])
    _sync(part)
    names = [name.partition("/")[0] for name in files]
    return BackupSummary(
        documents=names.count("documents"),
        media=names.count("media"),
        size=sum(file["size"] for file in files.values()),
        erased_documents=erased_documents,
        lost=lost,
    )


def _media_names():
    """The names of all public files: of those in the storage, and of those that a row names."""
    try:
        names = set(default_storage.listdir("")[1])
    except FileNotFoundError:  # nothing has been uploaded yet
        names = set()
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, FileField):
                names.update(model._base_manager.values_list(field.name, flat=True))
    return sorted(names - {"", None})


def _copy(storage, name, path, sha256):
    """Copy one file from a storage. Returns its size and hash.

    Returns None, and leaves no copy, if the file is missing, cannot be read or has another hash.
    """
    path.parent.mkdir(mode=0o700, exist_ok=True)
    try:
        copied = _write(path, _read(storage, name))
    except _ReadError:
        copied = None
    if copied and copied["sha256"] == sha256:
        return copied
    path.unlink()
    return None


class _ReadError(Exception):
    """A file of the site cannot be read. OSError remains for failures to write the backup."""


def _read(storage, name):
    try:
        with storage.open(name) as file:
            yield from chunks(file)
    except OSError as error:
        raise _ReadError from error


def _write(path, pieces):
    sha256, size = hashlib.sha256(), 0
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        for piece in pieces:
            out.write(piece)
            sha256.update(piece)
            size += len(piece)
        out.flush()
        os.fsync(out.fileno())
    return {"size": size, "sha256": sha256.hexdigest()}


def _measure_path(path):
    with path.open("rb") as file:
        return measure(file)


def measure(file):
    """The size and hash of an open file, read from its current position: {"size": …, "sha256": …}."""
    size, sha256 = digest(chunks(file))
    return {"size": size, "sha256": sha256}


def _sync(path):
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
