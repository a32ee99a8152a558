"""`manage.py prune_documents`: deletes files that belong to no document."""

from django.core.management import BaseCommand

from careers.documents.maintenance import sweep


class Command(BaseCommand):
    help = "Delete files in the store that no document names, ORPHANED_FILE_GRACE after they were written."

    def handle(self, *, verbosity, **options):
        swept = sweep()
        if verbosity:
            self.stdout.write(f"Files without a document: {swept} deleted.")
