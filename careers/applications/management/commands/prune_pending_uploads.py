"""`manage.py prune_pending_uploads`: deletes uploads of forms that were never accepted."""

from django.core.management import BaseCommand

from careers.applications import pending_uploads


class Command(BaseCommand):
    help = "Delete uploads of forms not accepted within PENDING_UPLOAD_LIFETIME, and orphaned documents."

    def handle(self, **options):
        pending_uploads.prune()
