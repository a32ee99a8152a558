"""`manage.py prune_cache`: drops what is no longer counted, such as addresses of failed sign-ins."""

from django.core.management import BaseCommand
from django.utils import timezone

from careers.staff.models import CacheEntry


class Command(BaseCommand):
    help = "Delete expired counters of sign-in attempts. Safe to repeat."

    def handle(self, **options):
        CacheEntry.objects.filter(expires__lt=timezone.now()).delete()
