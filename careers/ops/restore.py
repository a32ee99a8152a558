"""A backup becomes a site again: proven whole before anything is touched, and proven again after.

The files first, then the database: no row ever names a file that is not there. Broken off, it can
be done again.
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

from careers.documents.maintenance import faults
from careers.documents.storage import StoreUnavailable, store

from .backup import FORMAT, MANIFEST, BackupFault, measure
from .dumps import DumpFault, database, filled_tables

NAME = re.compile(r"database\.(sqlite3|dump)|documents/[0-9a-f]{32}|media/[0-9a-f]{64}\.[a-z0-9]+")
WITHOUT_A_PERSON = {"page_cache.Generation", "staff.CacheEntry"}  # every site makes these by itself


class Restored(NamedTuple):
    """What came back; `absent` documents were not in the site when the backup was made."""

    made_at: str
    documents: int
    media: int
    absent: list


def restore(folder, *, replace=False):
    """Bring a backup back into this site, which is empty unless it is to be replaced.

    BackupFault: it did not come back, and why.
    """
    folder = Path(folder)
    try:
        manifest = _manifest(folder)
        _verify(folder, manifest)
        if not replace:
            _refuse_what_is_filled()
        documents = [_bring_document(folder, *file) for file in _below(manifest, "documents")]
        media = [_bring_media(folder, *file) for file in _below(manifest, "media")]
        database().load(folder / manifest["database"])
        call_command("migrate", interactive=False, verbosity=0)  # the source may be newer
        absent = [key for key, _fault in faults()]
    except (OSError, DumpFault) as fault:
        raise BackupFault(f"The backup is not restored. {fault}") from fault
    except StoreUnavailable as fault:
        raise BackupFault("Not restored: the store of documents does not answer.") from fault
    if unknown := {f"documents/{key}" for key in absent} - set(manifest["absent"]):
        raise BackupFault(f"Restored, but documents are missing: {', '.join(sorted(unknown))}.")
    return Restored(manifest["made_at"], len(documents), len(media), absent)


# --- Before ------------------------------------------------------------------------------------


def _manifest(folder):
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        whole = manifest["files"].keys() >= {manifest["database"]}
    except FileNotFoundError:
        raise BackupFault(
            f"{folder} has no {MANIFEST}: it is no backup, or one that was broken off."
        ) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BackupFault(f"{MANIFEST} in {folder} is damaged. Take another backup.") from None
    if not whole or manifest["format"] != FORMAT or not all(map(NAME.fullmatch, manifest["files"])):
        raise BackupFault(f"{MANIFEST} in {folder} is not one that this version has written.")
    if manifest["database"] != database().name:
        raise BackupFault(
            f"The backup holds {manifest['database']}, and this site runs on"
            f" {connection.display_name}: set DATABASE_URL to the kind of database that it is from."
        )
    known = MigrationLoader(None).disk_migrations
    if newer := set(manifest["migrations"]) - {f"{app}.{name}" for app, name in known}:
        raise BackupFault(
            "The backup was made by another version of Careers. Install that one first; this one"
            f" does not know {', '.join(sorted(newer))}."
        )
    return manifest


def _verify(folder, manifest):
    """Every byte of every file, before anything is touched."""
    for name, expected in manifest["files"].items():
        try:
            with (folder / name).open("rb") as file:
                found = measure(file)
        except FileNotFoundError:
            raise BackupFault(
                f"{name} is missing from the backup. Nothing was changed; take another backup."
            ) from None
        if found != expected:
            raise BackupFault(
                f"{name} is damaged in the backup. Nothing was changed; take another backup."
            )


def _refuse_what_is_filled():
    ours = [
        model
        for model in apps.get_models()
        if model.__module__.startswith("careers.") and model._meta.label not in WITHOUT_A_PERSON
    ]
    if filled := filled_tables(ours):
        raise BackupFault(
            f"This site is not empty: it has {', '.join(filled[:3])}. Nothing was changed. To put the"
            " backup in the place of everything that is there, add --replace."
        )


def _below(manifest, room):
    for name, expected in manifest["files"].items():
        if name.startswith(f"{room}/"):
            yield name, expected


# --- The files ---------------------------------------------------------------------------------


def _bring_document(folder, name, expected):
    key = Path(name).name
    if not _is_there(store(), key, expected):
        store().delete(f"{key}.part")  # of a restore that was broken off
        with (folder / name).open("rb") as file:
            store().keep(key, file)
        _prove(store(), key, expected)
    return key


def _bring_media(folder, name, expected):
    address = Path(name).name
    if not _is_there(default_storage, address, expected):
        default_storage.delete(address)
        with (folder / name).open("rb") as file:
            default_storage.save(address, File(file, name=address))
        _prove(default_storage, address, expected)
    return address


def _is_there(storage, name, expected):
    try:
        with storage.open(name) as file:
            return measure(file) == expected
    except FileNotFoundError:
        return False


def _prove(storage, name, expected):
    if not _is_there(storage, name, expected):
        raise BackupFault(f"Not restored: {name} reads differently from what was written.")
