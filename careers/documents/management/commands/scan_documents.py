"""`manage.py scan_documents`: scan documents that were accepted without a virus scan."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand

from careers.documents.models import Document
from careers.documents.scanning import scan_later

BATCH = 10  # seconds; the task continues a minute later, so that other tasks need not wait


class Command(BaseCommand):
    help = "Scan documents that were accepted while the virus scanner was unreachable."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--all", action="store_true", help="scan all documents, after adding a virus scanner"
        )

    def handle(self, *, all: bool, verbosity: int, **options: Any) -> None:
        if all:
            done = scan_later(Document.objects.order_by("pk"))
        else:
            done = scan_later(Document.objects.unscanned(), seconds=BATCH)
        if verbosity:
            self.stdout.write(f"Documents scanned: {done}.")
