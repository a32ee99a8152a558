"""`manage.py send_deferred_mail`: queues the emails that the limits of the spam checks deferred."""

from django.core.management import BaseCommand

from careers.applications.spam import quarantine


class Command(BaseCommand):
    help = "Queue emails that sending limits held back, as far as the limits now allow."

    def handle(self, **options):
        quarantine.queue_deferred_emails()
