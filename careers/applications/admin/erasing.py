"""Erasing an application in the admin: the page lists what is deleted and asks for the reference number."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext

from careers.applications.erasure import cancel_request, erase, normalize_reference
from careers.applications.models import can_erase
from careers.outbox.models import Email


def erase_application(model_admin, request, application):
    """The page that erases an application: GET asks for its reference number, POST checks it and erases.

    The candidate need not have requested it.
    """
    if not can_erase(request.user):
        raise PermissionDenied
    text, error = request.POST.get("reference", ""), ""
    if request.method == "POST":
        if normalize_reference(text) == application.reference:
            erase(application.reference)
            message = gettext("All data of application %(reference)s is deleted.")
            message %= {"reference": application.display_reference}
            model_admin.message_user(request, message, messages.SUCCESS)
            return redirect("admin:applications_application_changelist")
        error = gettext("This is not the reference number. Enter %(reference)s.")
        error %= {"reference": application.display_reference}
    context = {
        **model_admin.admin_site.each_context(request),
        "title": gettext("Delete all data of this application"),
        "opts": model_admin.opts,
        "application": application,
        "documents": application.attachments.count(),
        "emails": Email.objects.filter(reference=application.reference).count(),
        "reference": text,
        "error": error,
    }
    return TemplateResponse(
        request, "admin/applications/erase.html", context, status=422 if error else 200
    )


def cancel_erasure(model_admin, request, application):
    """Cancel a deletion request that the candidate did not make."""
    if not can_erase(request.user):
        raise PermissionDenied
    if cancel_request(application, request.user):
        text = gettext("The deletion request is canceled. The data of %(name)s is kept.")
        model_admin.message_user(request, text % {"name": application.name}, messages.SUCCESS)
    return model_admin.redirect_to(request, application)
