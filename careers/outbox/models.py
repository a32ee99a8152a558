"""A letter: a row in the caller's transaction, so that it exists exactly when what it tells is true."""

import unicodedata
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.core.mail import BadHeaderError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from . import filebased
from .config import mailbox

LEASE = timedelta(minutes=2)  # longer than any conversation about one letter


class EmailQuerySet(models.QuerySet):
    def queue(self, **said):
        """Write a letter, as `composed`; it leaves once the caller's transaction is committed, or never."""
        letter = self.composed(**said)
        letter.save()
        return letter

    def composed(
        self,
        *,
        recipient,
        subject,
        body,
        language,
        sender="",
        reply_to="",
        reference="",
        erase_after_sending=False,
    ):
        """A letter that is not saved yet.

        `reference`: the reference of what it tells of, by which it is found when that is erased.

        `erase_after_sending`: the text may hold a link that opens something once, so it is erased from the
        row as soon as the letter has arrived or has failed for good.
        """
        return self.model(
            recipient=bare(recipient),
            sender=str(mailbox(_line(sender or settings.MAIL_FROM))),
            reply_to=str(mailbox(_line(reply_to))) if reply_to else "",
            subject=_line(subject).strip(),  # a header has no space around it
            body=body,
            language=language,
            reference=reference,
            erase_after_sending=erase_after_sending,
            message_id=f"<{uuid4().hex}@{urlsplit(settings.SITE_URL).hostname}>",
        )

    def due(self):
        """What should leave now, and that no living worker has in its hands; the oldest first."""
        now = timezone.now()
        free = Q(leased_until=None) | Q(leased_until__lte=now)
        waiting = self.filter(free, state=Email.State.WAITING, due_at__lte=now)
        return waiting.order_by("due_at", "pk")

    def claim(self):
        """One due letter, which is the caller's alone until its lease ends; None: there is none."""
        if not self.due().exists():  # most of the time, and without keeping a writer waiting
            return None
        with transaction.atomic():
            # PostgreSQL passes over rows that others are claiming; on SQLite there is one writer.
            letter = self.due().select_for_update(skip_locked=True).first()
            if letter:
                letter.attempts += 1
                letter.leased_until = timezone.now() + LEASE
                letter.save(update_fields=["attempts", "leased_until"])
            return letter

    def failed(self):
        """Letters that could not be delivered, and that nobody tries any more."""
        return self.filter(state=Email.State.FAILED)

    def scrub(self, address):
        """Erase a person: what waits for this address never leaves, of the rest only times stay.

        What concerns anything in particular is not theirs alone, and goes with that.
        """
        self.filter(recipient__iexact=bare(address), reference="")._scrub()

    def scrub_concerning(self, references):
        """The same for every letter, to whomever, that concerns one of these."""
        self.filter(reference__in=references)._scrub()

    def scrub_naming(self, number):
        """The same for every letter, to whomever, that names a reference number."""
        self.filter(Q(subject__contains=number) | Q(body__contains=number))._scrub()

    def _scrub(self):
        with transaction.atomic():
            letters = self.filter(pk__in=list(self.values_list("pk", flat=True)))
            filebased.remove(letters)
            letters.filter(state=Email.State.WAITING).delete()
            letters.update(recipient="", reply_to="", subject="", body="", reference="")

    def forget(self):
        """Delete what was settled long ago."""
        limit = timezone.now() - timedelta(days=settings.EMAIL_RETENTION_DAYS)
        old = self.filter(queued_at__lt=limit).exclude(state=Email.State.WAITING)
        filebased.remove(old)
        old.delete()


class Email(models.Model):
    """An e-mail to one person: its text as it was when queued. Its HTML is made from that on the way."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("letter", "waiting")
        SENT = "sent", pgettext_lazy("letter", "sent")
        FAILED = "failed", _("not delivered")

    class Failure(models.TextChoices):
        """Why the last attempt failed. What the server said may quote people, and is not kept."""

        UNREACHABLE = "unreachable", _("The mail server cannot be reached, or broke off.")
        ENCRYPTION = "encryption", _("The connection to the mail server could not be encrypted.")
        SIGN_IN = "sign_in", _("The mail server refused the user name or the password.")
        SENDER = "sender", _("The mail server refused the sender.")
        RECIPIENT = "recipient", _("The mail server refused the recipient’s address.")
        TEXT = "text", _("The mail server refused the text.")
        LATER = "later", _("The mail server asked to try again later.")
        FAULT = "fault", _("A fault of the site. The logs say more.")

    recipient = models.EmailField(pgettext_lazy("letter", "to"), max_length=320)
    sender = models.TextField(pgettext_lazy("letter", "from"))
    reply_to = models.TextField(_("replies go to"), blank=True)
    subject = models.TextField(_("subject"))
    body = models.TextField(pgettext_lazy("letter", "text"), blank=True)
    language = models.CharField(_("language"), max_length=2)
    reference = models.CharField(max_length=8, blank=True, db_index=True, editable=False)
    erase_after_sending = models.BooleanField(default=False)
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.WAITING)
    failure = models.CharField(_("last failure"), max_length=11, choices=Failure, blank=True)
    queued_at = models.DateTimeField(pgettext_lazy("letter", "queued"), default=timezone.now)
    due_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    leased_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(_("sent at"), null=True)
    # Fixed from the start: a letter that a kill made leave twice is recognised as one.
    message_id = models.CharField(max_length=320, unique=True)

    objects = EmailQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-queued_at", "-pk"]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="waiting"), name="letters_waiting")
        ]

    def __str__(self):
        return self.subject or self.message_id

    def copy(self):
        """Queue the same text once more. A letter of its own: a mail program that has seen the
        Message-ID before, and be it among what was deleted, would not show it again."""
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


def bare(address):
    """The address in the form in which it is kept; ValueError for what is none.

    A display name is dropped: it is one more thing to know about a person, and helps no letter.
    """
    return mailbox(_line(address)).addr_spec


def _line(text):
    """Text for a header. A second line in it would be a header of a stranger's choosing."""
    text = str(text)
    if any(unicodedata.category(sign) in ("Cc", "Zl", "Zp") for sign in text):
        raise BadHeaderError("The subject and the addresses of a letter are one line each.")
    return text
