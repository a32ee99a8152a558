"""REQUIRE_SECOND_FACTOR: a session opens admin pages only after it has verified a second factor.

The rule applies to the session, not to the account: a session that is older than the account's first
passkey has not verified it.
"""

from typing import NamedTuple
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpResponseRedirect
from django.urls import reverse

from .language import ADMIN_PREFIX

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
ENROLLED_KEY = "staff.enrolled"

SIGN_OUT_VIEWS = {"account_logout", "admin:logout"}
# URL names open to a session without a second factor: if the account has none, to enroll one …
ENROLLMENT_VIEWS = SIGN_OUT_VIEWS | {
    "account_reauthenticate",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
}
# … and if it has one, to verify it. The password alone must not allow a new enrollment.
VERIFICATION_VIEWS = SIGN_OUT_VIEWS | {"mfa_reauthenticate", "mfa_reauthenticate_webauthn"}


class MFAMiddleware:
    """Redirects sessions without a verified second factor to enrollment or to verification."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if (
            not settings.REQUIRE_SECOND_FACTOR
            or not request.path_info.startswith(ADMIN_PREFIX)
            or not request.user.is_authenticated
            or has_verified(request)
        ):
            return None
        enrolled = has_second_factor(request.user)
        views = VERIFICATION_VIEWS if enrolled else ENROLLMENT_VIEWS
        if request.resolver_match.view_name in views:
            return None
        if not enrolled:
            return HttpResponseRedirect(reverse("mfa_index"))
        url = get_adapter().get_reauthentication_methods(request.user)[0]["url"]
        next_url = request.get_full_path() if request.method == "GET" else reverse("admin:index")
        return HttpResponseRedirect(f"{url}?{urlencode({'next': next_url})}")


class Factors(NamedTuple):
    """The factors that an account can use in the second step. Recovery codes count only if unused."""

    app: bool
    key: bool
    recovery_codes: bool

    @property
    def code(self):
        """Whether it can enter a code."""
        return self.app or self.recovery_codes


def factors(user):
    """The `Factors` of an account. One query."""
    by_type = {each.type: each for each in Authenticator.objects.filter(user=user)}
    codes = by_type.get(Authenticator.Type.RECOVERY_CODES)
    return Factors(
        Authenticator.Type.TOTP in by_type,
        Authenticator.Type.WEBAUTHN in by_type,
        bool(codes and codes.wrap().get_unused_codes()),
    )


def has_second_factor(user):
    """Whether the account has an authenticator app, a passkey or a security key."""
    return is_mfa_enabled(user, FACTORS)


def has_verified(request):
    """Whether this session verified a second factor: at sign-in, afterwards, or by enrolling one."""
    records = get_authentication_records(request, request.user)
    return ENROLLED_KEY in request.session or any(record["method"] == "mfa" for record in records)


def record_enrollment(sender, request, authenticator, **kwargs):
    """Signal receiver: enrolling a second factor verifies it for this session.

    The code that enrolled an authenticator app is used up, so that it does not sign in as well.
    """
    if authenticator.type in FACTORS:
        request.session[ENROLLED_KEY] = True
    if authenticator.type == Authenticator.Type.TOTP:
        authenticator.wrap().validate_code(request.POST.get("code", ""))
