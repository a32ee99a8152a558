"""Applying: the form of a role, the general one, and the page that says that it has arrived."""

from functools import wraps

from django.conf import settings
from django.db import transaction
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from careers.application_forms.models import ApplicationForm
from careers.documents.storage import StorageUnavailable
from careers.documents.uploads import LimitedUploadHandler
from careers.languages import elsewhere, of_page, words
from careers.page_cache.decorators import never_cached
from careers.roles.entries import similar_entries
from careers.roles.models import Role
from careers.roles.views import ONLY_NOTE

from . import confirming, drafts, puzzles, quarantine, room
from .asking import sizes
from .context import form_url, notice
from .doubts import HONEYPOT_FIELD, SOLUTION, signs
from .forms import ApplyForm
from .missing import MissingPapers
from .models import Application, Confirmation
from .tokens import new_token, read_receipt, read_token, receipt
from .workflow import sent_before, submit

# Whole as it came and for this person only: no cookie, and so no cache and no CSRF cookie either.
# What stands in its place is the signed token in the form: there is no session to abuse.
never_kept = cache_control(private=True, no_store=True)
# Going back to a form finds it as it was left: the same token, so that it cannot arrive twice, and
# what was typed. Not "no-cache": over https Firefox takes that for "no-store".
kept_for_going_back = cache_control(private=True, max_age=0)


def form_page(view):
    """A form that can be gone back to; what answers to one that was sent is kept nowhere."""
    opened, sent = kept_for_going_back(view), never_kept(view)

    @wraps(view)
    def answered(request, *args, **kwargs):
        return (sent if request.method == "POST" else opened)(request, *args, **kwargs)

    return answered


@never_cached
@form_page
@csrf_exempt
def apply(request, pk, slug):
    """The form of one role."""
    language = get_language()
    role = Role.objects.posted().filter(pk=pk).select_related("department", "recruiter").first()
    if request.method == "POST":
        return _sent(request, role or get_object_or_404(Role, pk=pk), is_open=_is_open(role))
    if not role:
        raise Http404
    if language not in role.languages:
        return elsewhere(request, role.languages)
    url = form_url(role, language)
    if request.path != url:  # another slug, or zeros before the number
        return redirect(url, permanent=True)
    if role.is_closed:
        return redirect(role.get_absolute_url(language))
    return _opened(request, role)


@never_cached
@form_page
@csrf_exempt
def general(request):
    """The form for no role in particular."""
    return _sent(request, None) if request.method == "POST" else _opened(request, None)


@require_safe
@never_kept
def received(request, token):
    """What was sent has arrived: its reference, and what comes next."""
    application = get_object_or_404(Application, pk=read_receipt(token))
    if application.language != get_language():
        return elsewhere(request, [application.language])
    return _about(
        request, application, "applications/received.html", told=quarantine.is_told(application)
    )


@never_kept
@csrf_exempt
def confirm(request, token):
    """The one more step of a doubtful application: a link in a letter shows it, a button takes it.

    One link is for everything that was sent from the same opened form for the same address.
    """
    step = get_object_or_404(Confirmation.objects.with_token(token).select_related("application"))
    application = step.application
    if application.language != get_language():
        return elsewhere(request, [application.language])
    if not Confirmation.objects.sent().filter(pk=step.pk).exists():
        return _about(request, application, "applications/confirm.html", status=410, late=True)
    group = quarantine.of_one_form(application).select_related("confirmation")
    if request.method == "POST":
        return _confirmed(request, application, group)
    form = MissingPapers(group)
    if application.is_confirmed and not form.fields:
        return redirect("applications:received", receipt(application))
    return _about(request, application, "applications/confirm.html", form=form)


def _confirmed(request, application, group):
    request.upload_handlers = [LimitedUploadHandler(request)]
    form = MissingPapers(group, data=request.POST, files=request.FILES)
    try:
        is_right = form.is_valid()  # files are stored and scanned here, while nobody waits for us
        with transaction.atomic():
            if is_right:
                form.attach()
            for row in group.quarantined():
                confirming.confirm(row)
    except StorageUnavailable:
        said = {"form": MissingPapers(group), "unavailable": True, "status": 503}
        return _about(request, application, "applications/confirm.html", **said)
    if is_right:
        return redirect("applications:received", receipt(application))
    application.refresh_from_db()
    return _about(request, application, "applications/confirm.html", form=form, status=422)


def _about(request, application, template, *, status=200, **said):
    languages = [application.language]
    context = {"application": application, "languages": languages, "unlisted": True, **said}
    return render(request, template, context, status=status)


def _opened(request, role):
    form = ApplyForm(ApplicationForm.of(role), get_language())
    return _shown(request, role, form, new_token(role))


def _sent(request, role, *, is_open=True):
    language = get_language()
    request.upload_handlers = [LimitedUploadHandler(request)]
    token = read_token(request.POST.get("token", ""), role)
    if not token and not _is_posted(role):
        raise Http404  # nobody learns of a draft who has not had its form
    opened = token or new_token(role)
    if removed := request.POST.get("remove"):
        drafts.drop(opened.key, removed.replace("\0", ""))  # PostgreSQL cannot look for that sign
    waited = drafts.of(opened.key, request.POST.getlist("waiting"))
    form = ApplyForm(
        ApplicationForm.of(role), language, data=request.POST, files=request.FILES, drafts=waited
    )
    try:
        if not (is_open or (token and _in_time(role, token))):
            same = token and sent_before(form, token)
            return _arrived(request, same) if same else _closed(request, role, form)
        if form.is_valid() and token and not removed:
            application = submit(form, token, role, language, signs(request))
            return _arrived(request, application)
        waiting = form.documents().values()
        full = not room.is_there(waiting)
        room.give_back(waiting, opened.key) if full else drafts.keep(form, opened.key)
    except StorageUnavailable:
        form.errors.clear()
        return _shown(request, role, form, opened, status=503, unavailable=True)
    form.wait(drafts.of(opened.key, waited.keys() | form.documents().keys()))
    if removed:
        form.errors.clear()  # nobody has asked yet whether the rest is right
    status = 422 if form.errors or not removed else 200
    return _shown(request, role, form, opened, status=status, once_more=not token, full=full)


def _arrived(request, application):
    address = reverse("applications:received", args=[receipt(application)])
    if _by_script(request):
        return JsonResponse({"address": address})
    return redirect(address)


def _shown(request, role, form, token, *, status=200, **trouble):
    summary = form.summary(**trouble)
    if _by_script(request):
        return JsonResponse({"token": str(token), "summary": summary}, status=status)
    solution = request.POST.get(SOLUTION, "")
    solved = puzzles.is_solved(solution, token)
    context = {
        "form": form,
        "token": token,
        "summary": summary,
        "trap": HONEYPOT_FIELD,
        "sizes": sizes(),
        # Who has solved it need not do so again because of a mistake in another field.
        "solution": solution if solved else "",
        "puzzle": "" if solved else puzzles.puzzle(token),
        **_page(request, role),
    }
    template = "applications/apply.html" if role else "applications/general.html"
    return render(request, template, context, status=status)


def _closed(request, role, form):
    """Nothing can be sent any more; what was written is shown, to be copied."""
    if _by_script(request):
        return JsonResponse({"closed": True}, status=410)
    context = {
        **_page(request, role),
        "written": form.written,
        "similar": similar_entries(role, get_language()),
    }
    return render(request, "applications/closed.html", context, status=410)


def _page(request, role):
    context = {"role": role, "notice": notice(), "section": "roles"}
    if role is None:
        return context
    language = get_language()
    languages = role.languages if _is_posted(role) else (language,)
    return {
        **context,
        **of_page(languages, only_note=ONLY_NOTE, list_path=reverse("roles:index")),
        "title": words(role, "title", language),
        "role_url": role.get_absolute_url(language),
    }


def _by_script(request):
    """Whether apply.js asks, which shows the answer in the form itself."""
    return request.headers.get("Accept") == "application/json"


def _is_posted(role):
    """Whether the role, or the general application, has a page: `posted()` says in which languages."""
    return role is None or hasattr(role, "in_en")


def _is_open(role):
    return role is not None and not role.is_closed


def _in_time(role, token):
    """Whether a form was opened while the role was open, and is sent within APPLICATION_GRACE of its end."""
    now, grace = timezone.now(), settings.APPLICATION_GRACE
    if not role.is_closed:  # it was taken back, and nobody wrote down when
        return token.opened_at > now - grace
    return token.opened_at < role.closes_at and now < role.closes_at + grace
