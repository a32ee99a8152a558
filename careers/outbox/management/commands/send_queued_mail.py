"""`manage.py send_queued_mail`: send the emails that are due, or all that wait, then end."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand

from careers.outbox.delivery import send_due
from careers.outbox.models import Email


class Command(BaseCommand):
    help = "Send all emails that are due, then exit. Safe to run in parallel."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--all", action="store_true", help="also send those that wait for their next attempt"
        )

    def handle(self, *, all: bool, verbosity: int, **options: Any) -> None:
        if all:
            Email.objects.retry_now()
        counts = send_due()
        if verbosity:
            result = ", ".join(f"{count} {state.value}" for state, count in counts.items())
            self.stdout.write(f"Emails: {result or 'none due'}.")
