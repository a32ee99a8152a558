"""`manage.py renew_retention_consent`: asks candidates whose consent to be kept ends soon."""

from django.core.management import BaseCommand

from careers.applications import keeping


class Command(BaseCommand):
    help = "Ask candidates once, RETENTION_RENEWAL_NOTICE before their consent to be kept ends."

    def handle(self, **options):
        keeping.ask_again()
