"""Applications, in the admin: a list to search, one page for each, and what is done with them: moving
them through the stages, letting them out of quarantine, sending a lost letter once more."""

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

from careers.documents import serving
from careers.documents.models import Document
from careers.languages import marked, words

from . import letters, quarantine, reviewing
from .confirming import confirm
from .facts import Stage
from .filtering import OfRole, Waiting, is_waiting, place
from .models import Application


@admin.register(Application)
class ApplicationAdmin(admin.ModelAdmin):
    list_display = ("who", "of_role", "how_far", "received", "papers", "language", "number")
    list_filter = (
        Waiting,
        "stage",
        OfRole,
        ("role__department", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("role",)
    search_fields = ("folded",)
    list_per_page = 50

    # --- Who may do what ----------------------------------------------------------------------

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        visible = super().get_queryset(request).visible_to(request.user)
        return reviewing.counted(visible, request.user)

    def get_object(self, request, object_id, from_field=None):
        """An application that this person may know of. For all others there is none."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        application = super().get_object(request, object_id, from_field)
        if application is None:
            raise Http404
        return application

    def _for_acting(self, request, object_id):
        application = self.get_object(request, unquote(object_id))
        if not reviewing.is_recruiter(request.user):
            raise PermissionDenied
        return application

    # --- The list -----------------------------------------------------------------------------

    def changelist_view(self, request, extra_context=None):
        context = {"title": capfirst(self.opts.verbose_name_plural), **place(request)}
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def get_search_results(self, request, queryset, search_term):
        return reviewing.search(queryset, search_term), False

    @admin.display(description=_("name"))
    def who(self, application):
        reading = " ".join(part for _name, part in reviewing.name(application) if part)
        if not reading:
            return application.name
        return format_html(
            '{} <span class="name-reading" lang="ja">{}</span>', application, reading
        )

    @admin.display(description=_("role"))
    def of_role(self, application):
        if application.role is None:
            return gettext("General application")
        return marked(words(application.role, "title"))

    @admin.display(description=Application._meta.get_field("stage").verbose_name)
    def how_far(self, application):
        if not application.is_confirmed:
            said = gettext("Waiting for confirmation")
            return format_html('<span class="chip missing">{}</span>', said)
        kind = "stale" if application.stage == Stage.NEW else "ready"
        return format_html('<span class="chip {}">{}</span>', kind, application.get_stage_display())

    @admin.display(description=_("received"), ordering="received_at")
    def received(self, application):
        return date_format(localtime(application.received_at), "SHORT_DATETIME_FORMAT")

    @admin.display(description=_("documents"))
    def papers(self, application):
        return application.papers

    @admin.display(description=_("reference"))
    def number(self, application):
        return application.number

    # --- Several at once ----------------------------------------------------------------------

    def get_actions(self, request):
        """What can be done in the tab that is open."""
        if not reviewing.is_recruiter(request.user):
            return {}
        if is_waiting(request):
            said = _("Release from quarantine")
            return {"release": (_release_several, "release", said)}
        moves = {}
        for stage, label in Stage.choices:
            act, said = partial(_move_several, stage=stage), gettext("Move to “%(stage)s”")
            moves[f"move_to_{stage}"] = (act, f"move_to_{stage}", said % {"stage": label})
        return moves

    # --- One of them --------------------------------------------------------------------------

    def get_urls(self):
        ours = {
            "move": "move",
            "release": "release",
            "write": "write",
            "documents/<int:attachment>": "document",
        }
        return [
            path(
                f"<path:object_id>/{end}/",
                self.admin_site.admin_view(getattr(self, name)),
                name=f"applications_application_{name}",
            )
            for end, name in ours.items()
        ] + super().get_urls()

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Everything about one application. It is read here; nobody edits what somebody sent."""
        application = self.get_object(request, unquote(object_id))
        if request.method not in ("GET", "HEAD"):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            **reviewing.page(application, request.user),
            "told": quarantine.is_told(application),
            "title": application.name,
            "opts": self.opts,
            "preserved_filters": self.get_preserved_filters(request),
            "here": f"?{request.GET.urlencode()}" if request.GET else "",
        }
        return TemplateResponse(request, "admin/applications/application.html", context)

    @method_decorator(require_POST)
    def move(self, request, object_id):
        """Put it into another stage."""
        application = self._for_acting(request, object_id)
        stage = request.POST.get("stage")
        if stage not in Stage.values:
            self.message_user(request, gettext("Please choose a stage."), messages.ERROR)
        elif not application.is_confirmed:
            said = gettext("Please release this application from quarantine first.")
            self.message_user(request, said, messages.ERROR)
        else:
            moved = _move(Application.objects.filter(pk=application.pk), stage, request.user)
            self.message_user(request, _where(application, stage, moved), messages.SUCCESS)
        return self._back(request, application)

    @method_decorator(require_POST)
    def release(self, request, object_id):
        """Let it out of quarantine: from now on it is in the list."""
        application = self._for_acting(request, object_id)
        if confirm(application):
            said = gettext("%(name)s’s application is released, and stands in the list now.")
        else:
            said = gettext("%(name)s’s application had been confirmed already.")
        self.message_user(request, said % {"name": application.name}, messages.SUCCESS)
        return self._back(request, application)

    @method_decorator(require_POST)
    def write(self, request, object_id):
        """Send the letter once more that whoever applied has not got, or cannot find."""
        application = self._for_acting(request, object_id)
        with transaction.atomic():
            row = get_object_or_404(Application.objects.select_for_update(), pk=application.pk)
            refused = letters.not_again(row)
            if not refused:
                letters.again(row)
        if refused:
            self.message_user(request, refused, messages.WARNING)
        else:
            said = gettext("A letter is on its way to %(address)s.")
            self.message_user(request, said % {"address": application.email}, messages.SUCCESS)
        return self._back(request, application)

    def document(self, request, object_id, attachment):
        """A document as a download. One that no scanner has seen is given to whoever insists."""
        application = self.get_object(request, unquote(object_id))
        found = get_object_or_404(
            reviewing.attachments(request.user), pk=attachment, application=application
        )
        unseen = found.document.scan == Document.Scan.UNSCANNED
        if unseen and request.method != "POST" and "anyway" not in request.GET:
            context = {
                **self.admin_site.each_context(request),
                "application": application,
                "attachment": found,
                "title": gettext("This file has not been scanned for viruses yet"),
                "opts": self.opts,
            }
            return TemplateResponse(request, "admin/applications/unscanned.html", context)
        name = reviewing.filename(found)
        return serving.download(found.document, reader=request.user, filename=name)

    def _back(self, request, application):
        address = reverse("admin:applications_application_change", args=[application.pk])
        query = request.GET.urlencode()
        return redirect(f"{address}?{query}" if query else address)


def _move(applications, stage, by):
    """Move confirmed ones to a stage; how many were elsewhere before."""
    keys = list(applications.values_list("pk", flat=True))
    with transaction.atomic():
        rows = Application.objects.confirmed().filter(pk__in=keys).select_for_update()
        return sum(row.move(stage, by=by) for row in rows)


def _where(application, stage, moved):
    said = (
        gettext("%(name)s is now in “%(stage)s”.")
        if moved
        else gettext("%(name)s was in “%(stage)s” already.")
    )
    return said % {"name": application.name, "stage": Stage(stage).label}


def _move_several(admin, request, queryset, *, stage):
    moved = _move(queryset, stage, request.user)
    said = ngettext(
        "%(number)d application is now in “%(stage)s”.",
        "%(number)d applications are now in “%(stage)s”.",
        moved,
    )
    if not moved:
        said = gettext("All of them were in “%(stage)s” already.")
    said %= {"number": moved, "stage": Stage(stage).label}
    admin.message_user(request, said, messages.SUCCESS)


def _release_several(admin, request, queryset):
    released = sum(confirm(application) for application in queryset)
    said = ngettext(
        "%(number)d application is released, and stands in the list now.",
        "%(number)d applications are released, and stand in the list now.",
        released,
    )
    admin.message_user(request, said % {"number": released}, messages.SUCCESS)
