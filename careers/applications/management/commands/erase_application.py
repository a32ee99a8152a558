"""`manage.py erase_application`: erases applications with everything about the people who sent them."""

from django.core.management import BaseCommand, CommandError

from careers.applications import erasure
from careers.applications.models import Erasure


class Command(BaseCommand):
    help = "Permanently erase one application, or all with a deletion request. Safe to repeat."

    def add_arguments(self, parser):
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("reference", nargs="?", help="reference number, such as 7Q4K-M2XD")
        which.add_argument("--due", action="store_true", help="all with a deletion request, now")

    def handle(self, *, reference, due, verbosity, **options):
        if due:
            references = erasure.requested_references()
        else:
            references = [erasure.normalize_reference(reference)]
        erased = [reference for reference in references if erasure.erase(reference)]
        if not due and not erased and not Erasure.objects.filter(reference=references[0]).exists():
            raise CommandError(
                f"There is no application {reference}. Its emails and its page in the admin show"
                " the reference number."
            )
        if verbosity:
            self.stdout.write(f"Applications erased: {len(erased)}.")
        if not erasure.truncate_wal():
            raise CommandError(
                "The database is in use, so its file may still contain erased data."
                " Run the same command again in a minute."
            )
