"""`manage.py backup DIR`: the whole site in one new folder, while it runs."""

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
            done = back_up(folder)
        except BackupError as error:
            raise CommandError(str(error)) from None
        if verbosity:
            size = filesizeformat(done.size).replace("\xa0", " ")
            self.stdout.write(
                f"{folder}: the database, {done.documents} documents and {done.media} public files,"
                f" {size}. Store SECRET_KEY in a separate place."
            )
            if done.erased:
                self.stdout.write(
                    f"Not in the backup, because they were erased meanwhile: {len(done.erased)} documents."
                )
        if done.faulty:
            raise CommandError(
                "The backup is complete except for these files, which are missing or damaged in the"
                f" site itself: {', '.join(done.faulty)}."
            )
