"""`manage.py backup DIR`: backs up the running site into a new folder."""

from django.core.management import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat

from careers.ops.backup import BackupError, back_up


class Command(BaseCommand):
    help = (
        "Back up the database, documents and public files. Exits with status 1 if any is missing."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", help="a folder that does not exist yet")

    def handle(self, *, folder, verbosity, **options):
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
        if result.damaged:
            raise CommandError(
                "The backup is complete except for these files, which are missing or damaged in the"
                f" site itself: {', '.join(result.damaged)}."
            )
