"""`manage.py scan_documents`: scan documents that were accepted without a virus scan."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand

from careers.documents.models import Document
from careers.documents.scanning import scan_later


class Command(BaseCommand):
    help = "Scan documents that were accepted without a result of the virus scanner."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--all", action="store_true", help="scan all documents, after adding a virus scanner"
        )

    def handle(self, *, all: bool, verbosity: int, **options: Any) -> None:
        if all:
            done = scan_later(Document.objects.order_by("pk"))
        else:
            # In random order: a document on which the scanner hangs does not hold up all others.
            backlog = Document.objects.unscanned().order_by("?")
            done = scan_later(backlog, seconds=settings.VIRUS_SCAN_BATCH_TIME)
        if verbosity:
            self.stdout.write(f"Documents scanned: {done}.")
