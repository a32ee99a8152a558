"""`manage.py restore DIR`: restores this site from a backup."""

from django.core.management import BaseCommand, CommandError

from careers.ops.backup import BackupError
from careers.ops.restore import restore


class Command(BaseCommand):
    help = "Restore a backup into an empty site. Every byte is verified before and after."
    requires_system_checks = []  # there may be no tables yet

    def add_arguments(self, parser):
        parser.add_argument("folder", help="a folder created by `backup`")
        parser.add_argument(
            "--replace", action="store_true", help="delete everything in the site first"
        )

    def handle(self, *, folder, replace, verbosity, **options):
        try:
            result = restore(folder, replace=replace)
        except BackupError as error:
            raise CommandError(str(error)) from None
        if verbosity:
            self.stdout.write(
                f"Restored as of {result.created_at}: the database, {result.documents} documents and"
                f" {result.media} public files; all hashes match."
            )
            if result.absent:
                self.stdout.write(
                    f"{len(result.absent)} documents were already missing when the backup was made;"
                    " `manage.py verify_documents` lists them."
                )
