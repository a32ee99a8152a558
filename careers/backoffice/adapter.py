"""How django-allauth works on this site: closed sign-up, reauthentication, emails, names of keys."""

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


class AccountAdapter(DefaultAccountAdapter):
    """Superusers make accounts. An account has one address: its `email`."""

    def is_open_for_signup(self, request):
        return False

    def get_password_change_redirect_url(self, request):
        return reverse("backoffice:account")

    def respond_user_inactive(self, request, user):
        """A passkey of an inactive account: back to sign-in, with the message that a password gets."""
        messages.error(request, self.error_messages["account_inactive"])
        return HttpResponseRedirect(reverse("account_login"))

    def reauthenticate(self, user, password):
        return self.authenticate(self.request, email=user.email, password=password) == user

    def is_reauthentication_required(self, **kwargs):
        """Not within ACCOUNT_REAUTHENTICATION_TIMEOUT after signing in or confirming."""
        records = get_authentication_records(self.request, self.request.user)
        latest = max((record["at"] for record in records), default=0)
        return time.time() - latest >= app_settings.REAUTHENTICATION_TIMEOUT

    def get_reauthentication_methods(self, user):
        """Without the password alone, where a second factor is required and the account has one."""
        methods = super().get_reauthentication_methods(user)
        if settings.REQUIRE_SECOND_FACTOR and mfa.has_second_factor(user):
            return [method for method in methods if method["id"] != "reauthenticate"]
        return methods

    def set_password(self, user, password):
        """Set it, and forget the failed attempts with the old one, so that nobody has to wait."""
        super().set_password(user, password)
        self._delete_login_attempts_cached_email(self.request, email=user.email)

    # --- Emails ---

    def get_reset_password_from_key_url(self, key):
        user_id, _dash, token = key.partition("-")
        return tokens.password_url(user_id, token)

    def send_password_reset_mail(self, user, email, context):
        """To the address of the account, not the one that was typed; in the language of the account."""
        emails.send("password_reset", user, link=context["password_reset_url"])

    def send_invitation(self, user):
        """Invite somebody who has never signed in to choose a password."""
        emails.send("invitation", user, link=tokens.password_link(user))


class MFAAdapter(DefaultMFAAdapter):
    """Passkeys, security keys, authenticator apps and recovery codes."""

    def generate_authenticator_name(self, user, type):
        """`Key 2`, until its owner renames it."""
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return gettext("Key {number}").format(number=number)
