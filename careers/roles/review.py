"""Periodic review: when published content was last confirmed to be accurate."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from careers.publishing import PublishedContent, PublishedQuerySet


class ReviewableQuerySet(PublishedQuerySet):
    def unconfirmed(self):
        """What is open to visitors, though nobody has confirmed it for long; the oldest first."""
        limit = timezone.now() - settings.REVIEW_AFTER
        doubtful = Q(confirmed_at=None) | Q(confirmed_at__lt=limit)
        oldest = F("confirmed_at").asc(nulls_first=True)
        return self.public().filter(doubtful).order_by(oldest, "pk")

    def confirm(self):
        """Record that these are still accurate. It does not count as an edit."""
        return self.update(confirmed_at=timezone.now())


class Reviewable(PublishedContent):
    """Content that goes out of date. Editing or publishing it also confirms it."""

    confirmed_at = models.DateTimeField(null=True, editable=False)

    objects = ReviewableQuerySet.as_manager()

    history_exclude = (*PublishedContent.history_exclude, "confirmed_at")

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if self._state.adding and self.confirmed_at is None:
            self.confirmed_at = timezone.now()
        super().save(*args, **kwargs)

    def publish(self, language):
        if not getattr(self, f"published_at_{language}"):
            self.confirmed_at = timezone.now()
        super().publish(language)
