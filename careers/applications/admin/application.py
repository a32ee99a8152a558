"""The admin of applications: a list with search and filters, the review page, and recruiters' actions."""

from functools import partial

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from careers.applications import emails
from careers.applications.enums import Stage
from careers.applications.models import Application, is_recruiter, is_reference
from careers.applications.spam import quarantine
from careers.applications.workflow import confirm
from careers.documents import serving
from careers.documents.models import Document
from careers.languages import localized, with_lang

from . import erasing, review, telling
from .filters import ErasureFilter, QuarantineFilter, RoleFilter, list_context, shows_quarantine
from .search import search


@admin.register(Application)
class ApplicationAdmin(admin.ModelAdmin):
    list_display = (
        "candidate",
        "role_title",
        "stage_chip",
        "received",
        "document_count",
        "language",
        "display_reference",
    )
    list_filter = (
        QuarantineFilter,
        "stage",
        RoleFilter,
        ("role__department", admin.RelatedOnlyFieldListFilter),
        ErasureFilter,
    )
    list_select_related = ("role",)
    search_fields = ("search_text",)
    list_per_page = 50

    # --- Permissions --------------------------------------------------------------------------

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        visible = super().get_queryset(request).visible_to(request.user)
        return review.with_document_count(visible, request.user)

    def get_object(self, request, object_id, from_field=None):
        """An application that this user may see; 404 for all others.

        `object_id` is its primary key or, in the emails to recruiters, its reference.
        """
        if not self.has_view_permission(request):
            raise PermissionDenied
        if is_reference(object_id):
            from_field = "reference"
        application = super().get_object(request, object_id, from_field)
        if application is None:
            raise Http404
        return application

    def _get_for_action(self, request, object_id):
        application = self.get_object(request, unquote(object_id))
        if not is_recruiter(request.user):
            raise PermissionDenied
        return application

    # --- The list -----------------------------------------------------------------------------

    def changelist_view(self, request, extra_context=None):
        context = {"title": capfirst(self.opts.verbose_name_plural), **list_context(request)}
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def get_search_results(self, request, queryset, search_term):
        return search(queryset, search_term, request.user), False

    @admin.display(description=_("name"))
    def candidate(self, application):
        reading = " ".join(kana for _part, kana in review.name_parts(application) if kana)
        if not reading:
            return application.name
        return format_html(
            '{} <span class="name-reading" lang="ja">{}</span>', application, reading
        )

    @admin.display(description=_("role"))
    def role_title(self, application):
        if application.role is None:
            return gettext("General application")
        return with_lang(localized(application.role, "title"))

    @admin.display(description=Application._meta.get_field("stage").verbose_name)
    def stage_chip(self, application):
        if not application.is_confirmed:
            label = gettext("Waiting for confirmation")
            return format_html('<span class="chip missing">{}</span>', label)
        style = "stale" if application.stage == Stage.NEW else "ready"
        label = application.get_stage_display()
        return format_html('<span class="chip {}">{}</span>', style, label)

    @admin.display(description=_("received"), ordering="received_at")
    def received(self, application):
        return date_format(localtime(application.received_at), "SHORT_DATETIME_FORMAT")

    @admin.display(description=_("documents"))
    def document_count(self, application):
        return application.document_count

    @admin.display(description=_("reference"))
    def display_reference(self, application):
        return application.display_reference

    # --- Actions on the list ------------------------------------------------------------------

    def get_actions(self, request):
        """The actions of the open tab."""
        if not is_recruiter(request.user):
            return {}
        if shows_quarantine(request):
            label = _("Release from quarantine")
            return {"release": (_release_selected, "release", label)}
        label = _("Tell the candidates …")
        actions = {"tell": (telling.preview_page, "tell", label)}
        for stage, stage_label in Stage.choices:
            action = partial(_move_selected, stage=stage)
            label = gettext("Move to “%(stage)s”") % {"stage": stage_label}
            actions[f"move_to_{stage}"] = (action, f"move_to_{stage}", label)
        return actions

    # --- One application ----------------------------------------------------------------------

    def get_urls(self):
        one = "<path:object_id>/"
        views = {
            f"{one}move/": self.move,
            f"{one}release/": self.release,
            f"{one}resend/": self.resend,
            f"{one}documents/<int:attachment>/": self.document,
            f"{one}tell/": self.tell,
            f"{one}undo-status/": self.undo_status,
            f"{one}erase/": self.erase,
            f"{one}cancel-erasure/": self.cancel_erasure,
            "tell/": self.tell_selected,
            "status-updates/<uuid:batch>/": self.status_batch,
        }
        return [
            path(
                route,
                self.admin_site.admin_view(view),
                name=f"applications_application_{view.__name__}",
            )
            for route, view in views.items()
        ] + super().get_urls()

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The review page. Read-only: what a candidate sent cannot be edited."""
        application = self.get_object(request, unquote(object_id))
        if request.method not in ("GET", "HEAD"):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            **review.review_context(application, request.user),
            "is_email_queued": quarantine.is_email_queued(application),
            "title": application.name,
            "opts": self.opts,
            "preserved_filters": self.get_preserved_filters(request),
            "query_string": f"?{request.GET.urlencode()}" if request.GET else "",
        }
        return TemplateResponse(request, "admin/applications/application.html", context)

    @method_decorator(require_POST)
    def move(self, request, object_id):
        """Move the application to another stage."""
        application = self._get_for_action(request, object_id)
        stage = request.POST.get("stage")
        if stage not in Stage.values:
            self.message_user(request, gettext("Please choose a stage."), messages.ERROR)
        elif not application.is_confirmed:
            message = gettext("Please release this application from quarantine first.")
            self.message_user(request, message, messages.ERROR)
        else:
            moved = _move(Application.objects.filter(pk=application.pk), stage, request.user)
            message = _move_message(application, stage, moved)
            self.message_user(request, message, messages.SUCCESS)
        return self.redirect_to(request, application)

    @method_decorator(require_POST)
    def release(self, request, object_id):
        """Release the application from quarantine."""
        application = self._get_for_action(request, object_id)
        if confirm(application):
            message = gettext(
                "%(name)s’s application was released from quarantine and is now in the list."
            )
        else:
            message = gettext("%(name)s’s application had been confirmed already.")
        self.message_user(request, message % {"name": application.name}, messages.SUCCESS)
        return self.redirect_to(request, application)

    @method_decorator(require_POST)
    def resend(self, request, object_id):
        """Send the candidate the email again that leads to their application."""
        application = self._get_for_action(request, object_id)
        with transaction.atomic():
            row = get_object_or_404(Application.objects.select_for_update(), pk=application.pk)
            refusal = emails.resend_refusal(row)
            if not refusal:
                emails.resend(row)
        if refusal:
            self.message_user(request, refusal, messages.WARNING)
        else:
            message = gettext("An email is on its way to %(address)s.")
            self.message_user(request, message % {"address": application.email}, messages.SUCCESS)
        return self.redirect_to(request, application)

    def tell(self, request, object_id):
        """Tell the candidate a status."""
        return telling.tell(self, request, self._get_for_action(request, object_id))

    @method_decorator(require_POST)
    def undo_status(self, request, object_id):
        """Undo an update that the candidate's page does not show yet."""
        return telling.undo_status(self, request, self._get_for_action(request, object_id))

    @method_decorator(require_POST)
    def tell_selected(self, request):
        """Tell the candidates that a preview page showed."""
        return telling.tell_selected(self, request)

    def status_batch(self, request, batch):
        """The page of a batch of updates, which can undo them."""
        return telling.status_batch(self, request, batch)

    def erase(self, request, object_id):
        """Erase the application permanently."""
        return erasing.erase_application(self, request, self._get_for_action(request, object_id))

    @method_decorator(require_POST)
    def cancel_erasure(self, request, object_id):
        """Cancel a deletion request that the candidate did not make."""
        return erasing.cancel_erasure(self, request, self._get_for_action(request, object_id))

    def document(self, request, object_id, attachment):
        """Download a document. If the virus scanner has not seen it, a page asks for confirmation first."""
        application = self.get_object(request, unquote(object_id))
        attachment = get_object_or_404(
            review.visible_attachments(request.user), pk=attachment, application=application
        )
        is_unscanned = attachment.document.scan == Document.Scan.UNSCANNED
        if is_unscanned and request.method != "POST" and "anyway" not in request.GET:
            context = {
                **self.admin_site.each_context(request),
                "application": application,
                "attachment": attachment,
                "title": gettext("This file has not been scanned for viruses yet"),
                "opts": self.opts,
            }
            return TemplateResponse(request, "admin/applications/unscanned.html", context)
        name = review.download_name(attachment)
        return serving.download(attachment.document, reader=request.user, filename=name)

    def redirect_to(self, request, application):
        """Redirect to the review page, which keeps the filters of the list."""
        address = reverse("admin:applications_application_change", args=[application.pk])
        query = request.GET.urlencode()
        return redirect(f"{address}?{query}" if query else address)


def _move(applications, stage, user):
    """Move the confirmed ones to a stage. Returns how many were in another stage."""
    keys = list(applications.values_list("pk", flat=True))
    with transaction.atomic():
        rows = Application.objects.confirmed().filter(pk__in=keys).select_for_update()
        return sum(row.move(stage, changed_by=user) for row in rows)


def _move_message(application, stage, moved):
    message = (
        gettext("%(name)s is now in “%(stage)s”.")
        if moved
        else gettext("%(name)s was in “%(stage)s” already.")
    )
    return message % {"name": application.name, "stage": Stage(stage).label}


def _move_selected(admin, request, queryset, *, stage):
    moved = _move(queryset, stage, request.user)
    message = ngettext(
        "%(number)d application is now in “%(stage)s”.",
        "%(number)d applications are now in “%(stage)s”.",
        moved,
    )
    if not moved:
        message = gettext("All of them were in “%(stage)s” already.")
    message %= {"number": moved, "stage": Stage(stage).label}
    admin.message_user(request, message, messages.SUCCESS)


def _release_selected(admin, request, queryset):
    released = sum(confirm(application) for application in queryset)
    message = ngettext(
        "%(number)d application was released from quarantine and is now in the list.",
        "%(number)d applications were released from quarantine and are now in the list.",
        released,
    )
    admin.message_user(request, message % {"number": released}, messages.SUCCESS)
