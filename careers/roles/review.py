"""Periodic review: when published content was last checked for accuracy."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from careers.publishing import PublishedContent, PublishedQuerySet


class ReviewableQuerySet(PublishedQuerySet):
    def needs_review(self):
        """Open records that have not been reviewed for REVIEW_AFTER, the longest ago first."""
        limit = timezone.now() - settings.REVIEW_AFTER
        overdue = Q(reviewed_at=None) | Q(reviewed_at__lt=limit)
        oldest = F("reviewed_at").asc(nulls_first=True)
        return self.public().filter(overdue).order_by(oldest, "pk")

    def mark_reviewed(self):
        """Record that these are still accurate. This is not an edit."""
        return self.update(reviewed_at=timezone.now())


class Reviewable(PublishedContent):
    """Content that needs periodic review. Editing or publishing it counts as a review."""

    reviewed_at = models.DateTimeField(null=True, editable=False)

    objects = ReviewableQuerySet.as_manager()

    history_exclude = (*PublishedContent.history_exclude, "reviewed_at")

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if self._state.adding and self.reviewed_at is None:
            self.reviewed_at = timezone.now()
        super().save(*args, **kwargs)

    def publish(self, language):
        if not getattr(self, f"published_at_{language}"):
            self.reviewed_at = timezone.now()
        super().publish(language)
