"""`manage.py forget_letters`: deletes letters that were settled long ago."""

from django.core.management import BaseCommand

from careers.outbox.models import Letter


class Command(BaseCommand):
    help = "Delete letters that arrived or failed, LETTERS_KEPT_DAYS days after they were queued."

    def handle(self, **options):
        Letter.objects.forget()
