"""Applying: the form of a role, the general one, the page after sending, and the confirmation page."""

from contextlib import suppress
from functools import wraps

from django.conf import settings
from django.db import transaction
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language, pgettext
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from careers.documents.ingest import stored
from careers.documents.storage import StorageUnavailable
from careers.documents.uploads import read_form
from careers.languages import (
    language_context,
    localized,
    other_language,
    redirect_to_available_language,
)
from careers.page_cache.decorators import never_cached
from careers.roles.entries import similar_entries
from careers.roles.models import Role
from careers.roles.views import ONLY_NOTE

from . import pending_uploads, workflow
from .context import form_notice, form_url
from .form_content import FormContent
from .form_fields import size_limits
from .forms import ApplyForm, MissingFilesForm
from .models import Application, Confirmation
from .spam import challenge, quarantine
from .spam.assessment import HONEYPOT_FIELD, SOLUTION_FIELD, request_traits
from .tokens import new_token, read_receipt, read_token, receipt

SWITCH_FIELD = "switch_language"  # sent by the language switcher, to the form in the other language
AGAIN_FIELD = "send_again"  # sent by the button that sends an application once more

# These views set no cookies. The signed form token replaces the CSRF cookie. Responses belong to one
# person, so no shared cache stores them.
NOT_STORED = {"private": True, "no_store": True}
no_store = cache_control(**NOT_STORED)
# A page with a form may be restored by the browser's Back button, with the values of its fields and with
# the same token, so that it cannot be submitted twice. Without this, Back to a page that followed a POST
# shows the browser's own error page. Not "no-cache": over HTTPS Firefox treats that as "no-store".
RESTORABLE = {"private": True, "max_age": 0}


def form_page(view):
    """Responses to GET, and pages in response to POST, are restorable; other responses are not stored."""

    @wraps(view)
    def with_cache_headers(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        is_page = not (response.has_header("Location") or isinstance(response, JsonResponse))
        is_restorable = is_page or request.method != "POST"
        patch_cache_control(response, **(RESTORABLE if is_restorable else NOT_STORED))
        return response

    return with_cache_headers


@never_cached
@form_page
@csrf_exempt
def apply(request, pk, slug):
    """The form of one role."""
    language = get_language()
    roles = Role.objects.filter(pk=pk).select_related("department", "recruiter")
    if _is_preview(request):  # also of a role that is not posted
        return _empty_form(request, get_object_or_404(roles, **{f"complete_{language}": True}))
    role = roles.posted().first()
    if request.method == "POST":
        return _submit(request, role or get_object_or_404(Role, pk=pk), is_open=_is_open(role))
    if not role:
        raise Http404
    if language not in role.languages:
        return redirect_to_available_language(request, role.languages)
    url = form_url(role, language)
    if request.path != url:  # another slug, or zeros before the number
        return redirect(url, permanent=True)
    if role.is_closed:
        return redirect(role.get_absolute_url(language))
    return _empty_form(request, role)


@never_cached
@form_page
@csrf_exempt
def general(request):
    """The form of the general application."""
    return _submit(request, None) if request.method == "POST" else _empty_form(request, None)


@require_safe
@no_store
def received(request, token):
    """The page after sending: the reference and the next steps."""
    application = get_object_or_404(Application, reference=read_receipt(token))
    if application.language != get_language():
        return redirect_to_available_language(request, [application.language])
    return _render_about(
        request,
        application,
        "applications/received.html",
        is_email_queued=quarantine.is_email_queued(application),
    )


@no_store
@csrf_exempt
def confirm(request, token):
    """The page behind a confirmation link. Opening it changes nothing: its button confirms.

    One link confirms everything that was sent from the same opened form by the same address.
    """
    confirmations = Confirmation.objects.with_token(token).select_related("application")
    confirmation = get_object_or_404(confirmations)
    application = confirmation.application
    if application.language != get_language():
        return redirect_to_available_language(request, [application.language])
    if not Confirmation.objects.with_valid_link().filter(pk=confirmation.pk).exists():
        return _render_confirmation(request, application, status=410, is_expired=True)
    group = quarantine.same_form(application).select_related("confirmation")
    if request.method == "POST":
        return _confirm(request, application, group)
    form = MissingFilesForm(group)
    if application.is_confirmed and not form.fields:
        return redirect("applications:received", receipt(application))
    return _render_confirmation(request, application, form=form)


def _confirm(request, application, group):
    read_form(request)
    form = MissingFilesForm(group, data=request.POST, files=request.FILES)
    try:
        is_valid = form.is_valid()
        with stored(form.documents().values() if is_valid else ()), transaction.atomic():
            if is_valid:
                form.attach()
            for row in group.quarantined():
                workflow.confirm(row)
    except StorageUnavailable:
        form = MissingFilesForm(group)
        return _render_confirmation(request, application, form=form, unavailable=True, status=503)
    if is_valid:
        return redirect("applications:received", receipt(application))
    application.refresh_from_db()
    return _render_confirmation(request, application, form=form, status=422)


def _render_confirmation(request, application, **context):
    return _render_about(request, application, "applications/confirm.html", **context)


def _render_about(request, application, template, *, status=200, **context):
    languages = [application.language]
    context |= {"application": application, "languages": languages, "unlisted": True}
    return render(request, template, context, status=status)


def _empty_form(request, role):
    form = ApplyForm(FormContent(role, get_language()))
    return _render_form(request, role, form, new_token(role))


def _submit(request, role, *, is_open=True):
    language = get_language()
    read_form(request)
    token = read_token(request.POST.get("token", ""), role)
    if not token and not _is_posted(role):
        raise Http404  # without a token of its form, a draft stays unknown
    form_token = token or new_token(role)
    traits = request_traits(request, form_token)
    is_switched = SWITCH_FIELD in request.POST
    if removed := request.POST.get("remove"):
        # PostgreSQL cannot compare with a null character.
        pending_uploads.remove_upload(form_token.key, removed.replace("\0", ""))
    uploads = pending_uploads.pending_documents(
        form_token.key, request.POST.getlist("pending_upload")
    )
    content = FormContent.current(role, language)
    form = ApplyForm(
        content,
        data=request.POST,
        files=request.FILES,
        pending_uploads=uploads,
        typed_in=other_language(language) if is_switched else None,
    )
    is_sent = not (removed or is_switched)
    try:
        if not (is_open or (token and _is_in_time(role, token))):
            duplicate = is_sent and token and workflow.find_submitted(form, token)
            if duplicate:
                return _redirect_to_receipt(request, duplicate)
            return _render_closed(request, role, form, form_token)
        if form.is_valid() and is_sent and token:
            with suppress(workflow.AlreadySubmitted):
                application = workflow.submit(
                    form,
                    token,
                    role,
                    content,
                    traits,
                    again=AGAIN_FIELD in request.POST,
                )
                return _redirect_to_receipt(request, application)
        return _return_form(
            request, role, form, form_token, traits, is_sent=is_sent, is_verified=bool(token)
        )
    except StorageUnavailable:
        form.errors.clear()
        return _render_form(request, role, form, form_token, status=503, unavailable=True)


def _return_form(request, role, form, token, traits, *, is_sent, is_verified):
    """The form with its values, with its files as pending uploads, and with errors if it was sent."""
    earlier = workflow.last_submitted(token)
    documents = form.documents()
    if earlier and is_sent and AGAIN_FIELD not in request.POST and _wants_json(request):
        # apply.js sends the form again, to show the page that asks; the files come with it.
        return JsonResponse({"already_sent": True}, status=409)
    exceeding = pending_uploads.save_uploads(documents, token.key, traits.network_hash)
    names = form.pending_uploads.keys() | documents.keys()
    if earlier:  # the Back button emptied the file inputs
        names |= pending_uploads.field_names(token.key, earlier)
    form.set_pending_uploads(pending_uploads.pending_documents(token.key, names))
    if earlier:
        form.clear_missing_uploads()
    if not is_sent:
        form.clear_errors()
    return _render_form(
        request,
        role,
        form,
        token,
        status=_status(form, is_sent=is_sent, is_verified=is_verified),
        earlier=earlier,
        invalid_token=is_sent and not is_verified,
        exceeds_quota=bool(exceeding),
    )


def _status(form, *, is_sent, is_verified):
    if form.errors or (is_sent and not is_verified):
        return 422
    return 409 if is_sent else 200  # 409: it was sent before


def _redirect_to_receipt(request, application):
    address = reverse("applications:received", args=[receipt(application)])
    if _wants_json(request):
        return JsonResponse({"address": address})
    return redirect(address)


def _render_form(request, role, form, token, *, status=200, earlier=None, **problems):
    summary = form.summary(**problems)
    if _wants_json(request):
        return JsonResponse({"token": str(token), "summary": summary}, status=status)
    solution = request.POST.get(SOLUTION_FIELD, "")
    is_solved = challenge.is_redeemable(solution, token)
    context = {
        "form": form,
        "token": token,
        "summary": summary,
        "title_prefix": _title_prefix(summary, earlier),
        **_earlier_context(earlier),
        "honeypot_field": HONEYPOT_FIELD,
        "size_limits": size_limits(),
        # A solved challenge stays solved when the form is rejected.
        "solution": solution if is_solved else "",
        "challenge": "" if is_solved else challenge.new_challenge(token),
        **_page_context(request, role),
    }
    template = "applications/apply.html" if role else "applications/general.html"
    return render(request, template, context, status=status)


def _title_prefix(summary, earlier):
    if summary:
        return pgettext("before what is wrong with a field", "Error: ")
    return pgettext("before the title of a form", "Already sent: ") if earlier else ""


def _render_closed(request, role, form, token):
    """The page of a closed role; it shows the typed values, so that the candidate can copy them."""
    if _wants_json(request):
        return JsonResponse({"closed": True}, status=410)
    context = {
        **_page_context(request, role),
        **_earlier_context(workflow.last_submitted(token)),
        "form": form,
        "token": token,
        "similar": similar_entries(role, get_language()),
    }
    return render(request, "applications/closed.html", context, status=410)


def _earlier_context(earlier):
    """Context about an earlier application from the same opened form; empty without one."""
    return {"earlier": earlier, "receipt": receipt(earlier)} if earlier else {}


def _page_context(request, role):
    context = {
        "role": role,
        "notice": form_notice(),
        "section": "roles",
        "switch_form": "application",  # the language switcher sends this form
        "switch_field": SWITCH_FIELD,
        "again_field": AGAIN_FIELD,
    }
    if role is None:
        return context
    language = get_language()
    languages = role.languages if _is_posted(role) else (language,)
    context |= language_context(languages, only_note=ONLY_NOTE, list_path=reverse("roles:index"))
    if not _is_posted(role):
        context["only_note"] = None  # it is not posted in any language
    return {
        **context,
        "title": localized(role, "title", language),
        "role_url": "" if _is_preview(request) else role.get_absolute_url(language),
    }


def _is_preview(request):
    """Whether `ListPreview` shows the page in the admin; no request of a visitor has this attribute."""
    return getattr(request, "is_preview", False)


def _wants_json(request):
    """Whether apply.js sent the request; it shows the response in the form itself."""
    return request.headers.get("Accept") == "application/json"


def _is_posted(role):
    """Whether the role has a page in some language; the general application always has one."""
    return role is None or hasattr(role, "in_en")  # an annotation of `Role.objects.posted()`


def _is_open(role):
    return role is not None and not role.is_closed


def _is_in_time(role, token):
    """Whether a form that was opened while the role was open is sent within the grace period."""
    now, grace = timezone.now(), settings.APPLICATION_GRACE
    if not role.is_closed:  # unpublished, at an unknown time
        return token.opened_at > now - grace
    return token.opened_at < role.closes_at and now < role.closes_at + grace
