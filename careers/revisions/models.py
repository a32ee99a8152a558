"""One version of one record: what it said, since when, and who wrote it."""

from contextlib import contextmanager

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .snapshot import content, digest, stored


class RevisionQuerySet(models.QuerySet):
    def of(self, *records):
        """The versions of some records of one model, the newest first."""
        if not records:
            return self.none()
        kind = ContentType.objects.get_for_model(type(records[0]))
        return self.filter(kind=kind, record_id__in=[record.pk for record in records])

    def keep(self, record, *, by, before=None):
        """Keep what `record` says in the database now, unless it says nothing new.

        `before` is the content that it had until now. If no version says that, a program wrote it:
        it is kept too, so that every version can be compared with the one before.
        """
        now = content(stored(type(record), record.pk))
        if now == before:
            return
        last = self.of(record).first()
        if before is not None and (last is None or last.digest != digest(before)):
            self._create(record, before)
        self._create(record, now, made_by=by, made_at=timezone.now())

    def forget(self, *records):
        """The records are gone; so is what they said."""
        self.of(*records).delete()

    def _create(self, record, said, **made):
        kind = ContentType.objects.get_for_model(type(record))
        self.create(kind=kind, record_id=record.pk, digest=digest(said), content=said, **made)


@contextmanager
def kept(record, *, by):
    """Everything saved inside is one version of `record` by somebody."""
    with transaction.atomic():
        before = content(stored(type(record), record.pk, lock=True))
        yield
        Revision.objects.keep(record, by=by, before=before)


class Revision(models.Model):
    """A version. Without a time: what somebody found, written by a program or before versions were kept."""

    kind = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    record_id = models.PositiveBigIntegerField()
    made_at = models.DateTimeField(_("when"), null=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("who"),
    )
    digest = models.CharField(max_length=64)
    content = models.JSONField()

    objects = RevisionQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        indexes = [models.Index(fields=("kind", "record_id", "-id"), name="versions_of_a_record")]
        verbose_name = _("version")
        verbose_name_plural = _("versions")

    def __str__(self):
        return f"{self.kind} {self.record_id}: {self.made_at}"
