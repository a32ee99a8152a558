"""`manage.py report_problems`: logs what keeps the site from working, and emails it once a day."""

from django.core.management import BaseCommand

from careers.ops.problem_report import report


class Command(BaseCommand):
    help = "Log which subsystems have an error, and email the problems to ADMINS once a day."

    def handle(self, **options):
        report()
