"""`manage.py send_queued_mail`: send the emails that are due, or all that wait, then end."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand

from careers.outbox.delivery import send_due
from careers.outbox.models import Email

BATCH = 60  # seconds; the task continues a second later, so that other tasks need not wait


class Command(BaseCommand):
    help = f"Send emails that are due, for at most {BATCH} seconds. Safe to run in parallel."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--all",
            action="store_true",
            help="send all that wait, also for their next attempt, however long that takes",
        )

    def handle(self, *, all: bool, verbosity: int, **options: Any) -> None:
        if all:
            Email.objects.retry_now()
        counts = send_due(seconds=None if all else BATCH)
        if verbosity:
            result = ", ".join(f"{count} {state.value}" for state, count in counts.items())
            self.stdout.write(f"Emails: {result or 'none due'}.")
