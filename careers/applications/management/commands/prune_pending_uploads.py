"""`manage.py prune_pending_uploads`: deletes files of forms that were never completed."""

from django.core.management import BaseCommand

from careers.applications import drafts


class Command(BaseCommand):
    help = "Delete files of forms that were not completed within PENDING_UPLOAD_LIFETIME."

    def handle(self, **options):
        drafts.sweep()
