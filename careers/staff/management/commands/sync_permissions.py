"""`manage.py sync_permissions` gives every group the permissions in careers/staff/permissions.py."""

from django.contrib.auth.models import Group, Permission
from django.core.management import BaseCommand
from django.db import transaction

from careers.staff.permissions import GROUP_PERMISSIONS, allowed_actions


class Command(BaseCommand):
    help = "Set the permissions of all groups. Run after every migrate. Safe to repeat."

    @transaction.atomic
    def handle(self, **options):
        permissions = list(Permission.objects.select_related("content_type"))
        for name in GROUP_PERMISSIONS:
            group, _created = Group.objects.get_or_create(name=name)
            allowed = allowed_actions(name)
            group.permissions.set(
                permission
                for permission in permissions
                if (permission.content_type.app_label, permission.codename.partition("_")[0])
                in allowed
            )
