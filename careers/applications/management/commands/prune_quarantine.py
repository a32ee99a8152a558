"""`manage.py prune_quarantine`: deletes unconfirmed applications, and what the spam checks remembered."""

from django.core.management import BaseCommand

from careers.applications.spam import quarantine


class Command(BaseCommand):
    help = "Delete applications not confirmed within QUARANTINE_LIFETIME, and old spam check data."

    def handle(self, **options):
        quarantine.prune()
