"""Text states: who changed which language when, and which one is stale. And share links to drafts."""

from typing import NamedTuple

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from careers.content import PublicContent
from careers.languages import LANGUAGES


class TextStateQuerySet(models.QuerySet):
    def for_instances(self, records):
        """The states of all texts of some records of one model."""
        if not records:
            return self.none()
        content_type = ContentType.objects.get_for_model(records[0])
        return self.filter(
            content_type=content_type, object_id__in=[record.pk for record in records]
        )

    def stale(self, language):
        """The texts that are stale in `language`."""
        return self.filter(stale=language)


class TextState(models.Model):
    """The state of one translated field of one record; it exists from the first edit in the admin."""

    content_type = models.ForeignKey(
        ContentType,
        models.CASCADE,
        related_name="+",
        db_index=False,  # the unique constraint begins with it
    )
    object_id = models.PositiveBigIntegerField()
    record = GenericForeignKey()
    field = models.CharField(max_length=40)
    # The stale language or "", since when, and the text of the other language before it changed.
    stale = models.CharField(max_length=2, blank=True)
    stale_since = models.DateTimeField(null=True)
    text_before = models.TextField(blank=True)
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
                fields=("content_type", "object_id", "field"), name="unique_text_state_per_field"
            ),
            models.CheckConstraint(
                condition=models.Q(stale__in=("", *LANGUAGES)), name="text_state_stale_language"
            ),
        ]

    def __str__(self):
        return f"{self.content_type_id}/{self.object_id}: {self.field}"


class ShareLinkQuerySet(models.QuerySet):
    def for_instance(self, record):
        """The valid links to `record`, the newest first; one query."""
        content_type = ContentType.objects.get_for_model(record)
        links = self.valid().filter(content_type=content_type, object_id=record.pk)
        return links.select_related("created_by")

    def valid(self):
        """Links that have not expired."""
        return self.filter(expires_at__gt=timezone.now())

    def expired(self):
        """Links that no longer work."""
        return self.filter(expires_at__lte=timezone.now())


class ShareLink(models.Model):
    """A link that shows one record to anyone who has it.

    Only the digest of the token is stored, so the links cannot be read from the database.
    """

    content_type = models.ForeignKey(
        ContentType,
        models.CASCADE,
        related_name="+",
        db_index=False,  # the index below begins with it
    )
    object_id = models.PositiveBigIntegerField()
    record = GenericForeignKey()
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    expires_at = models.DateTimeField()

    objects = ShareLinkQuerySet.as_manager()

    is_counted_in_deletions = True  # on the page that asks before a record is deleted

    class Meta:
        ordering = ("-pk",)
        indexes = [models.Index(fields=("content_type", "object_id"), name="sharelink_object_idx")]
        verbose_name = _("share link")
        verbose_name_plural = _("share links")

    def __str__(self):
        return f"{self.content_type_id}/{self.object_id}"


class MissingText(NamedTuple):
    """A text of another record or row that a record shows, and that is missing in a language.

    `name` is like: Condition “Smoke-free measures”. `url` leads to its field in the admin.
    """

    name: str
    language: str
    url: str

    @property
    def sentence(self):
        """Condition “Smoke-free measures”: English text is missing."""
        pattern = {
            "en": gettext("%(name)s: English text is missing"),
            "ja": gettext("%(name)s: Japanese text is missing"),
        }[self.language]
        return pattern % {"name": self.name}


class BilingualContent(PublicContent):
    """Content with translated texts. Its text states are deleted with it."""

    text_states = GenericRelation(TextState)

    class Meta:
        abstract = True

    @classmethod
    def lacks_texts(cls, language):
        """The `Q` of records for which `missing_texts` returns a text."""
        return models.Q(pk__in=[])

    @classmethod
    def missing_texts(cls, records, language):
        """The texts of other records or rows that `records` show and that are missing in `language`.

        Returns {primary key: [MissingText]}. The number of queries does not depend on the number of
        records.
        """
        return {}


class ShareableContent(PublicContent):
    """Content with its own page. Its share links are deleted with it."""

    share_links = GenericRelation(ShareLink)

    class Meta:
        abstract = True
