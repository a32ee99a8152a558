"""`manage.py renew_retention_consent`: asks candidates to renew a consent that ends soon."""

from django.core.management import BaseCommand

from careers.applications import retention


class Command(BaseCommand):
    help = "Email each candidate, once, whose consent to be kept for other openings ends soon."

    def handle(self, **options):
        retention.request_renewals()
