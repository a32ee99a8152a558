"""A backup: a folder with the database, the documents, the public media, and a manifest of it all.

The database first, then the files: they never change once they are there, so nothing that the
database names can be missing. The manifest is written last. Until everything is on the disk the folder
has another name, so whatever has the right name is whole. `restoring` is the way back.
"""

import fcntl
import hashlib
import json
import os
import shutil
from contextlib import contextmanager, suppress
from pathlib import Path, PurePath
from typing import NamedTuple

from django.core.files.storage import default_storage
from django.utils import timezone

from careers.documents.models import Document
from careers.documents.reading import chunks
from careers.documents.storage import StorageUnavailable, document_storage

from .dumps import DumpFault, database

MANIFEST = "manifest.json"
FORMAT = 1
PARTS = {"database.sqlite3", "database.dump", "documents", "media", MANIFEST}


class BackupFault(Exception):
    """What stands in the way, in a sentence for the operator."""


class Made(NamedTuple):
    """What a backup holds; and what it cannot hold, because the site itself has not got it."""

    documents: int
    media: int
    size: int
    erased: list  # documents that were erased while the backup was being made
    faulty: list  # files that are missing or damaged


def back_up(folder):
    """Write a backup of this moment into a new folder. BackupFault: there is none."""
    folder = Path(folder).absolute()
    if folder.exists():
        raise BackupFault(f"{folder} is there already, and a backup is never overwritten.")
    part = folder.with_name(f"{folder.name}.part")
    try:
        with _alone(part):
            made = _fill(part)
            part.rename(folder)
            _sync(folder.parent)
    except (OSError, DumpFault) as fault:
        raise BackupFault(f"There is no backup. {fault}") from fault
    except StorageUnavailable as fault:
        raise BackupFault("There is no backup: the store of documents does not answer.") from fault
    return made


@contextmanager
def _alone(part):
    """The folder in which one backup is being made. What a broken-off one has left is cleared."""
    with suppress(FileExistsError):
        part.mkdir(mode=0o700)
    held = os.open(part, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupFault(f"Another backup is being made in {part}.") from None
        if {path.name for path in part.iterdir()} - PARTS:
            raise BackupFault(f"{part} holds something else. Choose another name.")
        _clear(part)
        try:
            yield
        except BaseException:
            _clear(part)
            part.rmdir()
            raise
    finally:
        os.close(held)


def _clear(part):
    for path in list(part.iterdir()):
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _fill(part):
    source, files, erased, faulty = database(), {}, [], []
    made_at = timezone.now()
    dump = part / source.name
    os.close(os.open(dump, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    holds = source.dump(dump)
    dump.chmod(0o600)
    files[source.name] = _measured(dump)
    for key, (size, sha256) in holds.documents.items():
        copied = _copied(document_storage(), key, part / "documents" / key)
        if copied == {"size": size, "sha256": sha256}:
            files[f"documents/{key}"] = copied
        elif Document.objects.filter(key=key).exists():
            faulty.append(f"documents/{key}")
        else:
            erased.append(f"documents/{key}")
    for name in _media():
        copied = _copied(default_storage, name, part / "media" / name)
        # The name says the content; of a picture that is just being uploaded, not yet.
        if copied and copied["sha256"] == PurePath(name).stem:
            files[f"media/{name}"] = copied
        else:
            faulty.append(f"media/{name}")
    manifest = {
        "format": FORMAT,
        "made_at": made_at.isoformat(),
        "database": source.name,
        "migrations": holds.migrations,
        "absent": erased + faulty,
        "files": files,
    }
    for path in part.iterdir():
        _sync(path)
    _write(part / MANIFEST, [json.dumps(manifest, indent=1).encode()])
    _sync(part)
    names = [name.partition("/")[0] for name in files]
    return Made(
        documents=names.count("documents"),
        media=names.count("media"),
        size=sum(file["size"] for file in files.values()),
        erased=erased,
        faulty=faulty,
    )


def _media():
    try:
        return sorted(default_storage.listdir("")[1])
    except FileNotFoundError:  # nobody has uploaded anything yet
        return []


def _copied(storage, name, path):
    """Copy one file out of a storage; its size and hash. None: it is not there."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    try:
        with storage.open(name) as file:
            return _write(path, chunks(file))
    except FileNotFoundError:
        return None


def _write(path, pieces):
    digest, size = hashlib.sha256(), 0
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        for piece in pieces:
            out.write(piece)
            digest.update(piece)
            size += len(piece)
        out.flush()
        os.fsync(out.fileno())
    return {"size": size, "sha256": digest.hexdigest()}


def _measured(path):
    with path.open("rb") as file:
        return measure(file)


def measure(file):
    """Size and hash of what can be read from an open file."""
    digest, size = hashlib.sha256(), 0
    for piece in chunks(file):
        digest.update(piece)
        size += len(piece)
    return {"size": size, "sha256": digest.hexdigest()}


def _sync(path):
    held = os.open(path, os.O_RDONLY)
    try:
        os.fsync(held)
    finally:
        os.close(held)
