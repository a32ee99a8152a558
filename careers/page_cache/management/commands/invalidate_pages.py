"""`manage.py invalidate_pages`: after a change that Django did not see, such as raw SQL."""

from django.core.management import BaseCommand

from careers.page_cache.models import Generation


class Command(BaseCommand):
    help = "Make every kept page new, after a change made behind Django's back."

    def handle(self, **options):
        Generation.bump()
        self.stdout.write(f"Generation {Generation.current()}")
