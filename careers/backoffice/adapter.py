"""What django-allauth asks of this site: whose password, which address, in what language."""

import time

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext

from careers.staff import mfa, tokens

from . import emails


class Accounts(DefaultAccountAdapter):
    """Accounts are made by superusers, and have one address: the e-mail of the account."""

    def is_open_for_signup(self, request):
        return False

    def get_password_change_redirect_url(self, request):
        return reverse("backoffice:account")

    def respond_user_inactive(self, request, user):
        """A passkey of somebody who has left: the same page as for anybody else."""
        messages.error(request, self.error_messages["account_inactive"])
        return HttpResponseRedirect(reverse("account_login"))

    def reauthenticate(self, user, password):
        return self.authenticate(self.request, email=user.email, password=password) == user

    def is_reauthentication_required(self, **kwargs):
        """Who has signed in within the last five minutes is not asked at once again."""
        records = get_authentication_records(self.request, self.request.user)
        latest = max((record["at"] for record in records), default=0)
        return time.time() - latest >= app_settings.REAUTHENTICATION_TIMEOUT

    def get_reauthentication_methods(self, user):
        """Where a second factor is required, the password alone does not confirm who it is."""
        methods = super().get_reauthentication_methods(user)
        if settings.REQUIRE_SECOND_FACTOR and mfa.has_one(user):
            return [method for method in methods if method["id"] != "reauthenticate"]
        return methods

    def set_password(self, user, password):
        """A new password also ends the wait after failed attempts with the old one."""
        super().set_password(user, password)
        self._delete_login_attempts_cached_email(self.request, email=user.email)

    # --- Letters ---

    def get_reset_password_from_key_url(self, key):
        user_id, _dash, token = key.partition("-")
        return tokens.address(user_id, token)

    def send_password_reset_mail(self, user, email, context):
        """To the account's own address, in its own language, whatever was typed."""
        emails.send("password_reset", user, link=context["password_reset_url"])

    def send_invitation(self, user):
        """Invite somebody who has never signed in to choose a password."""
        emails.send("invitation", user, link=tokens.link(user))


class SecondFactors(DefaultMFAAdapter):
    """Passkeys, security keys, apps and recovery codes."""

    def generate_authenticator_name(self, user, type):
        """What a new key is called until the person calls it something else."""
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return gettext("Key {number}").format(number=number)
