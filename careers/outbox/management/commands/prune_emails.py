"""`manage.py prune_emails`: deletes emails that were sent, or failed, long ago."""

from django.core.management import BaseCommand

from careers.outbox.models import Email


class Command(BaseCommand):
    help = (
        "Delete emails that were sent or failed, EMAIL_RETENTION_DAYS days after they were queued."
    )

    def handle(self, **options):
        Email.objects.forget()
