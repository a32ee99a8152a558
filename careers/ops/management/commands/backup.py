"""`manage.py backup DIR`: backs up the running site into a new folder."""

import signal
import sys

from django.core.management import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat

from careers.ops.backup import BackupError, back_up

INCOMPLETE = 3  # exit status; Python and Django use 1 and 2
MAX_NAMES = 20  # in the message: the volume of all documents may be lost


class Command(BaseCommand):
    help = (
        "Back up the database, documents and public files. Exits with status 0 if the backup has all"
        f" of them, with {INCOMPLETE} if the site itself has lost files and the backup has the rest,"
        " and with 1 if there is no backup."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", help="a folder that does not exist yet")

    def handle(self, *, folder, verbosity, **options):
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, _stop)
        try:
            result = back_up(folder)
        except BackupError as error:
            raise CommandError(str(error)) from None
        if verbosity:
            size = filesizeformat(result.size).replace("\xa0", " ")
            self.stdout.write(
                f"{folder}: the database, {result.documents} documents and {result.media} public files,"
                f" {size}. Store SECRET_KEY in a separate place."
            )
            if result.erased_documents:
                self.stdout.write(
                    f"Not in the backup, because they were erased meanwhile: {len(result.erased_documents)} documents."
                )
        if result.lost:
            raise CommandError(_describe(result.lost), returncode=INCOMPLETE)


def _stop(number, _frame):
    """End with an exception, so that the unfinished backup is deleted."""
    sys.exit(128 + number)


def _describe(lost):
    names = ", ".join(lost[:MAX_NAMES])
    more = f" and {len(lost) - MAX_NAMES} more" if len(lost) > MAX_NAMES else ""
    return (
        f"The backup has everything except {len(lost)} files, which are missing, damaged or unreadable"
        f" in the site itself: {names}{more}. Copy them back from an earlier backup"
        " (docs/operating.md, Backups)."
    )
