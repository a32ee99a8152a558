"""`manage.py rotate_secrets`: encrypts second factors with the present SECRET_KEY."""

from django.core.management import BaseCommand

from careers.staff import encryption


class Command(BaseCommand):
    help = "Encrypt with SECRET_KEY what was encrypted with a key of SECRET_KEY_FALLBACKS."

    def handle(self, *, verbosity, **options):
        count = encryption.rotate()
        if verbosity:
            self.stdout.write(f"Encrypted again: {count} second factors.")
