"""Drafts: the site stores the unsaved text of a form, and offers it when the form is opened again.

static/js/drafts.js sends the form every DRAFT_INTERVAL while it changes, and when the page is left.
"""

import json
import re
import secrets
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.admin.utils import unquote
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime

from careers.languages import LANGUAGES

from .admin_urls import post_path
from .form_data import as_new_record
from .models import Draft

PARAMETER = "draft"  # of the URL that shows a draft: its key
KEY = "_draft_key"  # hidden input: the key of the opened form
SEQUENCE = "_draft_sequence"  # sent by the script: the number of this state of the form
HAS_FILES = "_draft_has_files"  # sent by the script if files are selected
_NOT_STORED = {KEY, SEQUENCE, HAS_FILES, "csrfmiddlewaretoken"}
_VALID_KEY = re.compile(r"[\w-]{16,32}", re.ASCII)
_MAX_DIGITS = 18  # of a sequence number, to fit its column

ModelAdmin = Any  # a VersionedAdmin; importing it would be a circle
Request = Any  # an HttpRequest that may carry the `draft` that its form shows


class OpenedForm(NamedTuple):
    """The data with which the script stores the form as a draft.

    `is_draft`: the form shows the stored draft. `is_rejected`: it shows submitted values that were not
    saved.
    """

    key: str
    sequence: int
    save_url: str
    discard_url: str
    interval: float  # seconds
    is_draft: bool
    is_rejected: bool


class Offer(NamedTuple):
    """A draft that the form offers; `name` tells drafts of new records apart."""

    draft: Draft
    name: str
    language: str
    url: str
    discard_url: str


# --- Views -----------------------------------------------------------------------------------------


def urls(model_admin: ModelAdmin) -> list[URLPattern]:
    """URL patterns, which go before Django's own."""
    return [
        post_path(model_admin, "add/draft/", store, "draft_new"),
        post_path(model_admin, "<path:object_id>/draft/", store, "draft"),
        post_path(model_admin, "drafts/discard/", discard, "draft_discard"),
    ]


def store(model_admin: ModelAdmin, request: Request, object_id: str | None = None) -> HttpResponse:
    """Store the submitted form as a draft; the response is the time of day.

    The form of a record that was deleted meanwhile is stored as the draft of a new record.
    409 if a later state is stored already, 413 if the form is longer than DRAFT_MAX_BYTES.
    """
    record = model_admin.get_object(request, unquote(object_id)) if object_id else None
    if not _may_edit(model_admin, request, record):
        raise PermissionDenied
    key, sequence = request.POST.get(KEY, ""), request.POST.get(SEQUENCE, "")
    if not (_VALID_KEY.fullmatch(key) and sequence.isdecimal() and len(sequence) <= _MAX_DIGITS):
        return HttpResponse(status=400)
    post = request.POST
    if object_id and record is None:
        rows = model_admin.get_formsets_with_inlines(request)
        post = as_new_record(post, [formset for formset, _inline in rows])
    data = _submitted_texts(post)
    if len(json.dumps(data, ensure_ascii=False).encode()) > settings.DRAFT_MAX_BYTES:
        return HttpResponse(status=413)
    is_stored = Draft.objects.store(
        request.user,
        key,
        int(sequence),
        content_type=ContentType.objects.get_for_model(model_admin.model),
        object_id=record.pk if record else None,
        data=data,
        parameters=_form_parameters(model_admin, request),
        has_files=HAS_FILES in request.POST,
    )
    if not is_stored:
        return HttpResponse(status=409)
    time = date_format(localtime(timezone.now()), "TIME_FORMAT")
    return HttpResponse(time, content_type="text/plain; charset=utf-8")


def discard(model_admin: ModelAdmin, request: Request) -> HttpResponse:
    """Delete a draft of this user, and show the form that offered it."""
    drafts = Draft.objects.filter(user=request.user, key=request.POST.get(KEY, ""))
    draft = drafts.filter(content_type=ContentType.objects.get_for_model(model_admin.model)).first()
    if draft is None:
        raise Http404
    draft.delete()
    return HttpResponseRedirect(_form_url(model_admin, draft.object_id, request.GET))


def _submitted_texts(post: QueryDict) -> dict[str, list[str]]:
    """The texts of all controls, without the rows from which the browser makes new ones.

    Without NUL, which PostgreSQL cannot store.
    """
    return {
        name: [text.replace("\0", "") for text in texts]
        for name, texts in post.lists()
        if name not in _NOT_STORED and "-__prefix__-" not in name
    }


def _form_parameters(model_admin: ModelAdmin, request: Request) -> dict[str, str]:
    return {name: request.GET[name] for name in model_admin.draft_parameters if name in request.GET}


def _may_edit(model_admin: ModelAdmin, request: Request, record: Any) -> bool:
    if record is None:
        return bool(model_admin.has_add_permission(request))
    return bool(model_admin.has_change_permission(request, record))


# --- The form ----------------------------------------------------------------------------------------


def find(model_admin: ModelAdmin, request: Request, record: Any) -> Draft | None:
    """The draft of this form that the URL names (`?draft=…`), if it is one of this user."""
    drafts = Draft.objects.for_form(request.user, model_admin.model, record)
    return drafts.filter(key=request.GET[PARAMETER]).first()


def to_form_data(draft: Draft) -> QueryDict:
    """The data that a browser would send for the form of a draft."""
    data = QueryDict(mutable=True)
    for name, texts in draft.data.items():
        data.setlist(name, texts)
    return data


def delete_saved(request: Request) -> None:
    """Delete the draft of the form that this request saves; drafts of other tabs stay."""
    Draft.objects.filter(user=request.user, key=request.POST.get(KEY, "")).delete()


def context(model_admin: ModelAdmin, request: Request, record: Any) -> dict[str, Any]:
    """Template variables of the form: `opened_form`, and the `drafts` that it offers."""
    if not _may_edit(model_admin, request, record):
        return {}
    displayed = getattr(request, "draft", None)
    submitted_key = request.POST.get(KEY, "")
    if displayed:
        key = displayed.key
    elif _VALID_KEY.fullmatch(submitted_key):
        key = submitted_key
    else:
        key = secrets.token_urlsafe(16)
    drafts = list(Draft.objects.for_form(request.user, model_admin.model, record))
    own = next((draft for draft in drafts if draft.key == key), None)
    pk = record.pk if record else None
    opened_form = OpenedForm(
        key=key,
        sequence=own.sequence if own else 0,
        save_url=_url(
            model_admin,
            "draft" if pk else "draft_new",
            pk,
            query=_form_parameters(model_admin, request),
        ),
        discard_url=_url(model_admin, "draft_discard"),
        interval=settings.DRAFT_INTERVAL.total_seconds(),
        is_draft=displayed is not None,
        is_rejected=request.method == "POST",
    )
    offers = [_offer(model_admin, request, draft) for draft in drafts if draft is not own]
    return {"opened_form": opened_form, "drafts": offers}


def _offer(model_admin: ModelAdmin, request: Request, draft: Draft) -> Offer:
    # Parameters of the admin itself, such as the filters of the list, begin with an underscore.
    page = {name: value for name, value in request.GET.items() if name.startswith("_")}
    current = {name: value for name, value in request.GET.items() if name != PARAMETER}
    name, language = ("", "") if draft.object_id else _record_name(model_admin, draft)
    return Offer(
        draft,
        name,
        language,
        url=_form_url(
            model_admin, draft.object_id, {**page, **draft.parameters, PARAMETER: draft.key}
        ),
        discard_url=_url(model_admin, "draft_discard", query=current),
    )


def _record_name(model_admin: ModelAdmin, draft: Draft) -> tuple[str, str]:
    """The name in the draft of a new record, and the language of that name."""
    for field in model_admin.model.required_fields[:1]:
        for language in LANGUAGES:
            if name := "".join(draft.data.get(f"{field}_{language}", ())).strip():
                return name, language
    return "", ""


def _form_url(model_admin: ModelAdmin, pk: int | None, query: Any) -> str:
    return _url(model_admin, "change" if pk else "add", pk, query=query)


def _url(model_admin: ModelAdmin, name: str, pk: int | None = None, *, query: Any = None) -> str:
    opts, args = model_admin.opts, [pk] if pk else []
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_{name}", args=args, query=query)
