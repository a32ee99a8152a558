"""`manage.py sweep_links`: share links that are over, or whose record is gone, are deleted."""

from django.core.management import BaseCommand

from careers.bilingual import sharing


class Command(BaseCommand):
    help = "Delete the links for sharing that lead nowhere any more."

    def handle(self, **options):
        sharing.sweep()
