"""`manage.py prune_quarantine`: deletes unconfirmed applications, and what the spam checks remembered."""

from django.core.management import BaseCommand

from careers.applications.spam import quarantine


class Command(BaseCommand):
    help = (
        "Delete applications that were not confirmed for 30 days, and expired spam check records."
    )

    def handle(self, **options):
        quarantine.prune()
