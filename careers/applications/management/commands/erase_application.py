"""`manage.py erase_application`: erases applications for good, with everything about the people who sent them."""

from django.core.management import BaseCommand, CommandError

from careers.applications import erasing
from careers.applications.models import Erasure


class Command(BaseCommand):
    help = (
        "Erase an application for good, or all whose senders have asked for it. Safe to run twice."
    )

    def add_arguments(self, parser):
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("reference", nargs="?", help="such as 7Q4K-M2XD")
        which.add_argument("--due", action="store_true", help="all who have asked for it")

    def handle(self, *, reference, due, verbosity, **options):
        wanted = erasing.due() if due else [reference.replace("-", "").strip().upper()]
        erased = [found for found in wanted if erasing.erase(found)]
        if not due and not erased and not Erasure.objects.filter(reference=wanted[0]).exists():
            raise CommandError(
                f"There is no application {reference}. Its letters and its page in the admin say"
                " the reference."
            )
        if verbosity:
            self.stdout.write(f"Applications erased: {len(erased)}.")
        if not erasing.overwrite():
            raise CommandError(
                "But the database is being read at this moment, so its file still holds what was"
                " erased. Run the same command again in a minute."
            )
