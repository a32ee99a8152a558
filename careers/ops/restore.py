"""Restores a backup. Compares every byte with the manifest, before anything changes and afterwards.

Files come first, then the database, so that no row names a missing file. It can be repeated after an
interruption.
"""

import json
import re
from pathlib import Path
from typing import NamedTuple

from django.apps import apps
from django.core.files import File
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from careers.documents.maintenance import integrity_errors
from careers.documents.storage import StorageUnavailable, document_storage

from .backup import FORMAT, MANIFEST, BackupError, measure
from .dumps import DumpError, database, nonempty_tables

NAME = re.compile(r"database\.(sqlite3|dump)|documents/[0-9a-f]{32}|media/[0-9a-f]{64}\.[a-z0-9]+")
# A site creates these rows by itself.
AUTOMATIC = {"page_cache.Generation", "staff.CacheEntry", "ops.LastRun"}


class RestoreSummary(NamedTuple):
    """Time of the backup and numbers of files; `absent` documents were missing when it was made."""

    created_at: str
    documents: int
    media: int
    absent: list


def restore(folder, *, replace=False):
    """Restore the backup in `folder` into this site, which must be empty unless `replace`.

    Raises BackupError with the reason if it is not restored.
    """
    folder = Path(folder)
    try:
        manifest = _manifest(folder)
        _verify(folder, manifest)
        if not replace:
            _require_empty_site()
        documents = [_restore_document(folder, *file) for file in _files(manifest, "documents")]
        media = [_restore_media(folder, *file) for file in _files(manifest, "media")]
        database().load(folder / manifest["database"])
        call_command("migrate", interactive=False, verbosity=0)  # the source may be newer
        absent = [key for key, _reason in integrity_errors()]
    except (OSError, DumpError) as error:
        raise BackupError(f"Restore failed. {error}") from error
    except StorageUnavailable as error:
        raise BackupError("Restore failed: the document storage is unreachable.") from error
    if unknown := {f"documents/{key}" for key in absent} - set(manifest["absent"]):
        raise BackupError(f"Restored, but documents are missing: {', '.join(sorted(unknown))}.")
    return RestoreSummary(manifest["created_at"], len(documents), len(media), absent)


# --- Checks ------------------------------------------------------------------------------------


def _manifest(folder):
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        is_complete = manifest["files"].keys() >= {manifest["database"]}
    except FileNotFoundError:
        raise BackupError(
            f"{folder} has no {MANIFEST}: it is not a backup, or the backup was interrupted."
        ) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BackupError(f"{MANIFEST} in {folder} is damaged. Use another backup.") from None
    if (
        not is_complete
        or manifest["format"] != FORMAT
        or not all(map(NAME.fullmatch, manifest["files"]))
    ):
        raise BackupError(f"{MANIFEST} in {folder} was not written by this version of Careers.")
    if manifest["database"] != database().name:
        raise BackupError(
            f"The backup contains {manifest['database']}, but this site runs on"
            f" {connection.display_name}. Set DATABASE_URL to the same kind of database."
        )
    known = MigrationLoader(None).disk_migrations
    if newer := set(manifest["migrations"]) - {f"{app}.{name}" for app, name in known}:
        raise BackupError(
            "The backup was made by another version of Careers. Install that version first. This"
            f" one does not know {', '.join(sorted(newer))}."
        )
    return manifest


def _verify(folder, manifest):
    """Compare every byte of every file with the manifest."""
    for name, expected in manifest["files"].items():
        try:
            with (folder / name).open("rb") as file:
                measured = measure(file)
        except FileNotFoundError:
            raise BackupError(
                f"{name} is missing from the backup. Nothing was changed. Use another backup."
            ) from None
        if measured != expected:
            raise BackupError(
                f"{name} is damaged in the backup. Nothing was changed. Use another backup."
            )


def _require_empty_site():
    models = [
        model
        for model in apps.get_models()
        if model.__module__.startswith("careers.") and model._meta.label not in AUTOMATIC
    ]
    if names := nonempty_tables(models):
        raise BackupError(
            f"This site is not empty: it has {', '.join(names[:3])}. Nothing was changed. To replace"
            " everything with the backup, add --replace."
        )


def _files(manifest, folder):
    for name, expected in manifest["files"].items():
        if name.startswith(f"{folder}/"):
            yield name, expected


# --- The files ---------------------------------------------------------------------------------


def _restore_document(folder, name, expected):
    key = Path(name).name
    if not _is_stored(document_storage(), key, expected):
        document_storage().delete(f"{key}.part")  # of an interrupted restore
        with (folder / name).open("rb") as file:
            document_storage().write(key, file)
        _require_stored(document_storage(), key, expected)
    return key


def _restore_media(folder, name, expected):
    address = Path(name).name
    if not _is_stored(default_storage, address, expected):
        default_storage.delete(address)
        with (folder / name).open("rb") as file:
            default_storage.save(address, File(file, name=address))
        _require_stored(default_storage, address, expected)
    return address


def _is_stored(storage, name, expected):
    try:
        with storage.open(name) as file:
            return measure(file) == expected
    except FileNotFoundError:
        return False


def _require_stored(storage, name, expected):
    if not _is_stored(storage, name, expected):
        raise BackupError(f"Restore failed: {name} does not match what was written.")
