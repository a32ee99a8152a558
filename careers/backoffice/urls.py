"""The pages of one's own account, below /admin/account/: ours, and those of django-allauth's that are
needed. There is no page to sign up and none for further addresses."""

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


def page(view):
    """Like every page of the admin: the same frame, never kept, without Trusted Types."""

    @wraps(view)
    def framed(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        if getattr(response, "context_data", None) is not None:
            response.context_data = {**admin.site.each_context(request), **response.context_data}
        return response

    return without_trusted_types(never_cache(framed))


def with_key(view):
    """The address of a link holds its key until the answer leads to one without: say it to nobody.

    Only there: a form whose page says no-referrer is sent without an origin, and refused.
    """

    @wraps(view)
    def silent(request, uidb36, key):
        response = view(request, uidb36=uidb36, key=key)
        if key != account.PasswordResetFromKeyView.reset_url_key:
            response.headers["Referrer-Policy"] = "no-referrer"
        return response

    return silent


with_picture = csp_update({"img-src": "data:"})  # the square code that an app reads

OURS = [
    path("", page(views.account), name="account"),
    path("language/", page(views.language), name="language"),
]

urlpatterns = [
    path("", include((OURS, "backoffice"))),
    path("login/", page(account.login), name="account_login"),
    path("login/passkey/", page(keys.login_webauthn), name="mfa_login_webauthn"),
    path("login/second-step/", page(mfa.authenticate), name="mfa_authenticate"),
    path("logout/", page(views.sign_out), name="account_logout"),
    path("confirm/", page(account.reauthenticate), name="account_reauthenticate"),
    path("confirm/code/", page(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("confirm/key/", page(keys.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    path("password/", page(account.password_change), name="account_change_password"),
    path(
        "password/set/",
        page(reauthentication_required(account.password_set)),
        name="account_set_password",
    ),
    path("password/reset/", page(account.password_reset), name="account_reset_password"),
    path(
        "password/reset/done/",
        page(account.password_reset_done),
        name="account_reset_password_done",
    ),
    path(
        "password/choose/<str:uidb36>/<str:key>/",
        page(with_key(account.password_reset_from_key)),
        name="account_reset_password_from_key",
    ),
    path("second-factor/", page(mfa.index), name="mfa_index"),
    path("app/activate/", with_picture(page(totp.activate_totp)), name="mfa_activate_totp"),
    path("app/deactivate/", page(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("codes/", page(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "codes/generate/", page(codes.generate_recovery_codes), name="mfa_generate_recovery_codes"
    ),
    path(
        "codes/download/", page(codes.download_recovery_codes), name="mfa_download_recovery_codes"
    ),
    path("keys/", page(keys.list_webauthn), name="mfa_list_webauthn"),
    path("keys/add/", page(keys.add_webauthn), name="mfa_add_webauthn"),
    path("keys/<int:pk>/edit/", page(keys.edit_webauthn), name="mfa_edit_webauthn"),
    path("keys/<int:pk>/remove/", page(keys.remove_webauthn), name="mfa_remove_webauthn"),
    path("sessions/", page(sessions.list_usersessions), name="usersessions_list"),
]
