"""`manage.py verify_documents`: is every document in the store as it was received?"""

from django.core.management import BaseCommand, CommandError

from careers.documents.maintenance import faults
from careers.documents.models import Document
from careers.documents.storage import StoreUnavailable


class Command(BaseCommand):
    help = "Check that the store has the bytes of every document; exit status 1 if not."

    def add_arguments(self, parser):
        parser.add_argument(
            "--hashes", action="store_true", help="read every file, compare SHA-256"
        )

    def handle(self, *, hashes, verbosity, **options):
        try:
            found = list(faults(hashes=hashes))
        except StoreUnavailable:
            raise CommandError(
                "The store of documents does not answer; nothing is known."
            ) from None
        for key, fault in found:
            self.stderr.write(f"{key} {fault}")
        count = Document.objects.count()
        if found:
            raise CommandError(f"{len(found)} of {count} documents are not as they were received.")
        if verbosity:
            self.stdout.write(f"All {count} documents are as they were received.")
