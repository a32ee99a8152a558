"""Readiness: examines each subsystem of the site, and says what to do about what is not in order.

The certificate is not examined: behind the proxy the site sees neither it nor, in many networks, its own
public URL.
"""

import shutil
import time
from enum import StrEnum
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import Error, connection
from django.db.models import Max, Min
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from careers.documents.clamd import is_answering
from careers.documents.models import Document
from careers.documents.storage import StorageUnavailable, document_storage
from careers.outbox.models import Email

from . import heartbeat
from .models import LastRun

CACHE_SECONDS = 5  # for which results are reused, so that requests cannot cause load
STALE_SECONDS = 60  # for which they are reused while another thread examines the site
SCANNER_TIMEOUT = 2  # seconds; a working scanner answers a PING at once
NO_DOCUMENT = "0" * 32  # a key that no document has


class State(StrEnum):
    OK = "ok"
    WARNING = "warning"  # the site works, and will stop working as it should if nothing is done
    ERROR = "error"


class Result(NamedTuple):
    """The state of a subsystem, and unless it is OK a sentence that says what to do next."""

    name: str
    state: State
    message: str = ""


def examine():
    """A `Result` for each subsystem of this site, in the active language.

    While the database does not answer, there are none of the subsystems that need it.
    """
    results, is_database_away = {}, False
    for name, check in CHECKS.items():
        if is_database_away and name not in WITHOUT_DATABASE:
            continue  # each attempt would take seconds
        try:
            outcome = check()
        except Error:
            is_database_away = True
            name, outcome = "database", _database_error()
        if outcome:
            results[name] = Result(name, *outcome)
    return list(results.values())


def problems(results):
    """Those results that need attention; errors first."""
    return [
        result
        for state in (State.ERROR, State.WARNING)
        for result in results
        if result.state is state
    ]


def has_errors(results):
    """Whether any subsystem has an error."""
    return any(result.state is State.ERROR for result in results)


# --- Results of the last seconds ---------------------------------------------------------------

recent = {}  # {language: (time of the examination, results)}
_lock = Lock()


def recent_results():
    """The same as `examine`, from the last CACHE_SECONDS.

    One thread of a process examines at a time. Meanwhile, the others get the results of the last
    STALE_SECONDS, or wait if there are none.
    """
    language = get_language()
    if _is_recent(language, CACHE_SECONDS):
        return recent[language][1]
    if not _lock.acquire(blocking=not _is_recent(language, STALE_SECONDS)):
        return recent[language][1]
    try:
        if not _is_recent(language, CACHE_SECONDS):  # while this thread was waiting
            results = examine()
            recent[language] = time.monotonic(), results
        return recent[language][1]
    finally:
        _lock.release()


def _is_recent(language, seconds):
    return language in recent and time.monotonic() - recent[language][0] < seconds


# --- Subsystems: each check returns a state and a message, or None if the site does not have it -----


def _database():
    try:
        LastRun.objects.record(LastRun.Task.DATABASE_PROBE)
    except Error:
        return _database_error()
    return State.OK, ""


def _database_error():
    return State.ERROR, _(
        "The database cannot be written to, so no application is accepted. Check that it is running"
        " and that its disk has space."
    )


def _worker():
    last_beat = heartbeat.last_beat()
    if last_beat is None:
        return State.ERROR, _(
            "The worker has never run, so no emails are sent. Start it (with Docker: docker compose"
            " up --detach worker)."
        )
    if not heartbeat.is_recent(last_beat):
        text = _(
            "The worker has not responded since %(time)s, so no emails are sent. Read its log, then"
            " restart it (with Docker: docker compose restart worker)."
        )
        return State.ERROR, text % {"time": _moment(last_beat)}
    return State.OK, ""


def _email():
    """An error if no email leaves; a warning if only some wait, as one recipient's server may defer."""
    waiting = Email.objects.filter(state=Email.State.WAITING)
    oldest = waiting.aggregate(at=Min("queued_at"))["at"]
    if oldest is None or _is_younger(oldest, settings.EMAIL_WAITING_WARNING):
        return State.OK, ""
    if _is_mail_broken(waiting):
        text = _(
            "Emails have been waiting since %(time)s. In the admin, the list of emails says why."
            " Solve that problem, then select “Try now” in the list."
        )
        return State.ERROR, text % {"time": _moment(oldest)}
    text = _("An email has been waiting since %(time)s. In the admin, the list of emails says why.")
    return State.WARNING, text % {"time": _moment(oldest)}


def _is_mail_broken(waiting):
    old = waiting.filter(queued_at__lte=timezone.now() - settings.EMAIL_WAITING_ERROR)
    deferred = old.filter(failure=Email.Failure.LATER)
    if old.exclude(failure=Email.Failure.LATER).exists():
        return True
    last_sent = Email.objects.aggregate(at=Max("sent_at"))["at"]
    if last_sent:
        deferred = deferred.filter(queued_at__gt=last_sent)
    return deferred.values("recipient").distinct().count() > 1


def _disk():
    """The free space for the database file, uploads, documents and media."""
    try:
        free = min(_free_spaces())
    except (OSError, StorageUnavailable):
        return State.ERROR, _(
            "The folders of the site cannot be read. Check its volumes and their permissions."
        )
    space = filesizeformat(free)
    if free < settings.DISK_FREE_ERROR:
        text = _(
            "Only %(space)s of disk space is free. Applications will soon be refused. Free some"
            " space now: delete old backups and unused Docker images, or enlarge the disk."
        )
        return State.ERROR, text % {"space": space}
    if free < settings.DISK_FREE_WARNING:
        text = _(
            "%(space)s of disk space is free. Delete old backups and unused Docker images, or"
            " enlarge the disk."
        )
        return State.WARNING, text % {"space": space}
    return State.OK, ""


def _free_spaces():
    folders = [settings.FILE_UPLOAD_TEMP_DIR, Path(default_storage.location)]
    if connection.vendor == "sqlite":
        folders.append(Path(connection.settings_dict["NAME"]).parent)
    for folder in folders:
        if folder.exists():  # storages create theirs with the first file
            yield shutil.disk_usage(folder).free
    if (free := document_storage().free_bytes()) is not None:
        yield free


def _documents():
    try:
        document_storage().exists(NO_DOCUMENT)
    except StorageUnavailable:
        return State.ERROR, _(
            "The document storage does not answer, so no application with documents is accepted."
            " Check the S3 server and DOCUMENTS_URL."
        )
    return State.OK, ""


def _scanner():
    if not settings.CLAMD:
        return None
    oldest = Document.objects.scan_backlog().oldest
    if oldest and not _is_younger(oldest, settings.SCAN_WAITING_ERROR):
        text = _(
            "Documents have been waiting for the virus scanner since %(time)s. Check ClamAV, and"
            " the log of the worker."
        )
        return State.ERROR, text % {"time": _moment(oldest)}
    if not is_answering(settings.CLAMD, within=SCANNER_TIMEOUT):
        return State.WARNING, _(
            "The virus scanner does not answer. Documents are accepted and scanned later. Check"
            " ClamAV and CLAMD_URL."
        )
    return State.OK, ""


def _backup():
    if settings.DEV:
        return None
    last = LastRun.objects.last_at(LastRun.Task.BACKUP)
    if last is None:
        return State.WARNING, _(
            "There has been no backup yet. Set up a backup for every night, as described in"
            " docs/operating.md."
        )
    if _is_younger(last, settings.BACKUP_WARNING_AGE):
        return State.OK, ""
    text = _("The last backup was made on %(time)s. Check the script that makes one every night.")
    is_error = not _is_younger(last, settings.BACKUP_ERROR_AGE)
    return State.ERROR if is_error else State.WARNING, text % {"time": _moment(last)}


CHECKS = {
    "database": _database,
    "worker": _worker,
    "email": _email,
    "disk": _disk,
    "documents": _documents,
    "scanner": _scanner,
    "backup": _backup,
}
WITHOUT_DATABASE = {"disk", "documents"}


def _is_younger(moment, age):
    return timezone.now() - moment < age


def _moment(moment):
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT")
