"""The rule that REQUIRE_SECOND_FACTOR turns on: no admin page before this session proved a second factor.

What counts is how the session signed in, not what the account could do: a session that is older than
the account's first passkey has proved nothing yet.
"""

from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpResponseRedirect
from django.urls import reverse

from .language import ADMIN

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
ENROLLED = "staff.enrolled"

SIGN_OUT = {"account_logout", "admin:logout"}
# The ways to a second factor, for an account without one …
ENROLMENT = SIGN_OUT | {
    "account_reauthenticate",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
}
# … and for an account that has one. Its password alone opens nothing.
STEP = SIGN_OUT | {"mfa_reauthenticate", "mfa_reauthenticate_webauthn"}


class MFAMiddleware:
    """Middleware: leads whoever has proved no second factor to enrolment, or to the second step."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if (
            not settings.REQUIRE_SECOND_FACTOR
            or not request.path_info.startswith(ADMIN)
            or not request.user.is_authenticated
            or proved(request)
        ):
            return None
        enrolled = has_one(request.user)
        if request.resolver_match.view_name in (STEP if enrolled else ENROLMENT):
            return None
        if not enrolled:
            return HttpResponseRedirect(reverse("mfa_index"))
        step = get_adapter().get_reauthentication_methods(request.user)[0]["url"]
        back = request.get_full_path() if request.method == "GET" else reverse("admin:index")
        return HttpResponseRedirect(f"{step}?{urlencode({'next': back})}")


def has_one(user):
    """Whether the account has an authenticator app, a passkey or a security key."""
    return is_mfa_enabled(user, FACTORS)


def proved(request):
    """Whether this session has shown a second factor: at sign-in, as a step, or by enrolling it."""
    records = get_authentication_records(request, request.user)
    return ENROLLED in request.session or any(record["method"] == "mfa" for record in records)


def enrolled(sender, request, authenticator, **kwargs):
    """Receiver: to enrol a factor is to show it."""
    if authenticator.type in FACTORS:
        request.session[ENROLLED] = True
