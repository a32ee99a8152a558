"""`manage.py send_queued_mail`: send the emails that are due, then end."""

from typing import Any

from django.core.management import BaseCommand

from careers.outbox.delivery import send_due


class Command(BaseCommand):
    help = "Send all emails that are due, then exit. Safe to run in parallel."

    def handle(self, *, verbosity: int, **options: Any) -> None:
        counts = send_due()
        if verbosity:
            result = ", ".join(f"{count} {state.value}" for state, count in counts.items())
            self.stdout.write(f"Emails: {result or 'none due'}.")
