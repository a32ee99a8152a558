"""`manage.py migrate`: Django's own, in a folder that need not exist yet."""

from django.core.management.commands import migrate

from careers.ops.folders import make_folders


class Command(migrate.Command):
    def handle(self, *args, **options):
        make_folders()
        super().handle(*args, **options)
