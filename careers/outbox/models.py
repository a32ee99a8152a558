"""The queue of emails: rows written in the caller's transaction, so that an email exists exactly if the
change it is about was committed."""

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Self
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.core.mail import BadHeaderError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from careers.email_address import comparison_key

from . import filebased
from .config import parse_mailbox

LEASE = timedelta(minutes=2)  # longer than sending one email can take
CONTROL_CHARACTERS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")  # with all line breaks


class EmailQuerySet(models.QuerySet["Email"]):
    def queue(self, **fields: Any) -> "Email":
        """Save an email (see `compose`); it is sent once the caller's transaction is committed."""
        email = self.compose(**fields)
        email.save()
        return email

    def compose(
        self,
        *,
        recipient: str,
        subject: str,
        body: str,
        language: str,
        sender: str = "",
        reply_to: str = "",
        reference: str = "",
        erase_after_sending: bool = False,
    ) -> "Email":
        """An email that is not saved yet.

        `reference` is the reference of the application it is about; erasing that application erases
        the email too. With `erase_after_sending` the body is erased from the row once the email was
        sent or has failed, because it holds a one-time link.
        """
        return self.model(
            recipient=normalize_address(recipient),
            sender=str(parse_mailbox(_header(sender or settings.MAIL_FROM))),
            reply_to=str(parse_mailbox(_header(reply_to))) if reply_to else "",
            subject=_header(subject).strip(),
            body=body,
            language=language,
            reference=reference,
            erase_after_sending=erase_after_sending,
            message_id=f"<{uuid4().hex}@{urlsplit(settings.SITE_URL).hostname}>",
        )

    def due(self) -> Self:
        """What is to be sent now and is not leased by a worker; the oldest first."""
        now = timezone.now()
        free = Q(leased_until=None) | Q(leased_until__lte=now)
        waiting = self.filter(free, state=Email.State.WAITING, due_at__lte=now)
        return waiting.order_by("due_at", "pk")

    def claim(self) -> "Email | None":
        """Lease one due email to the caller; None if there is none."""
        if not self.due().exists():  # the usual case, without taking the write lock
            return None
        with transaction.atomic():
            # PostgreSQL skips rows that other workers are claiming; SQLite has a single writer.
            email = self.due().select_for_update(skip_locked=True).first()
            if email:
                email.attempts += 1
                email.leased_until = timezone.now() + LEASE
                email.save(update_fields=["attempts", "leased_until"])
            return email

    def to_address(self, address: str) -> Self:
        """Emails to this address, however it is written."""
        return self.filter(recipient__iexact=comparison_key(address))

    def failed(self) -> Self:
        """Emails that could not be sent and will not be tried again."""
        return self.filter(state=Email.State.FAILED)

    def scrub(self, address: str) -> None:
        """Erase a person: emails waiting for this address are deleted, of other emails only the times are kept.

        Emails with a reference are left to `scrub_references`: another application of the same person
        may still need them.
        """
        self.to_address(address).filter(reference="")._scrub()

    def scrub_references(self, references: Iterable[str]) -> None:
        """The same for emails to any address that are about one of these applications."""
        self.filter(reference__in=references)._scrub()

    def scrub_mentions(self, display_reference: str) -> None:
        """The same for emails to any address that mention a reference number."""
        self.filter(
            Q(subject__contains=display_reference) | Q(body__contains=display_reference)
        )._scrub()

    def _scrub(self) -> None:
        with transaction.atomic():
            emails = self.filter(pk__in=list(self.values_list("pk", flat=True)))
            filebased.remove(emails)
            emails.filter(state=Email.State.WAITING).delete()
            emails.update(recipient="", reply_to="", subject="", body="", reference="")

    def prune(self) -> None:
        """Delete emails that were sent or failed more than EMAIL_RETENTION_DAYS ago."""
        limit = timezone.now() - timedelta(days=settings.EMAIL_RETENTION_DAYS)
        old = self.filter(queued_at__lt=limit).exclude(state=Email.State.WAITING)
        filebased.remove(old)
        old.delete()


class Email(models.Model):
    """An email to one person: its text as rendered when queued. The HTML is made from it when sending."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("email", "waiting")
        SENT = "sent", pgettext_lazy("email", "sent")
        FAILED = "failed", _("not delivered")

    class Failure(models.TextChoices):
        """Why the last attempt failed. Replies of the server may quote people, so they are not stored."""

        UNREACHABLE = "unreachable", _("The mail server cannot be reached, or broke off.")
        ENCRYPTION = "encryption", _("The connection to the mail server could not be encrypted.")
        SIGN_IN = "sign_in", _("The mail server refused the user name or the password.")
        SENDER = "sender", _("The mail server refused the sender.")
        RECIPIENT = "recipient", _("The mail server refused the recipient’s address.")
        TEXT = "text", _("The mail server refused the text.")
        LATER = "later", _("The mail server asked to try again later.")
        FAULT = "fault", _("A fault of the site. The logs say more.")

    recipient = models.EmailField(pgettext_lazy("email", "to"), max_length=320)
    sender = models.TextField(pgettext_lazy("email", "from"))
    reply_to = models.TextField(_("replies go to"), blank=True)
    subject = models.TextField(_("subject"))
    body = models.TextField(pgettext_lazy("email", "text"), blank=True)
    language = models.CharField(_("language"), max_length=2)
    reference = models.CharField(max_length=8, blank=True, db_index=True, editable=False)
    erase_after_sending = models.BooleanField(default=False)
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.WAITING)
    failure = models.CharField(_("last failure"), max_length=11, choices=Failure, blank=True)
    queued_at = models.DateTimeField(pgettext_lazy("email", "queued"), default=timezone.now)
    due_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    leased_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(_("sent at"), null=True)
    # Set when queued: an email that is sent twice after a crash is recognized as one.
    message_id = models.CharField(max_length=320, unique=True)

    objects = EmailQuerySet.as_manager()

    class Meta:
        verbose_name = _("email")
        verbose_name_plural = _("emails")
        ordering = ["-queued_at", "-pk"]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="waiting"), name="outbox_waiting")
        ]

    def __str__(self) -> str:
        return self.subject or self.message_id

    def copy(self) -> "Email":
        """Queue the same text again, with a new Message-ID: mail programs hide a message whose ID they
        have seen before, even if it was deleted."""
        return Email.objects.queue(
            recipient=self.recipient,
            sender=self.sender,
            reply_to=self.reply_to,
            subject=self.subject,
            body=self.body,
            language=self.language,
            reference=self.reference,
            erase_after_sending=self.erase_after_sending,
        )


def normalize_address(address: str) -> str:
    """The address as it is stored, without a display name; ValueError if it is invalid."""
    return parse_mailbox(_header(address)).address


def _header(text: object) -> str:
    """Text for a header. A line break in it would allow header injection."""
    text = str(text)
    if CONTROL_CHARACTERS.search(text):
        raise BadHeaderError("The subject and the addresses of an email are one line each.")
    return text
