"""`manage.py sync_permissions` gives every group the permissions in careers/staff/permissions.py."""

from django.contrib.auth.models import Group, Permission
from django.core.management import BaseCommand
from django.db import transaction

from careers.staff.permissions import RIGHTS, codenames


class Command(BaseCommand):
    help = "Make the groups equal to the table of rights. Run after every migrate; safe to repeat."

    @transaction.atomic
    def handle(self, **options):
        everything = list(Permission.objects.select_related("content_type"))
        for name in RIGHTS:
            group, _created = Group.objects.get_or_create(name=name)
            allowed = codenames(name)
            group.permissions.set(
                permission
                for permission in everything
                if (permission.content_type.app_label, permission.codename.partition("_")[0])
                in allowed
            )
