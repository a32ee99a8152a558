"""`manage.py prune_pending_uploads`: deletes files that were chosen for a form which nobody sent."""

from django.core.management import BaseCommand

from careers.applications import drafts


class Command(BaseCommand):
    help = "Delete files that have waited for two days for a form to be sent."

    def handle(self, **options):
        drafts.sweep()
