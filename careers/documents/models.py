"""Uploaded documents, and the log of who downloaded them."""

import secrets
from datetime import datetime
from typing import NamedTuple, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Min, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .reading import BinaryFile
from .types import NAMES

FINDINGS = {
    "javascript": _("contains a script"),
    "launch": _("can start other programs"),
    "embedded": _("contains other files"),
    "external": _("refers to addresses outside"),
    "media": _("contains sound, film or 3D"),
    "dynamic_form": _("contains a dynamic form (XFA)"),
    "macro_like": _("contains controls that programs can steer"),
    "odd_names": _("contains parts with unusual names"),
    "odd_start": _("begins with something else"),
    "odd_end": _("ends with a web page"),
    "unexamined": _("has parts that could not be examined"),
}


class ScanBacklog(NamedTuple):
    """How many documents wait for the virus scanner, and when the oldest was received (or None)."""

    count: int  # type: ignore[assignment]  # in place of tuple.count()
    oldest: datetime | None


class DocumentQuerySet(models.QuerySet["Document"]):
    def unscanned(self) -> Self:
        """Documents that were accepted without a result of the scanner; the oldest first."""
        return self.filter(scan=Document.Scan.UNSCANNED).order_by("received_at", "pk")

    def scan_backlog(self) -> ScanBacklog:
        """The `ScanBacklog` of these documents."""
        totals = self.unscanned().aggregate(count=Count("pk"), oldest=Min("received_at"))
        return ScanBacklog(**totals)


class Document(models.Model):
    """An uploaded file. Its bytes are in the storage `documents` under `key`, and nowhere else.

    Until `ingest.stored` stores them, they are in the temporary file `upload`.
    """

    class Scan(models.TextChoices):
        NONE = "none", pgettext_lazy("virus scan", "no scanner")
        UNSCANNED = "unscanned", pgettext_lazy("virus scan", "not scanned yet")
        CLEAN = "clean", pgettext_lazy("virus scan", "no virus found")
        INFECTED = "infected", pgettext_lazy("virus scan", "virus found")

    key = models.CharField(max_length=32, unique=True, editable=False)
    name = models.CharField(pgettext_lazy("document", "name"), max_length=255)
    type = models.CharField(pgettext_lazy("document", "type"), max_length=20)
    size = models.PositiveIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    findings = models.JSONField(_("noticed"), default=list, blank=True)
    scan = models.CharField(_("virus scan"), max_length=9, choices=Scan, default=Scan.NONE)
    scanned_at = models.DateTimeField(_("scanned at"), null=True, blank=True)
    received_at = models.DateTimeField(_("received at"), default=timezone.now)

    upload: BinaryFile | None = None

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

    def __str__(self) -> str:
        return self.name

    @property
    def type_name(self) -> str | Promise:
        """The name of its type, in the active language."""
        return NAMES[self.type]

    @property
    def warnings(self) -> list[str | Promise]:
        """The findings as sentences in the active language: reasons to be careful, not to reject."""
        return [FINDINGS[code] for code in self.findings]

    @property
    def is_scan_settled(self) -> bool:
        """Whether the scan needs no attention: no virus was found, or there is no scanner."""
        return self.scan in (self.Scan.CLEAN, self.Scan.NONE)

    @property
    def is_downloadable(self) -> bool:
        """Whether anybody may download it: not if it is infected."""
        return self.scan != self.Scan.INFECTED


def new_key() -> str:
    """A key in the storage: 128 random bits, in hexadecimal."""
    return secrets.token_hex(16)


class DocumentAccess(models.Model):
    """A download by a member of staff, recorded before the first byte is sent."""

    document = models.ForeignKey(
        Document, models.CASCADE, related_name="accesses", verbose_name=_("document")
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

    def __str__(self) -> str:
        return f"{self.document_id}: {self.at:%Y-%m-%d %H:%M}"
