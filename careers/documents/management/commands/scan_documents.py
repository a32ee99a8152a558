"""`manage.py scan_documents`: asks the virus scanner about documents that it has not seen."""

from django.core.management import BaseCommand

from careers.documents.models import Document
from careers.documents.scanning import scan_later

BATCH = 10  # seconds; other scheduled tasks wait meanwhile, and this one runs again in a minute


class Command(BaseCommand):
    help = "Scan documents that were accepted while the virus scanner was down."

    def add_arguments(self, parser):
        parser.add_argument(
            "--all", action="store_true", help="all documents, after a scanner was added"
        )

    def handle(self, *, all, verbosity, **options):
        if all:
            done = scan_later(Document.objects.order_by("pk"))
        else:
            done = scan_later(Document.objects.unscanned(), seconds=BATCH)
        if verbosity:
            self.stdout.write(f"Documents scanned: {done}.")
