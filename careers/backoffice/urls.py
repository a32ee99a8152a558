"""The account pages below /admin/account/: our own, and some of django-allauth's.

There is no page to sign up, and none for further email addresses.
"""

from functools import wraps

from allauth.account import views as account
from allauth.account.decorators import reauthentication_required
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as keys
from allauth.usersessions import views as sessions
from csp.decorators import csp_update
from django.contrib import admin
from django.urls import include, path
from django.views.decorators.cache import never_cache

from . import views
from .site import without_trusted_types


def admin_page(view):
    """Decorator of pages in the admin: its template context, no caching, no Trusted Types."""

    @wraps(view)
    def wrapper(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        if getattr(response, "context_data", None) is not None:
            response.context_data = {**admin.site.each_context(request), **response.context_data}
        return response

    return without_trusted_types(never_cache(wrapper))


def without_referrer(view):
    """Keep the key of a reset link out of the Referer header.

    Only on the response to the link itself, which redirects to a URL without the key. A form on a page
    with no-referrer is sent without an Origin header, so it would be rejected.
    """

    @wraps(view)
    def wrapper(request, uidb36, key):
        response = view(request, uidb36=uidb36, key=key)
        if key != account.PasswordResetFromKeyView.reset_url_key:
            response.headers["Referrer-Policy"] = "no-referrer"
        return response

    return wrapper


with_qr_code = csp_update({"img-src": "data:"})  # for an authenticator app

OWN_PAGES = [
    path("", admin_page(views.account), name="account"),
    path("language/", admin_page(views.language), name="language"),
]

urlpatterns = [
    path("", include((OWN_PAGES, "backoffice"))),
    path("login/", admin_page(account.login), name="account_login"),
    path("login/passkey/", admin_page(keys.login_webauthn), name="mfa_login_webauthn"),
    path("login/second-step/", admin_page(mfa.authenticate), name="mfa_authenticate"),
    path("logout/", admin_page(views.sign_out), name="account_logout"),
    path("confirm/", admin_page(account.reauthenticate), name="account_reauthenticate"),
    path("confirm/code/", admin_page(mfa.reauthenticate), name="mfa_reauthenticate"),
    path(
        "confirm/key/", admin_page(keys.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"
    ),
    path("password/", admin_page(account.password_change), name="account_change_password"),
    path(
        "password/set/",
        admin_page(reauthentication_required(account.password_set)),
        name="account_set_password",
    ),
    path("password/reset/", admin_page(account.password_reset), name="account_reset_password"),
    path(
        "password/reset/done/",
        admin_page(account.password_reset_done),
        name="account_reset_password_done",
    ),
    path(
        "password/choose/<str:uidb36>/<str:key>/",
        admin_page(without_referrer(account.password_reset_from_key)),
        name="account_reset_password_from_key",
    ),
    path("second-factor/", admin_page(mfa.index), name="mfa_index"),
    path("app/activate/", with_qr_code(admin_page(totp.activate_totp)), name="mfa_activate_totp"),
    path("app/deactivate/", admin_page(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("codes/", admin_page(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "codes/generate/",
        admin_page(codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "codes/download/",
        admin_page(codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
    path("keys/", admin_page(keys.list_webauthn), name="mfa_list_webauthn"),
    path("keys/add/", admin_page(keys.add_webauthn), name="mfa_add_webauthn"),
    path("keys/<int:pk>/edit/", admin_page(keys.edit_webauthn), name="mfa_edit_webauthn"),
    path("keys/<int:pk>/remove/", admin_page(keys.remove_webauthn), name="mfa_remove_webauthn"),
    path("sessions/", admin_page(sessions.list_usersessions), name="usersessions_list"),
    path("<path:key>", views.unknown, name="account_unknown"),
]
