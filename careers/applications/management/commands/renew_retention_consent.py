"""`manage.py renew_retention_consent`: asks candidates to renew a consent that ends soon."""

from django.core.management import BaseCommand

from careers.applications import retention


class Command(BaseCommand):
    help = "Ask candidates to renew their consent, RETENTION_RENEWAL_NOTICE before it ends."

    def handle(self, **options):
        retention.request_renewals()
