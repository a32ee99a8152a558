"""`manage.py prune_documents`: delete files that belong to no document."""

from typing import Any

from django.core.management import BaseCommand

from careers.documents.maintenance import prune_orphans


class Command(BaseCommand):
    help = "Delete stored files that belong to no document, ORPHANED_FILE_GRACE after writing."

    def handle(self, *, verbosity: int, **options: Any) -> None:
        pruned = prune_orphans()
        if verbosity:
            self.stdout.write(f"Files without a document: {pruned} deleted.")
