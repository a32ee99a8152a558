"""`manage.py ask_to_confirm`: writes the letters that had to wait because too many were being written."""

from django.core.management import BaseCommand

from careers.applications import quarantine


class Command(BaseCommand):
    help = (
        "Write to those who are to confirm their application and could not be written to at once."
    )

    def handle(self, **options):
        quarantine.ask_later()
