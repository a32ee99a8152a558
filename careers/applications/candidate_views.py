"""The candidate's page: the status of an application, and what the candidate can still do with it.

The secret URL, which is in the candidate's emails only, authorizes everything. Its forms need no CSRF
token, because forging a request requires the URL, and no page sets a cookie. GET never changes
anything, because mail scanners open links.
"""

from datetime import timedelta
from functools import wraps

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from careers.bilingual.preview import make_private
from careers.company.context import get_company
from careers.datetimes.durations import duration
from careers.documents.storage import StorageUnavailable
from careers.documents.uploads import read_form

from . import workflow
from .erasure import request_erasure
from .error_list import field_errors
from .forms import AddDocumentForm
from .models import Application
from .retention import consent_ends_soon, has_consent, set_consent
from .status import status_text

UNAVAILABLE = _("We cannot take files at this moment. Please try again in a few minutes.")


def candidate_view(view):
    """Call `view(request, application, token)` for the status token in the URL.

    The response is never stored, indexed, or named in a Referer header.
    """

    @csrf_exempt
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def with_application(request, token):
        rows = Application.objects.with_status_token(token)
        rows = rows.select_related("role", "policy").prefetch_related("status_updates")
        application = get_object_or_404(rows)
        read_form(request)
        try:
            response = view(request, application, token)
        except Application.DoesNotExist:  # erased during the request
            raise Http404 from None
        response.headers["Referrer-Policy"] = "no-referrer"
        return make_private(response)

    return with_application


@candidate_view
def status(request, application, token):
    """The status page. Its forms add a document, or change the consent to keep data for other roles."""
    if request.method != "POST":
        return _render_status(request, application, AddDocumentForm(application))
    if consent := request.POST.get("keep"):
        set_consent(application, consent == "yes")
        return _redirect_to_status(token, "retention-consent")
    if not workflow.documents_left(application):
        return _redirect_to_status(token, "documents")
    try:
        form = AddDocumentForm(application, request.POST, request.FILES)
        if not form.is_valid():
            return _render_status(request, application, form, status_code=422)
        duplicate = workflow.add_document(application, **form.cleaned_data)
    except StorageUnavailable:
        form = AddDocumentForm(application)
        return _render_status(request, application, form, UNAVAILABLE, status_code=503)
    # A duplicate of the same kind is the same form sent twice.
    if duplicate and duplicate.kind != form.cleaned_data["kind"]:
        error = gettext("This file is among your documents already, as: %(kind)s.")
        form.add_error("document", error % {"kind": duplicate.get_kind_display()})
        return _render_status(request, application, form, status_code=422)
    return _redirect_to_status(token, "documents")


@candidate_view
def withdraw(request, application, token):
    """Asks once more, and withdraws the application."""
    if request.method == "POST":
        workflow.withdraw(application)
    elif application.is_open:
        context = _context(application, token)
        return render(request, "applications/withdraw.html", context)
    return _redirect_to_status(token)


@candidate_view
def erasure(request, application, token):
    """Asks once more, and records the request to erase the application."""
    if request.method == "POST":
        request_erasure(application)
    elif not application.erasure_requested_at:
        grace = duration(timedelta(days=get_company(request).erasure_grace_days))
        context = {**_context(application, token), "grace": grace}
        return render(request, "applications/erasure.html", context)
    return _redirect_to_status(token)


def _render_status(request, application, form, unavailable="", *, status_code=200):
    can_add = form.has_kinds and workflow.documents_left(application)
    context = {
        **_context(application, request.resolver_match.kwargs["token"]),
        "status": status_text(application),
        "attachments": application.attachments.select_related("document", "answer"),
        "form": form if can_add else None,
        "has_consent": has_consent(application),
        "consent_ends_soon": consent_ends_soon(application),
        "unavailable": unavailable,
        "errors": field_errors(form),
    }
    return render(request, "applications/status.html", context, status=status_code)


def _context(application, token):
    return {"application": application, "token": token, "unlisted": True}


def _redirect_to_status(token, fragment=""):
    address = reverse("applications:status", args=[token])
    return redirect(f"{address}#{fragment}" if fragment else address)
