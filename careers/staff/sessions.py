"""Session timeouts: SESSION_IDLE_TIMEOUT since the last request, SESSION_COOKIE_AGE since sign-in."""

import time

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.utils import timezone, translation
from django.utils.translation import gettext

from careers.languages import preferred_language

from .language import ADMIN_PREFIX

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
