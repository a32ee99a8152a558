"""One's own account: what it holds, the language in which the admin speaks, and the way out."""

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
    """Everything that somebody can change about signing in, on one page."""
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
    """Keep in which language the admin speaks to this account."""
    chosen = request.POST.get("language")
    if chosen in User.Language.values:
        request.user.language = chosen
        request.user.save(update_fields=["language"])
    return HttpResponseRedirect(reverse("backoffice:account"))


def sign_out(request):
    """The way out, which also takes what the admin's scripts have kept in the browser.

    Not the cookies: the browser would take those of the company's whole domain with them. The
    session's own is deleted all the same.
    """
    response = allauth.logout(request)
    if request.method == "POST":
        response.headers["Clear-Site-Data"] = '"storage"'
    return response


def too_many(request):
    """429: more attempts than are allowed; when to come back."""
    return TemplateResponse(request, "429.html", {}, status=429)
