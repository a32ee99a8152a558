"""Letters, in the admin: superusers see what waits and what failed, and send again."""

from django.conf import settings
from django.contrib import admin, messages
from django.db import transaction
from django.template.defaultfilters import linebreaksbr, urlize
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from . import filebased
from .models import Email


@admin.register(Email)
class EmailAdmin(admin.ModelAdmin):
    list_display = ("recipient", "subject", "state", "queued_at", "next_attempt")
    list_display_links = ("recipient", "subject")
    list_filter = ("state",)
    search_fields = ("recipient", "subject")
    actions = ("try_again", "send_copy")

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_fields(self, request, obj=None):
        fields = ["recipient", "sender", "reply_to", "subject", "state", "failure"]
        fields += ["queued_at", "next_attempt", "attempts", "sent_at"]
        # What a letter says is between the company and a person; on a trial it is nobody's secret.
        return [*fields, "text"] if settings.DEV else fields

    @admin.display(description=_("next attempt"), ordering="due_at")
    def next_attempt(self, letter):
        return letter.due_at if letter.state == Email.State.WAITING else None

    @admin.display(description=pgettext_lazy("letter", "text"))
    def text(self, letter):
        return linebreaksbr(urlize(letter.body or filebased.text(letter)))

    @admin.action(description=_("Try again now"), permissions=["view"])
    def try_again(self, request, queryset):
        """Make letters due now. One whose text is erased has nothing to say any more."""
        unsent = queryset.exclude(state=Email.State.SENT)
        due = unsent.exclude(body="").update(state=Email.State.WAITING, due_at=timezone.now())
        self._leaving(request, due)
        if left := queryset.count() - due:
            said = ngettext(
                "%(number)d letter cannot leave again: it arrived, or its text, which held a"
                " one-time link, is erased. Start again where it came from, for example with a new"
                " invitation.",
                "%(number)d letters cannot leave again: they arrived, or their text, which held a"
                " one-time link, is erased. Start again where they came from, for example with a"
                " new invitation.",
                left,
            )
            self.message_user(request, said % {"number": left}, messages.WARNING)

    @admin.action(description=_("Send a copy of what has arrived"), permissions=["view"])
    def send_copy(self, request, queryset):
        """For whom cannot find the letter. One whose text is erased, or still to arrive, has none."""
        arrived = queryset.filter(state=Email.State.SENT).exclude(body="").order_by("pk")
        with transaction.atomic():
            copies = [letter.copy() for letter in arrived]
        self._leaving(request, len(copies))
        if left := queryset.count() - len(copies):
            said = ngettext(
                "%(number)d letter was not copied: it has not arrived yet, or its text is erased.",
                "%(number)d letters were not copied: they have not arrived yet, or their text is"
                " erased.",
                left,
            )
            self.message_user(request, said % {"number": left}, messages.WARNING)

    def _leaving(self, request, number):
        if number:
            said = ngettext(
                "%(number)d letter will leave within seconds.",
                "%(number)d letters will leave within seconds.",
                number,
            )
            self.message_user(request, said % {"number": number}, messages.SUCCESS)
