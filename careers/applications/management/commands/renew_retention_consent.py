"""`manage.py renew_retention_consent`: asks those again who let the company keep their details for a year."""

from django.core.management import BaseCommand

from careers.applications import keeping


class Command(BaseCommand):
    help = "Ask whoever agreed to be kept for other openings again, before their year is over."

    def handle(self, **options):
        keeping.ask_again()
