"""`manage.py prune_share_links`: share links that are over, or whose record is gone, are deleted."""

from django.core.management import BaseCommand

from careers.bilingual import share_links


class Command(BaseCommand):
    help = "Delete the links for sharing that lead nowhere any more."

    def handle(self, **options):
        share_links.sweep()
