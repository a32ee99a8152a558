"""The authentication log: one line for each sign-in, failure, refusal and change of an account.

ASVS 5.0, 16.3.1 and 16.3.2. A line names accounts by their id and says nothing else about a person. The
logger is `careers.authentication`; docs/operating.md lists the events.
"""

import logging

from allauth.account import signals as account_signals
from allauth.account.authentication import get_authentication_records
from allauth.mfa import signals as mfa_signals
from django.contrib.auth import signals as auth_signals

from .models import User

log = logging.getLogger("careers.authentication")


def record(event, account=None, **details):
    """Log an event about an account (a User, or its id). `details` must not be personal data."""
    log.info({"event": event, "account": getattr(account, "pk", account), **details})


def connect():
    """Connect the receivers of the signals of Django and django-allauth."""
    receivers = (
        (account_signals.user_logged_in, _signed_in),
        (auth_signals.user_login_failed, _sign_in_failed),
        (auth_signals.user_logged_out, _signed_out),
        (account_signals.password_changed, _password_changed),
        (account_signals.password_set, _password_changed),
        (account_signals.password_reset, _password_changed),
        (mfa_signals.authentication_failed, _second_step_failed),
        (mfa_signals.authenticator_used, _factor_used),
        (mfa_signals.authenticator_added, _factor_added),
        (mfa_signals.authenticator_reset, _factor_added),
        (mfa_signals.authenticator_removed, _factor_removed),
    )
    for signal, receiver in receivers:
        signal.connect(receiver)


def _signed_in(sender, request, user, **kwargs):
    """With the methods in their order, such as ["password", "totp"]."""
    records = get_authentication_records(request, user)
    record("signed_in", user, methods=[each.get("type") or each["method"] for each in records])


def _sign_in_failed(sender, credentials, request=None, **kwargs):
    """A wrong password, at sign-in or when a signed-in user confirms it. Unknown addresses have no id."""
    if request is not None and request.user.is_authenticated:
        record("confirmation_failed", request.user, method="password")
        return
    email = User.objects.normalize_email(credentials.get("email") or "")
    account = User.objects.filter(email__iexact=email).values_list("pk", flat=True).first()
    record("sign_in_failed", account)


def _signed_out(sender, user, **kwargs):
    if user:
        record("signed_out", user)


def _password_changed(sender, user, **kwargs):
    record("password_changed", user)


def _second_step_failed(sender, user, authenticator, **kwargs):
    record("second_step_failed", user, method=authenticator.type)


def _factor_used(sender, user, authenticator, reauthenticated=False, **kwargs):
    """A confirmation of a signed-in user; at sign-in, `signed_in` names the method."""
    if reauthenticated:
        record("confirmed", user, method=authenticator.type)


def _factor_added(sender, user, authenticator, **kwargs):
    record("factor_added", user, method=authenticator.type)


def _factor_removed(sender, user, authenticator, **kwargs):
    record("factor_removed", user, method=authenticator.type)
