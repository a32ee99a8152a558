"""The account page, the language of the account, signing out, and the 429 page."""

from allauth.account import views as allauth
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.decorators import login_required
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from careers.logs import route
from careers.staff import authentication_log
from careers.staff.models import User


@login_required
def account(request):
    """All sign-in settings of an account on one page."""
    types = list(Authenticator.objects.filter(user=request.user).values_list("type", flat=True))
    context = {
        "title": _("My account"),
        "languages": User.Language.choices,
        "keys": types.count(Authenticator.Type.WEBAUTHN),
        "app": Authenticator.Type.TOTP in types,
        "sessions": len(UserSession.objects.purge_and_list(request.user)),
    }
    return TemplateResponse(request, "backoffice/account.html", context)


@require_POST
@login_required
def language(request):
    """Set the language of the admin for this account. Ignores an unknown one."""
    language_code = request.POST.get("language")
    if language_code in User.Language.values:
        request.user.language = language_code
        request.user.save(update_fields=["language"])
    return HttpResponseRedirect(reverse("backoffice:account"))


def sign_out(request):
    """Sign out, and make the browser delete the storage of the admin's scripts.

    Clear-Site-Data leaves out cookies, because the browser would delete all cookies of the company's
    domain. Django deletes the session cookie.
    """
    response = allauth.logout(request)
    if request.method == "POST":
        response.headers["Clear-Site-Data"] = '"storage"'
    return response


def unknown(request, key):
    """Redirect to the URL with a slash at its end, else 404.

    It may be a link for a new password that has lost its last slash: `key` is not logged. The admin
    would send it to the sign-in page, whose URL then repeats the key.
    """
    return admin.site.catch_all_view(request, key)


def too_many_requests(request):
    """The 429 page: too many attempts, such as requests for a link to a new password; how long to wait."""
    where = route(request.path, request.resolver_match)
    authentication_log.record("too_many_requests", request.user, route=where)
    return TemplateResponse(request, "429.html", {}, status=429)
