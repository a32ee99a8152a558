"""`manage.py invalidate_pages`: make cached pages stale after a change with SQL."""

from typing import Any

from django.core.management import BaseCommand

from careers.page_cache.models import Generation


class Command(BaseCommand):
    help = "Invalidate all cached pages, after a change made outside Django (SQL in psql)."

    def handle(self, **options: Any) -> None:
        Generation.bump()
        self.stdout.write(f"Generation {Generation.current()}")
