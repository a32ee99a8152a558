"""What candidates were told about their applications."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from careers.applications.enums import CandidateStatus

from .application import Application

# Undoing ends this long before the update is visible, because a commit and the clocks of other machines
# take time. So a candidate never sees an update that is undone.
UNDO_MARGIN = timedelta(seconds=5)


class CandidateStatusUpdateQuerySet(models.QuerySet):
    def undoable(self):
        """Updates that no candidate has seen yet and that can still be deleted."""
        return self.filter(visible_from__gt=timezone.now() + UNDO_MARGIN)


class CandidateStatusUpdate(models.Model):
    """From `visible_from` on, the candidate's page says `status`, until the next update.

    `batch` is the same for all updates that a recruiter sent together.
    """

    application = models.ForeignKey(Application, models.CASCADE, related_name="status_updates")
    status = models.CharField(max_length=12, choices=CandidateStatus)
    created_at = models.DateTimeField(default=timezone.now)
    visible_from = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    batch = models.UUIDField()

    objects = CandidateStatusUpdateQuerySet.as_manager()

    class Meta:
        ordering = ["visible_from", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=("batch", "application"), name="one_status_update_per_batch"
            )
        ]

    def __str__(self):
        return self.get_status_display()

    @property
    def is_visible(self):
        """Whether the candidate's page has shown it."""
        return self.visible_from <= timezone.now()

    @property
    def can_be_undone(self):
        return self.visible_from > timezone.now() + UNDO_MARGIN
