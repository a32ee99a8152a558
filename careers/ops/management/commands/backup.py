"""`manage.py backup DIR`: the whole site in one new folder, while it runs."""

from django.core.management import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat

from careers.ops.backup import BackupFault, back_up


class Command(BaseCommand):
    help = "Write database, documents and media into a new folder; exit status 1 if not all of it."

    def add_arguments(self, parser):
        parser.add_argument("folder", help="a folder that is not there yet")

    def handle(self, *, folder, verbosity, **options):
        try:
            made = back_up(folder)
        except BackupFault as fault:
            raise CommandError(str(fault)) from None
        if verbosity:
            size = filesizeformat(made.size).replace("\xa0", " ")
            self.stdout.write(
                f"{folder}: the database, {made.documents} documents and {made.media} public files,"
                f" {size}. Keep SECRET_KEY apart from it."
            )
            if made.erased:
                self.stdout.write(f"Erased meanwhile, and not in it: {len(made.erased)} documents.")
        if made.faulty:
            raise CommandError(
                "The backup holds everything but these files, which are missing or damaged in the"
                f" site itself: {', '.join(made.faulty)}."
            )
