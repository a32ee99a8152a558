"""Share links: URLs that show a record, published or not, to people without an account.

The URL contains a random token; the database stores only its digest. The link shows the saved record
for SHARE_LINK_LIFETIME, or until it is revoked or the record is deleted.
"""

import secrets
from hashlib import sha256

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.forms import Script
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from careers.languages import LANGUAGES, absolute, language_context, redirect_to_available_language
from careers.revisions.admin_urls import post_path

from .models import ShareLink
from .panels import Panel, is_popup
from .preview import make_private

NEW_LINK_COOKIE = "new_link"  # carries the token of a new link to the change form
ONLY_NOTE = {
    "en": gettext_lazy("This preview exists in English only."),
    "ja": gettext_lazy("This preview exists in Japanese only."),
}


# --- Creating and opening links ----------------------------------------------------------------


def create(record, *, by):
    """Create a link to `record`; returns its token, which cannot be read from the database."""
    token = secrets.token_urlsafe(16)
    ShareLink.objects.create(
        record=record,
        digest=_digest(token),
        created_by=by,
        expires_at=timezone.now() + settings.SHARE_LINK_LIFETIME,
    )
    return token


@require_safe
def preview(request, token):
    """The page of a link's record as it is saved now; 404 if the link or the record no longer exists."""
    link, record = _get_link(token)
    if record is None:
        response = render(request, "bilingual/no_preview.html", {"unlisted": True}, status=404)
    else:
        response = _render(request, link, record)
    response.headers["Referrer-Policy"] = "no-referrer"
    return make_private(response)


def _digest(token):
    return sha256(token.encode()).hexdigest()


def _get_link(token):
    """The link and its record, or None and None."""
    link = ShareLink.objects.valid().filter(digest=_digest(token)).first()
    record = link and link.record
    return (link, record) if record and _get_page(record) else (None, None)


def _get_page(record):
    """The `DetailPreview` of the record, or None if it has no page."""
    panel = admin.site.get_model_admin(type(record)).panel(ShareLinks)
    return panel.page if panel and panel.page.exists(record) else None


def _render(request, link, record):
    language = get_language()
    available = [
        code for code in LANGUAGES if getattr(record, f"{record.required_fields[0]}_{code}")
    ]
    if available and language not in available:
        return redirect_to_available_language(request, available)
    text = _("This is a preview and not the public page. The link is valid until %(day)s.")
    note = text % {"day": date_format(localtime(link.expires_at), "DATE_FORMAT")}
    languages = language_context(
        available or LANGUAGES, only_note=ONLY_NOTE, list_path=reverse("home")
    )
    return _get_page(record).render(request, record, language, **languages, preview_note=note)


# --- In the change form ------------------------------------------------------------------------


class ShareLinks(Panel):
    """Creates, lists and revokes the links to a record; `page` is its `DetailPreview`."""

    js = (Script("js/share-links.js", type="module"),)

    def __init__(self, page):
        self.page = page

    def urls(self, model_admin):
        route = "<path:object_id>/share/"
        revoke = f"{route}<int:link>/revoke/"
        return [
            post_path(model_admin, route, self.share, "share"),
            post_path(model_admin, revoke, self.revoke, "share_revoke"),
        ]

    def share(self, model_admin, request, object_id):
        """Create a link. A cookie carries its token to the change form, which shows the URL once."""
        record = self._get_record(model_admin, request, object_id)
        path = _change_form(record)
        response = HttpResponseRedirect(f"{path}#share-links")
        response.set_signed_cookie(
            NEW_LINK_COOKIE,
            create(record, by=request.user),
            max_age=60,
            path=path,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Strict",
        )
        return response

    def revoke(self, model_admin, request, object_id, link):
        """Delete a link, so that it no longer works."""
        record = self._get_record(model_admin, request, object_id)
        ShareLink.objects.for_instance(record).filter(pk=link).delete()
        return HttpResponseRedirect(f"{_change_form(record)}#share-links")

    def context(self, model_admin, request, obj):
        if is_popup(request) or not self._may_share(model_admin, request, obj):
            return {}
        token = request.get_signed_cookie(NEW_LINK_COOKIE, None, max_age=60)
        return {
            "links": ShareLink.objects.for_instance(obj),
            "new_link": token and absolute(reverse("preview", args=[token])),
            "valid_days": settings.SHARE_LINK_LIFETIME.days,
        }

    def process_response(self, model_admin, request, obj, response):
        """Delete the cookie, and forbid caching of the response that shows the new link."""
        if NEW_LINK_COOKIE in request.COOKIES and self._may_share(model_admin, request, obj):
            response.delete_cookie(NEW_LINK_COOKIE, path=_change_form(obj), samesite="Strict")
            response.headers["Cache-Control"] = "private, no-store"

    def _may_share(self, model_admin, request, record):
        has_page = record and self.page.exists(record)
        return has_page and model_admin.has_change_permission(request, record)

    def _get_record(self, model_admin, request, object_id):
        """The record of a URL; 404 if it has no page, 403 without permission to change it."""
        record = model_admin.get_object(request, unquote(object_id))
        if record is None or not self.page.exists(record):
            raise Http404
        if not model_admin.has_change_permission(request, record):
            raise PermissionDenied
        return record


def _change_form(record):
    return reverse(admin_urlname(record._meta, "change"), args=[record.pk])
