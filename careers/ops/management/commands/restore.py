"""`manage.py restore DIR`: replaces this site by a backup."""

from django.core.management import BaseCommand, CommandError

from careers.ops.backup import BackupError
from careers.ops.restore import restore


class Command(BaseCommand):
    help = "Restore a backup into an empty site; every byte is compared before and after."
    requires_system_checks = []  # there may be no tables yet

    def add_arguments(self, parser):
        parser.add_argument("folder", help="the folder that `backup` has written")
        parser.add_argument(
            "--replace", action="store_true", help="the site is not empty: delete what it has"
        )

    def handle(self, *, folder, replace, verbosity, **options):
        try:
            done = restore(folder, replace=replace)
        except BackupError as error:
            raise CommandError(str(error)) from None
        if verbosity:
            self.stdout.write(
                f"Restored as of {done.made_at}: the database, {done.documents} documents and"
                f" {done.media} public files; every hash is equal."
            )
            if done.absent:
                self.stdout.write(
                    f"{len(done.absent)} documents were not in the site when the backup was made;"
                    " verify_documents names them."
                )
