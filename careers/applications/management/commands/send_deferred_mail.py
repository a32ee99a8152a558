"""`manage.py send_deferred_mail`: writes the letters that had to wait because too many were being written."""

from django.core.management import BaseCommand

from careers.applications import quarantine


class Command(BaseCommand):
    help = "Write to those who could not be written to at once: to confirm, or that it has arrived."

    def handle(self, **options):
        quarantine.write_later()
