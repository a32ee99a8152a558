"""What is known of each translated text: who changed which side and when, and which side is stale."""

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models

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
