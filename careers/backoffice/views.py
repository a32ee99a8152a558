"""The page of one's own account, its language, signing out, and the answer to too many attempts."""

from allauth.account import views as allauth
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.decorators import login_required
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from careers.staff.models import User


@login_required
def account(request):
    """All sign-in settings of an account on one page."""
    kinds = list(Authenticator.objects.filter(user=request.user).values_list("type", flat=True))
    context = {
        "title": _("My account"),
        "languages": User.Language.choices,
        "keys": kinds.count(Authenticator.Type.WEBAUTHN),
        "app": Authenticator.Type.TOTP in kinds,
        "sessions": len(UserSession.objects.purge_and_list(request.user)),
    }
    return TemplateResponse(request, "backoffice/account.html", context)


@require_POST
@login_required
def language(request):
    """Set the language of the admin for this account. An unknown one changes nothing."""
    chosen = request.POST.get("language")
    if chosen in User.Language.values:
        request.user.language = chosen
        request.user.save(update_fields=["language"])
    return HttpResponseRedirect(reverse("backoffice:account"))


def sign_out(request):
    """Sign out, and have the browser delete what the admin's scripts have stored.

    Clear-Site-Data does not name cookies: the browser would delete those of the company's whole
    domain. Django deletes the session cookie.
    """
    response = allauth.logout(request)
    if request.method == "POST":
        response.headers["Clear-Site-Data"] = '"storage"'
    return response


def too_many(request):
    """429: too many attempts to sign in, and how long to wait."""
    return TemplateResponse(request, "429.html", {}, status=429)
