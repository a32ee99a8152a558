"""Revisions, the saved versions of a record with time and author; and drafts, the unsaved text of forms."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

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


class DraftQuerySet(models.QuerySet["Draft"]):
    def for_form(self, user: User, model: type[models.Model], record: models.Model | None) -> Self:
        """The drafts of `user` for the form of `record`, or for the add form if None; the newest first."""
        content_type = ContentType.objects.get_for_model(model)
        object_id = record.pk if record else None
        return self.filter(user=user, content_type=content_type, object_id=object_id)

    def expired(self) -> Self:
        """Drafts that were last stored more than DRAFT_LIFETIME ago."""
        return self.filter(stored_at__lte=timezone.now() - settings.DRAFT_LIFETIME)

    def store(self, user: User, key: str, sequence: int, **values: Any) -> bool:
        """Store a state of an opened form; False if a later state of it is stored already.

        A new draft may delete the oldest ones of `user`: they have at most DRAFTS_PER_USER.
        """
        values |= {"sequence": sequence, "stored_at": timezone.now()}
        with transaction.atomic():
            draft, is_new = self.get_or_create(user=user, key=key, defaults=values)
            if not is_new:
                earlier = self.filter(pk=draft.pk, sequence__lt=sequence)
                return bool(earlier.update(**values))
            newest = self.filter(user=user)[: settings.DRAFTS_PER_USER]
            pks = list(newest.values_list("pk", flat=True))
            self.filter(user=user).exclude(pk__in=pks).delete()
            return True


class Draft(models.Model):
    """The unsaved values of one opened form of a user.

    `key` is the random key of the opened form, so that two tabs do not overwrite each other's draft.
    `sequence` counts the stored states. `object_id` is NULL for the form of a new record.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="+",
        db_index=False,  # the unique constraint begins with it
    )
    key = models.CharField(max_length=32)
    sequence = models.PositiveBigIntegerField()
    stored_at = models.DateTimeField(db_index=True)
    content_type = models.ForeignKey(
        ContentType,
        models.CASCADE,
        related_name="+",
        db_index=False,  # the index below begins with it
    )
    object_id = models.PositiveBigIntegerField(null=True)
    record = GenericForeignKey()
    data = models.JSONField()  # {name of a control: [texts]}
    parameters = models.JSONField()  # parameters of the URL of the form: {name: text}
    has_files = models.BooleanField()  # files were selected, which a draft does not contain

    objects = DraftQuerySet.as_manager()

    class Meta:
        ordering = ("-stored_at", "-pk")
        constraints = [
            models.UniqueConstraint(fields=("user", "key"), name="unique_draft_key_per_user")
        ]
        indexes = [models.Index(fields=("content_type", "object_id"), name="draft_object_idx")]

    def __str__(self) -> str:
        return f"{self.content_type_id}/{self.object_id}: {self.stored_at}"


class VersionedContent(PublicContent):
    """Content with a version history and drafts, which are deleted with it."""

    revisions = GenericRelation(Revision)
    drafts = GenericRelation(Draft)

    class Meta:
        abstract = True
