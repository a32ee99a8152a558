"""`manage.py renew_retention_consent`: asks candidates to renew a consent that ends soon."""

from django.core.management import BaseCommand

from careers.applications import retention


class Command(BaseCommand):
    help = "Email candidates, once, RETENTION_RENEWAL_NOTICE before their consent to be kept ends."

    def handle(self, **options):
        retention.request_renewals()
