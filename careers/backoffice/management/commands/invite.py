"""`manage.py invite`: makes an account and prints a one-time link for choosing its password.

For the first account of an installation, when nobody can invite in the admin and emails may not
work yet. It sends nothing.
"""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError, call_command
from django.db import transaction

from careers.datetimes.durations import duration
from careers.staff import tokens
from careers.staff.models import User
from careers.staff.permissions import GROUP_PERMISSIONS


class Command(BaseCommand):
    help = "Create an account and print its one-time link. Repeatable until the account is used."

    def add_arguments(self, parser):
        parser.add_argument("email", help="the email address used to sign in")
        parser.add_argument("--superuser", action="store_true", help="may also manage accounts")
        parser.add_argument(
            "--group",
            action="append",
            default=[],
            choices=GROUP_PERMISSIONS,
            help="can be repeated",
        )
        parser.add_argument(
            "--language", choices=User.Language.values, help="language of the admin (default: en)"
        )
        parser.add_argument(
            "--reset",
            action="store_true",
            help="first remove the password, passkeys, codes and sessions of the account",
        )

    @transaction.atomic
    def handle(self, *, email, superuser, group, language, reset, **options):
        address = User.objects.normalize_email(email)
        account = User.objects.filter(email__iexact=address).first() or _make(email)
        if reset:
            _reset(account)
        if account.last_login:
            raise CommandError(
                f"{email} has signed in before: the sign-in page can send a new link to that address."
                " If they lost their phone and recovery codes, add --reset."
            )
        account.is_superuser |= superuser
        account.language = language or account.language
        account.save()
        if group:
            call_command("sync_permissions")
            account.groups.add(*map(Group.objects.get_by_natural_key, group))
        limit = duration(settings.PASSWORD_RESET_TIMEOUT)
        self.stdout.write(
            f"Choose a password here, once, within {limit}:\n{tokens.password_link(account)}"
        )


def _make(email):
    account = User(email=User.objects.normalize_email(email))
    account.set_unusable_password()
    try:
        account.full_clean()
    except ValidationError as fault:
        raise CommandError(" ".join(fault.messages)) from None
    account.save()
    return account


def _reset(account):
    """Make the account as if it had never been used. Sessions end with the password."""
    Authenticator.objects.filter(user=account).delete()
    account.set_unusable_password()
    account.last_login = None
