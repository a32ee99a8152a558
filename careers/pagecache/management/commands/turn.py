"""`manage.py turn`: after a change that Django did not see, such as raw SQL."""

from django.core.management import BaseCommand

from careers.pagecache.models import Generation


class Command(BaseCommand):
    help = "Make every kept page new, after a change made behind Django's back."

    def handle(self, **options):
        Generation.turn()
        self.stdout.write(f"Generation {Generation.current()}")
