"""`manage.py prune_pending_uploads`: deletes uploads of forms that were never accepted."""

from django.core.management import BaseCommand

from careers.applications import pending_uploads


class Command(BaseCommand):
    help = "Delete files of forms that were not submitted within PENDING_UPLOAD_LIFETIME."

    def handle(self, **options):
        pending_uploads.prune()
