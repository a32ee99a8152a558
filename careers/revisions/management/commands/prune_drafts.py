"""`manage.py prune_drafts`: delete drafts that were not continued within DRAFT_LIFETIME."""

from typing import Any

from django.core.management import BaseCommand

from careers.revisions.models import Draft


class Command(BaseCommand):
    help = "Delete drafts of forms that were not continued in time."

    def handle(self, **options: Any) -> None:
        Draft.objects.expired().delete()
