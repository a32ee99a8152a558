"""`manage.py prune_quarantine`: deletes applications that nobody confirmed, and traces of yesterday."""

from django.core.management import BaseCommand

from careers.applications import quarantine


class Command(BaseCommand):
    help = "Delete applications that were not confirmed for 30 days, and what checks remember for a day."

    def handle(self, **options):
        quarantine.sweep()
