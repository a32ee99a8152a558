"""Sessions of the admin: their timeouts, their keys, and their end with the account.

SESSION_IDLE_TIMEOUT counts from the last request, SESSION_COOKIE_AGE from sign-in.
"""

import time

from allauth.mfa.signals import authenticator_used
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.db.models.signals import post_save
from django.utils import timezone, translation
from django.utils.translation import gettext

from careers.languages import preferred_language

from .language import ADMIN_PREFIX
from .models import User

TOUCH_INTERVAL = (
    60  # seconds between two writes of LAST_SEEN_AT, so that most requests write nothing
)

STARTED_AT, LAST_SEEN_AT = "staff.started_at", "staff.last_seen_at"


class SessionTimeoutMiddleware:
    """Ends admin sessions that are too old. Public pages have no session and are not touched."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not request.path_info.startswith(ADMIN_PREFIX):
            return self.get_response(request)
        if request.user.is_authenticated and _is_expired(request.session):
            _end(request)
        response = self.get_response(request)
        if request.user.is_authenticated:  # perhaps only since this request
            _touch(request.session)
        return response


def _is_expired(session):
    now = time.time()
    return (
        now - session.get(LAST_SEEN_AT, now) > settings.SESSION_IDLE_TIMEOUT.total_seconds()
        or now - session.get(STARTED_AT, now) > settings.SESSION_COOKIE_AGE
    )


def _end(request):
    logout(request)
    with translation.override(preferred_language(request)):  # the account's language is gone
        messages.info(request, gettext("Your session has ended. Please sign in again to go on."))


def _touch(session):
    now = time.time()
    if now - session.get(LAST_SEEN_AT, 0) < TOUCH_INTERVAL:
        return
    session.setdefault(STARTED_AT, now)
    session[LAST_SEEN_AT] = now
    # Shown in the user's list of sessions.
    UserSession.objects.filter(session_key=session.session_key).update(last_seen_at=timezone.now())


def connect():
    """Connect the receivers of signals."""
    post_save.connect(_end_with_account, User)
    authenticator_used.connect(_renew_after_confirmation)


def renew_key(request):
    """Give the session a new key after a confirmation of who the user is (ASVS 5.0, 7.2.4).

    A stolen key ends with it. The session keeps its row in the user's list of sessions.
    """
    old_key = request.session.session_key
    request.session.cycle_key()
    rows = UserSession.objects.filter(session_key=old_key)
    rows.update(session_key=request.session.session_key)


def _end_with_account(sender, instance, **kwargs):
    """Delete the sessions of an account that is not active, so that they stay ended if it becomes so again."""
    if not instance.is_active:
        for session in UserSession.objects.filter(user=instance):
            session.end()


def _renew_after_confirmation(sender, request, reauthenticated=False, **kwargs):
    if reauthenticated:
        renew_key(request)
