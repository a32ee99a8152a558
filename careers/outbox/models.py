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
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from careers.email_address import comparison_key

from . import filebased
from .config import parse_mailbox

LEASE = timedelta(minutes=2)  # longer than sending one email can take
CLOCK_TOLERANCE = timedelta(minutes=1)  # the clocks of two workers differ by less
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
        """What is to be sent now and is not leased by a worker; the oldest first.

        A time that is further ahead than any lease or delay was set while the clock was wrong, and is
        ignored. So is the time of a first attempt.
        """
        now = timezone.now()
        latest = now + CLOCK_TOLERANCE
        free = Q(leased_until=None) | Q(leased_until__lte=now) | Q(leased_until__gt=latest + LEASE)
        recent = Q(queued_at__gt=now - settings.EMAIL_FREQUENT_RETRIES)
        due = (
            Q(attempts=0)
            | Q(due_at__lte=now)
            | Q(due_at__gt=latest + settings.EMAIL_LATE_RETRY_DELAY)
            | recent & Q(due_at__gt=latest + settings.EMAIL_RETRY_DELAYS[-1])
        )
        return self.filter(free, due, state=Email.State.WAITING).order_by("due_at", "pk")

    def claim(self) -> "Email | None":
        """Lease one due email to the caller; None if there is none."""
        if not self.due().exists():  # the usual case, without taking the write lock
            return None
        with transaction.atomic():
            # PostgreSQL skips rows that other workers are claiming; SQLite has a single writer.
            email = self.due().select_for_update(skip_locked=True).first()
            if email:
                email.attempts += 1
                email.attempted_at = timezone.now()
                email.leased_until = email.attempted_at + LEASE
                email.save(update_fields=["attempts", "attempted_at", "leased_until"])
            return email

    def scheduled(self) -> Self:
        """Emails that wait for the time of their next attempt."""
        return self.filter(state=Email.State.WAITING, due_at__gt=timezone.now())

    def retry_now(self) -> int:
        """Make all waiting emails due; return how many would have waited longer."""
        return self.scheduled().update(due_at=timezone.now())

    def retry_soon(self) -> None:
        """Make emails due whose last failure was temporary, because the mail server accepts emails again.

        None is tried twice within the first of EMAIL_RETRY_DELAYS: one recipient's server may still
        refuse while others accept.
        """
        soonest = F("attempted_at") + settings.EMAIL_RETRY_DELAYS[0]
        delayed = self.filter(failure__in=Email.TEMPORARY_FAILURES, due_at__gt=soonest)
        delayed.filter(state=Email.State.WAITING).update(due_at=soonest)

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

    # What may be over as soon as the mail server accepts any other email.
    TEMPORARY_FAILURES = (
        Failure.UNREACHABLE,
        Failure.ENCRYPTION,
        Failure.SIGN_IN,
        Failure.LATER,
    )

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
    attempted_at = models.DateTimeField(null=True, editable=False)  # the last attempt
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
