"""`manage.py prune_quarantine`: deletes unconfirmed applications and old traces of the spam checks."""

from django.core.management import BaseCommand

from careers.applications import quarantine


class Command(BaseCommand):
    help = "Delete applications not confirmed within QUARANTINE_LIFETIME, and old traces of spam checks."

    def handle(self, **options):
        quarantine.sweep()
