"""`manage.py verify_documents`: check that every document is stored as it was received."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError

from careers.documents.maintenance import integrity_errors
from careers.documents.models import Document
from careers.documents.storage import StorageUnavailable


class Command(BaseCommand):
    help = "Check that every document is in storage. Exits with status 1 if any is wrong."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--hashes", action="store_true", help="read every file and verify its SHA-256"
        )

    def handle(self, *, hashes: bool, verbosity: int, **options: Any) -> None:
        try:
            errors = list(integrity_errors(hashes=hashes))
        except StorageUnavailable:
            raise CommandError(
                "The document storage is unreachable; nothing was verified."
            ) from None
        for key, error in errors:
            self.stderr.write(f"{key} {error}")
        count = Document.objects.count()
        if errors:
            raise CommandError(f"{len(errors)} of {count} documents are missing or changed.")
        if verbosity:
            self.stdout.write(f"All {count} documents are in storage and unchanged.")
