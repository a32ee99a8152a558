"""The candidate's own page: where an application stands, and what its sender may still do with it.

Whoever has the address is its sender: it stands in their letters and nowhere else. So a form needs
no token of its own (who could forge one knows the address already), and no page sets a cookie.
An address that is only opened, by whatever program, changes nothing.
"""

from functools import wraps

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from careers.bilingual.preview import unlisted
from careers.documents.storage import StoreUnavailable
from careers.documents.uploads import LimitedUpload

from . import wishes
from .adding import AddForm, free
from .keeping import ends_soon, is_kept
from .models import Application
from .standing import standing

UNAVAILABLE = _("We cannot take files at this moment. Please try again in a few minutes.")


def of_sender(view):
    """A view of the application whose token is in the address; kept by nobody, told to nobody."""

    @csrf_exempt
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def shown(request, token):
        known = Application.objects.of_token(token).select_related("role", "policy")
        request.upload_handlers = [LimitedUpload(request)]
        try:
            response = view(request, get_object_or_404(known), token)
        except Application.DoesNotExist:  # erased meanwhile
            raise Http404 from None
        response.headers["Referrer-Policy"] = "no-referrer"
        return unlisted(response)

    return shown


@of_sender
def status(request, application, token):
    """Where it stands; a document is added here, and the consent to be kept changed."""
    if request.method != "POST":
        return _shown(request, application, AddForm(application))
    if wanted := request.POST.get("keep"):
        wishes.keep(application, wanted == "yes")
        return _back(token, "keeping")
    if not free(application):
        return _back(token, "documents")
    try:
        form = AddForm(application, request.POST, request.FILES)
        if not form.is_valid():
            return _shown(request, application, form, status=422)
        there = wishes.add(application, **form.cleaned_data)
    except StoreUnavailable:
        return _shown(request, application, AddForm(application), UNAVAILABLE, status=503)
    if there and there.paper != form.cleaned_data["paper"]:  # else the button was pressed twice
        said = gettext("This file is among your documents already, as: %(kind)s.")
        form.add_error("document", said % {"kind": there.get_paper_display()})
        return _shown(request, application, form, status=422)
    return _back(token, "documents")


@of_sender
def withdraw(request, application, token):
    """Asks once more, and withdraws."""
    if request.method == "POST":
        wishes.withdraw(application)
    elif application.is_open:
        return render(request, "applications/withdraw.html", _page(application, token))
    return _back(token)


@of_sender
def erasure(request, application, token):
    """Asks once more, and writes down that the details shall be erased."""
    if request.method == "POST":
        wishes.ask_erasure(application)
    elif not application.erasure_asked_at:
        return render(request, "applications/erasure.html", _page(application, token))
    return _back(token)


def _shown(request, application, form, unavailable="", *, status=200):
    faults = [(name, errors[0]) for name, errors in form.errors.items()]
    context = {
        **_page(application, request.resolver_match.kwargs["token"]),
        "standing": standing(application),
        "attached": application.attachments.select_related("document", "answer"),
        "form": form if form.has_kinds and free(application) else None,
        "kept": is_kept(application),
        "ends_soon": ends_soon(application),
        "unavailable": unavailable,
        "faults": faults,
    }
    return render(request, "applications/status.html", context, status=status)


def _page(application, token):
    return {"application": application, "token": token, "unlisted": True}


def _back(token, place=""):
    address = reverse("applications:status", args=[token])
    return redirect(f"{address}#{place}" if place else address)
