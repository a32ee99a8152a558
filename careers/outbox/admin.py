"""Emails in the admin: superusers see which wait and which failed, and send them again."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.defaultfilters import linebreaksbr, urlize
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from careers.revisions.admin_urls import post_path

from . import filebased
from .models import Email, EmailQuerySet


@admin.register(Email)
class EmailAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    list_display = ("recipient", "subject", "state", "queued_at", "next_attempt")
    list_display_links = ("recipient", "subject")
    list_filter = ("state",)
    search_fields = ("recipient", "subject")
    actions = ("try_again", "send_copy")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Email | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Email | None = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: Email | None = None) -> list[Any]:
        fields = ["recipient", "sender", "reply_to", "subject", "state", "failure"]
        fields += ["queued_at", "next_attempt", "attempts", "sent_at"]
        # The text is private to its recipient; on a development site it may be shown.
        return [*fields, "text"] if settings.DEV else fields

    def get_urls(self) -> list[URLPattern]:
        return [post_path(self, "try-now/", type(self).try_now, "try_now"), *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {"scheduled": Email.objects.scheduled().count(), **(extra_context or {})}
        return super().changelist_view(request, context)

    def try_now(self, request: HttpRequest) -> HttpResponse:
        """Make all waiting emails due, for example once the mail server is repaired."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if due := Email.objects.retry_now():
            self._report_queued(request, due)
        else:
            self.message_user(request, _("No email is waiting for its next attempt."))
        return HttpResponseRedirect(reverse("admin:outbox_email_changelist"))

    @admin.display(description=_("next attempt"), ordering="due_at")
    def next_attempt(self, email: Email) -> datetime | None:
        return email.due_at if email.state == Email.State.WAITING else None

    @admin.display(description=pgettext_lazy("email", "text"))
    def text(self, email: Email) -> str:
        return linebreaksbr(urlize(email.body or filebased.read_text(email)))

    @admin.action(description=_("Try again now"), permissions=["view"])
    def try_again(self, request: HttpRequest, queryset: EmailQuerySet) -> None:
        """Make emails due now. Those whose text is erased cannot be sent again."""
        unsent = queryset.exclude(state=Email.State.SENT)
        due = unsent.exclude(body="").update(state=Email.State.WAITING, due_at=timezone.now())
        self._report_queued(request, due)
        self._warn_if_gone(request, queryset)
        if remaining := queryset.count() - due:
            message = ngettext(
                "%(number)d email cannot leave again: it arrived, or its text, which held a"
                " one-time link, is erased. Start again where it came from, for example with a new"
                " invitation.",
                "%(number)d emails cannot leave again: they arrived, or their text, which held a"
                " one-time link, is erased. Start again where they came from, for example with a"
                " new invitation.",
                remaining,
            )
            self.message_user(request, message % {"number": remaining}, messages.WARNING)

    @admin.action(description=_("Send a copy of what has arrived"), permissions=["view"])
    def send_copy(self, request: HttpRequest, queryset: EmailQuerySet) -> None:
        """For recipients who cannot find an email. Emails not sent yet, or without text, have no copy."""
        sent = queryset.filter(state=Email.State.SENT).exclude(body="").order_by("pk")
        with transaction.atomic():
            copies = [email.copy() for email in sent]
        self._report_queued(request, len(copies))
        self._warn_if_gone(request, queryset)
        if remaining := queryset.count() - len(copies):
            message = ngettext(
                "%(number)d email was not copied: it has not arrived yet, or its text is erased.",
                "%(number)d emails were not copied: they have not arrived yet, or their text is"
                " erased.",
                remaining,
            )
            self.message_user(request, message % {"number": remaining}, messages.WARNING)

    def _report_queued(self, request: HttpRequest, number: int) -> None:
        if number:
            message = ngettext(
                "%(number)d email will leave within seconds.",
                "%(number)d emails will leave within seconds.",
                number,
            )
            self.message_user(request, message % {"number": number}, messages.SUCCESS)

    def _warn_if_gone(self, request: HttpRequest, queryset: EmailQuerySet) -> None:
        if not queryset.exists():
            text = _("Nothing was done: the selected emails no longer exist.")
            self.message_user(request, text, messages.WARNING)
