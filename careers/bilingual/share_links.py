"""Links that show a record, as it is saved now, to people without an account: made, shown, revoked.

The address holds a random token, of which the database knows only the digest. Whoever has the
address sees the page for SHARE_LINK_LIFETIME, or until somebody revokes it or deletes the record.
"""

import secrets
from hashlib import sha256

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from careers.languages import LANGUAGES, absolute, elsewhere, of_page

from .models import ShareLink
from .preview import DetailPreview, unlisted

NEW = "new_link"  # the cookie that carries a new token to the page that shows it once
ONLY_NOTE = {
    "en": gettext_lazy("This preview exists in English only."),
    "ja": gettext_lazy("This preview exists in Japanese only."),
}


# --- Making and following ----------------------------------------------------------------------


def make(record, *, by):
    """A new link to `record`; returns its token, which nobody can find out again."""
    token = secrets.token_urlsafe(16)
    ShareLink.objects.create(
        kind=ContentType.objects.get_for_model(type(record)),
        record_id=record.pk,
        digest=_digest(token),
        made_by=by,
        expires_at=timezone.now() + settings.SHARE_LINK_LIFETIME,
    )
    return token


@require_safe
def preview(request, token):
    """The record that a link leads to, as it is saved now; 404 where there is nothing any more."""
    link, record = _follow(token)
    if record is None:
        response = render(request, "bilingual/no_preview.html", {"unlisted": True}, status=404)
    else:
        response = _shown(request, link, record)
    response.headers["Referrer-Policy"] = "no-referrer"
    return unlisted(response)


def sweep():
    """Delete the links that lead nowhere any more; returns how many there were."""
    swept, _each = ShareLink.objects.exclude(pk__in=ShareLink.objects.valid()).delete()
    kinds = ContentType.objects.filter(pk__in=ShareLink.objects.values("kind"))
    for kind in kinds:
        links = ShareLink.objects.filter(kind=kind)
        if model := kind.model_class():
            links = links.exclude(record_id__in=model._base_manager.values("pk"))
        swept += links.delete()[0]
    return swept


def _digest(token):
    return sha256(token.encode()).hexdigest()


def _follow(token):
    """The link and its record, or None and None."""
    links = ShareLink.objects.valid().select_related("kind")
    link = links.filter(digest=_digest(token)).first()
    model = link and link.kind.model_class()
    record = model and model._base_manager.filter(pk=link.record_id).first()
    return (link, record) if record and _page_of(record) else (None, None)


def _page_of(record):
    """The public page of the record, if it has one of its own."""
    page = admin.site.get_model_admin(type(record)).public_page
    return page if isinstance(page, DetailPreview) and page.exists(record) else None


def _shown(request, link, record):
    language = get_language()
    named = [code for code in LANGUAGES if getattr(record, f"{record.required[0]}_{code}")]
    if named and language not in named:
        return elsewhere(request, named)
    day = date_format(localtime(link.expires_at), "DATE_FORMAT")
    said = _("This is a preview and not the public page. The link is valid until %(day)s.")
    languages = of_page(named or LANGUAGES, only_note=ONLY_NOTE, list_path=reverse("home"))
    extra = {**languages, "preview_note": said % {"day": day}}
    return _page_of(record).render(request, record, language, **extra)


# --- In the form of the record -----------------------------------------------------------------


class Shared:
    """A ModelAdmin whose form makes, lists and revokes the links to its record."""

    public_page = None

    def get_urls(self):
        if not isinstance(self.public_page, DetailPreview):
            return super().get_urls()
        name = f"{self.opts.app_label}_{self.opts.model_name}_share"
        view = self.admin_site.admin_view
        return [
            path("<path:object_id>/share/", view(self.share), name=name),
            path(
                "<path:object_id>/share/<int:link>/revoke/",
                view(self.revoke),
                name=f"{name}_revoke",
            ),
            *super().get_urls(),
        ]

    @method_decorator(require_POST)
    def share(self, request, object_id):
        """Make a link. The form shows its address once, and then nobody can."""
        record = self._may_share(request, object_id)
        back = self._form_of(record)
        response = HttpResponseRedirect(f"{back}#sharing")
        response.set_signed_cookie(
            NEW,
            make(record, by=request.user),
            max_age=60,
            path=back,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Strict",
        )
        return response

    @method_decorator(require_POST)
    def revoke(self, request, object_id, link):
        """Take a link back: from now on it shows nothing."""
        record = self._may_share(request, object_id)
        ShareLink.objects.of(record).filter(pk=link).delete()
        return HttpResponseRedirect(f"{self._form_of(record)}#sharing")

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        shared = obj and _page_of(obj) and self.has_change_permission(request, obj)
        token = request.get_signed_cookie(NEW, None, max_age=60) if shared else None
        if shared and not context["is_popup"]:
            context["links"] = ShareLink.objects.of(obj)
            context["new_link"] = token and absolute(reverse("preview", args=[token]))
            context["valid_days"] = settings.SHARE_LINK_LIFETIME.days
        response = super().render_change_form(request, context, *args, obj=obj, **kwargs)
        if token:
            response.delete_cookie(NEW, path=self._form_of(obj), samesite="Strict")
            response.headers["Cache-Control"] = "private, no-store"
        return response

    def _may_share(self, request, object_id):
        """The record, if it is there to be shown and this person may change it."""
        record = self.get_object(request, unquote(object_id))
        if record is None or not _page_of(record):
            raise Http404
        if not self.has_change_permission(request, record):
            raise PermissionDenied
        return record

    def _form_of(self, record):
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return reverse(name, args=[record.pk])
