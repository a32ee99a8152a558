"""Adapters of django-allauth: closed sign-up, reauthentication, emails, names of keys."""

import time
from typing import NamedTuple

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from careers.staff import authentication_log, encryption, mfa, sessions, tokens
from careers.staff.models import User

from . import emails

# The ids of django-allauth's methods of reauthentication
PASSWORD, CODE = "reauthenticate", "mfa_reauthenticate"
# Templates of its messages
CHANGED, SET = "account/messages/password_changed.txt", "account/messages/password_set.txt"


class NewPassword(NamedTuple):
    """A password that this request sets: whether the account had none, and its language."""

    is_first: bool
    language: str


class AccountAdapter(DefaultAccountAdapter):
    """Only superusers create accounts. An account has one email address: its `email`."""

    def is_open_for_signup(self, request):
        return False

    def get_password_change_redirect_url(self, request):
        return reverse("backoffice:account")

    def respond_user_inactive(self, request, user):
        """Sign-in with a passkey of an inactive account: redirect to sign-in with an error message."""
        messages.error(request, self.error_messages["account_inactive"])
        return HttpResponseRedirect(reverse("account_login"))

    def login(self, request, user):
        """Also replaces the key of a session that is signed in already, which Django keeps."""
        if request.user.is_authenticated:
            sessions.renew_key(request)
        super().login(request, user)

    def pre_authenticate(self, request, **credentials):
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            authentication_log.record("sign_in_blocked")
            raise

    def reauthenticate(self, user, password):
        if self.authenticate(self.request, email=user.email, password=password) != user:
            return False
        authentication_log.record("confirmed", user, method="password")
        sessions.renew_key(self.request)
        return True

    def is_reauthentication_required(self, **kwargs):
        """Whether the last sign-in or confirmation is older than ACCOUNT_REAUTHENTICATION_TIMEOUT."""
        records = get_authentication_records(self.request, self.request.user)
        latest = max((record["at"] for record in records), default=0)
        return time.time() - latest >= app_settings.REAUTHENTICATION_TIMEOUT

    def get_reauthentication_methods(self, user):
        """What the account can use, its main second factor first.

        Leaves out the password if a second factor is required and the account has one.
        """
        methods = {method["id"]: method for method in super().get_reauthentication_methods(user)}
        if len(methods) < 2:
            return list(methods.values())
        factors = mfa.factors(user)
        if settings.REQUIRE_SECOND_FACTOR and (factors.app or factors.key):
            methods.pop(PASSWORD, None)
        if not factors.code:
            methods.pop(CODE, None)
        elif not factors.app:
            code = methods.pop(CODE)  # after the key
            methods[CODE] = {**code, "description": gettext("Use a recovery code")}
        return list(methods.values())

    def clean_email(self, email):
        """The submitted address as accounts store it."""
        return User.objects.normalize_email(email)

    def set_password(self, user, password):
        """Also delete the failed attempts with the old password, so that the account is not locked."""
        self.request.new_password = NewPassword(not user.has_usable_password(), user.language)
        super().set_password(user, password)
        self._delete_login_attempts_cached_email(self.request, email=user.email)

    def add_message(self, request, level, message_template=None, *args, **kwargs):
        """The message about a new password says "set" for the first one of an account.

        It is in the language of the account, which is not signed in yet after a reset link.
        """
        new_password = getattr(request, "new_password", None)
        if message_template != CHANGED or not new_password:
            super().add_message(request, level, message_template, *args, **kwargs)
            return
        with translation.override(new_password.language):
            template = SET if new_password.is_first else CHANGED
            super().add_message(request, level, template, *args, **kwargs)

    # --- Emails ---

    def get_reset_password_from_key_url(self, key):
        user_id, _dash, token = key.partition("-")
        return tokens.password_url(user_id, token)

    def send_password_reset_mail(self, user, email, context):
        """Send it to the account's own address, not to the submitted one, in the account's language."""
        emails.send("password_reset", user, link=context["password_reset_url"])

    def send_password_reset(self, user):
        """Send a link for a new password, at the request of a superuser."""
        emails.send("password_reset", user, link=tokens.password_link(user))

    def send_invitation(self, user):
        """Send a link to choose a password to a user who has never signed in."""
        emails.send("invitation", user, link=tokens.password_link(user))


class MFAAdapter(DefaultMFAAdapter):
    """Passkeys, security keys, authenticator apps and recovery codes."""

    def encrypt(self, text):
        return encryption.encrypt(text)

    def decrypt(self, encrypted_text):
        return encryption.decrypt(encrypted_text)

    def generate_authenticator_name(self, user, type):
        """The default name of a new key: `Key 2`."""
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return gettext("Key {number}").format(number=number)
