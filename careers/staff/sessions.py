"""Ends sessions: after SESSION_IDLE_TIMEOUT without a request, and after SESSION_COOKIE_AGE in any case."""

import time

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.utils import timezone, translation
from django.utils.translation import gettext

from careers.languages import preferred_language

from .language import ADMIN

TOUCH_INTERVAL = 60  # seconds: a page that is opened again and again is not a write each time

STARTED_AT, LAST_SEEN_AT = "staff.began", "staff.seen"


class SessionTimeoutMiddleware:
    """Middleware. Public pages are left alone: they have no session."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not request.path_info.startswith(ADMIN):
            return self.get_response(request)
        if request.user.is_authenticated and _is_over(request.session):
            _end(request)
        response = self.get_response(request)
        if request.user.is_authenticated:  # since this very request, perhaps
            _note(request.session)
        return response


def _is_over(session):
    now = time.time()
    return (
        now - session.get(LAST_SEEN_AT, now) > settings.SESSION_IDLE_TIMEOUT.total_seconds()
        or now - session.get(STARTED_AT, now) > settings.SESSION_COOKIE_AGE
    )


def _end(request):
    logout(request)
    with translation.override(preferred_language(request)):  # nobody is signed in any more
        messages.info(request, gettext("Your session has ended. Please sign in again to go on."))


def _note(session):
    now = time.time()
    if now - session.get(LAST_SEEN_AT, 0) < TOUCH_INTERVAL:
        return
    session.setdefault(STARTED_AT, now)
    session[LAST_SEEN_AT] = now
    # For the person's own list of sessions.
    UserSession.objects.filter(session_key=session.session_key).update(last_seen_at=timezone.now())
