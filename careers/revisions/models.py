"""Revisions: each saved version of a record, when it was saved and by whom."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from careers.content import PublicContent
from careers.staff.models import User

from .snapshot import Snapshot, digest, load, snapshot


class RevisionQuerySet(models.QuerySet["Revision"]):
    def for_instance(self, record: PublicContent) -> Self:
        """The revisions of `record`, the newest first."""
        content_type = ContentType.objects.get_for_model(record)
        return self.filter(content_type=content_type, object_id=record.pk)

    def create_from(
        self, record: PublicContent, *, by: User | None, before: Snapshot | None = None
    ) -> None:
        """Store the saved state of `record` as a revision, unless it equals the snapshot `before`.

        If the newest revision does not equal `before`, a program has changed the record since. Then
        `before` is stored too, without author and time, so that each revision can be compared with
        its predecessor.
        """
        current = snapshot(load(type(record), record.pk))
        if current == before:
            return
        newest = self.for_instance(record).first()
        if before is not None and (newest is None or newest.digest != digest(before)):
            self.create(record=record, content=before, digest=digest(before))
        self.create(
            record=record,
            content=current,
            digest=digest(current),
            created_by=by,
            created_at=timezone.now(),
        )


@contextmanager
def create_revision(record: PublicContent, *, by: User | None) -> Iterator[None]:
    """Store all changes made inside the block as one revision of `record`, in one transaction."""
    with transaction.atomic():
        before = snapshot(load(type(record), record.pk, lock=True))
        yield
        Revision.objects.create_from(record, by=by, before=before)


class Revision(models.Model):
    """One version of a record. `created_at` is NULL if a program made the change at an unknown time."""

    content_type = models.ForeignKey(
        ContentType,
        models.CASCADE,
        related_name="+",
        db_index=False,  # the index below begins with it
    )
    object_id = models.PositiveBigIntegerField()
    record = GenericForeignKey()
    created_at = models.DateTimeField(_("when"), null=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("who"),
    )
    digest = models.CharField(max_length=64)
    content = models.JSONField()  # a snapshot

    objects = RevisionQuerySet.as_manager()

    is_counted_in_deletions = True  # on the page that asks before a record is deleted

    class Meta:
        ordering = ("-pk",)
        indexes = [
            models.Index(fields=("content_type", "object_id", "-id"), name="revision_object_idx")
        ]
        verbose_name = _("version")
        verbose_name_plural = _("versions")

    def __str__(self) -> str:
        return f"{self.content_type_id}/{self.object_id}: {self.created_at}"


class VersionedContent(PublicContent):
    """Content with a version history, which is deleted with it."""

    revisions = GenericRelation(Revision)

    class Meta:
        abstract = True
