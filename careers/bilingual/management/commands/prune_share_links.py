"""`manage.py prune_share_links`: delete expired share links."""

from django.core.management import BaseCommand

from careers.bilingual.models import ShareLink


class Command(BaseCommand):
    help = "Delete expired share links."

    def handle(self, **options):
        ShareLink.objects.expired().delete()
