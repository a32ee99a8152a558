"""A document: what a candidate sent, under a name that nobody can guess, and who has opened it."""

import secrets
from typing import NamedTuple

from django.conf import settings
from django.db import models
from django.db.models import Count, Min, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .types import NAMES

FINDINGS = {
    "javascript": _("contains a script"),
    "launch": _("can start other programs"),
    "embedded": _("contains other files"),
    "external": _("refers to addresses outside"),
    "media": _("contains sound, film or 3D"),
    "macro_like": _("contains controls that programs can steer"),
    "odd_names": _("contains parts with unusual names"),
    "odd_start": _("begins with something else"),
}


class Waiting(NamedTuple):
    """How many documents no scanner has looked at yet, and since when the oldest of them waits."""

    count: int
    since: object


class DocumentQuerySet(models.QuerySet):
    def unscanned(self):
        """What the scanner was asked about in vain; the oldest first."""
        return self.filter(scan=Document.Scan.UNSCANNED).order_by("received_at", "pk")

    def waiting(self):
        """Count and age of what is unscanned."""
        return Waiting(**self.unscanned().aggregate(count=Count("pk"), since=Min("received_at")))


class Document(models.Model):
    """A file of a stranger: its bytes are in the store `documents`, under `key`, and nowhere else."""

    class Scan(models.TextChoices):
        NONE = "none", pgettext_lazy("virus scan", "no scanner")
        UNSCANNED = "unscanned", pgettext_lazy("virus scan", "not scanned yet")
        CLEAN = "clean", pgettext_lazy("virus scan", "no virus found")
        INFECTED = "infected", pgettext_lazy("virus scan", "virus found")

    key = models.CharField(max_length=32, unique=True, editable=False)
    name = models.CharField(pgettext_lazy("document", "name"), max_length=255)
    type = models.CharField(pgettext_lazy("document", "type"), max_length=4)
    size = models.PositiveIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    findings = models.JSONField(_("noticed"), default=list, blank=True)
    scan = models.CharField(_("virus scan"), max_length=9, choices=Scan, default=Scan.NONE)
    scanned_at = models.DateTimeField(_("scanned at"), null=True, blank=True)
    received_at = models.DateTimeField(_("received at"), default=timezone.now)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("documents", "document")
        verbose_name_plural = pgettext_lazy("documents", "documents")
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["received_at"], condition=Q(scan="unscanned"), name="documents_unscanned"
            )
        ]

    def __str__(self):
        return self.name

    @property
    def type_name(self):
        """What kind of file it is, in the language of the page."""
        return NAMES[self.type]

    @property
    def noticed(self):
        """What was noticed in it, in the language of the page. No reason to refuse it; to be careful."""
        return [FINDINGS[code] for code in self.findings]

    @property
    def scan_is_settled(self):
        """Whether the scan needs nobody's attention: nothing was found, or there is no scanner."""
        return self.scan in (self.Scan.CLEAN, self.Scan.NONE)

    @property
    def open_to_readers(self):
        """Whether it may be downloaded at all."""
        return self.scan != self.Scan.INFECTED


def new_key():
    """A name in the store: 128 random bits."""
    return secrets.token_hex(16)


class Reading(models.Model):
    """Somebody opened a document. Written before the first byte leaves."""

    document = models.ForeignKey(
        Document, models.CASCADE, related_name="readings", verbose_name=_("document")
    )
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=pgettext_lazy("document", "opened by"),
    )
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name = pgettext_lazy("documents", "reading")
        verbose_name_plural = pgettext_lazy("documents", "readings")
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.document_id}: {self.at:%Y-%m-%d %H:%M}"
