"""`manage.py prune_emails`: delete emails that were sent or failed long ago."""

from typing import Any

from django.core.management import BaseCommand

from careers.outbox.models import Email


class Command(BaseCommand):
    help = "Delete sent and failed emails EMAIL_RETENTION_DAYS after they were queued."

    def handle(self, **options: Any) -> None:
        Email.objects.prune()
