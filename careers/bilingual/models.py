"""What is known of each translated text: who changed which side and when, and which side is stale;
and the links by which a record is shown before it is public."""

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone

from careers.languages import LANGUAGES


class TextStateQuerySet(models.QuerySet):
    def of(self, *records):
        """The states of some records of one model, whatever their number in one query."""
        if not records:
            return self.none()
        kind = ContentType.objects.get_for_model(type(records[0]))
        return self.filter(kind=kind, record_id__in=[record.pk for record in records])

    def stale(self, language):
        """The texts whose side in `language` is out of date."""
        return self.filter(stale=language)


class TextState(models.Model):
    """One translated field of one record. A field that nobody has edited yet has none."""

    kind = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    record_id = models.PositiveBigIntegerField()
    field = models.CharField(max_length=40)
    # The side that is out of date, "" where none is; since when, and what the other side said then.
    stale = models.CharField(max_length=2, blank=True)
    stale_since = models.DateTimeField(null=True)
    text_then = models.TextField(blank=True)
    changed_at_en = models.DateTimeField(null=True)
    changed_at_ja = models.DateTimeField(null=True)
    changed_by_en = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    changed_by_ja = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    objects = TextStateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("kind", "record_id", "field"), name="one_state_of_a_text"
            ),
            models.CheckConstraint(
                condition=models.Q(stale__in=("", *LANGUAGES)), name="stale_is_a_language"
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.record_id}: {self.field}"


class ShareLinkQuerySet(models.QuerySet):
    def of(self, record):
        """The links to a record that still lead to it, the newest first; one query."""
        kind = ContentType.objects.get_for_model(type(record))
        return self.valid().filter(kind=kind, record_id=record.pk).select_related("made_by")

    def valid(self):
        """Links whose time is not over."""
        return self.filter(expires_at__gt=timezone.now())


class ShareLink(models.Model):
    """A link that shows one record to whoever holds it. Who may read this table cannot follow it."""

    kind = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    record_id = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    expires_at = models.DateTimeField()

    objects = ShareLinkQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)

    def __str__(self):
        return f"{self.kind} {self.record_id}"
