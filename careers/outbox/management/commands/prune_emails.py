"""`manage.py prune_emails`: deletes letters that were settled long ago."""

from django.core.management import BaseCommand

from careers.outbox.models import Email


class Command(BaseCommand):
    help = "Delete letters that arrived or failed, LETTERS_KEPT_DAYS days after they were queued."

    def handle(self, **options):
        Email.objects.forget()
