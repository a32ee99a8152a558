"""`manage.py send_queued_mail`: delivers the letters that are due, then ends."""

from django.core.management import BaseCommand

from careers.outbox.delivery import deliver


class Command(BaseCommand):
    help = (
        "Deliver the letters that are due, then end. Safe to run at any time, by several at once."
    )

    def handle(self, *, verbosity, **options):
        became = deliver()
        if verbosity:
            said = ", ".join(f"{count} {state.value}" for state, count in became.items())
            self.stdout.write(f"Letters: {said or 'none is due'}.")
