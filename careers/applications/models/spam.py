"""What the spam checks remember for a short time: submissions, redeemed challenges, confirmations.

Networks and email addresses are stored as keyed hashes only. `spam.quarantine.prune` deletes them.
"""

import secrets

from django.conf import settings
from django.db import models
from django.utils import timezone

from careers.applications.tokens import hash_token


class RedeemedChallenge(models.Model):
    """A proof-of-work challenge whose solution has been used. It is never accepted again."""

    nonce = models.CharField(max_length=64, unique=True)
    redeemed_at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self):
        return self.nonce


class Submission(models.Model):
    """What the limits count of one application, and when it was answered by email (`emailed_at`)."""

    application = models.OneToOneField(
        "applications.Application", models.CASCADE, related_name="submission"
    )
    network_hash = models.CharField(max_length=64)
    email_hash = models.CharField(max_length=64)
    content_hash = models.CharField(max_length=64, db_index=True)
    is_solved = models.BooleanField()  # the proof-of-work challenge
    submitted_at = models.DateTimeField(default=timezone.now, db_index=True)
    emailed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["network_hash", "submitted_at"], name="submissions_by_network"),
            models.Index(fields=["email_hash", "emailed_at"], name="submissions_by_email"),
        ]

    def __str__(self):
        return f"{self.application_id}: {self.submitted_at:%Y-%m-%d %H:%M}"


class ConfirmationQuerySet(models.QuerySet):
    def with_token(self, token):
        """The one whose link has this token."""
        return self.filter(token_hash=hash_token(token))

    def with_valid_link(self):
        """Those whose link was sent and has not expired."""
        return self.filter(expires_at__gt=timezone.now())


class Confirmation(models.Model):
    """A quarantined application is to be confirmed by its candidate.

    `token_hash` and `expires_at` describe the link, and are empty until its email is queued.
    `missing_files` names the fields whose files exceeded the quota; the page asks for them again.
    """

    application = models.OneToOneField(
        "applications.Application", models.CASCADE, related_name="confirmation"
    )
    token_hash = models.CharField(max_length=64, unique=True, null=True, blank=True)
    expires_at = models.DateTimeField(null=True)
    missing_files = models.JSONField(default=list)

    objects = ConfirmationQuerySet.as_manager()

    def __str__(self):
        return str(self.application)

    def issue_token(self):
        """A new token for the link, saved as a hash. It expires before the application is deleted."""
        token = secrets.token_urlsafe(16)
        deleted_at = self.application.received_at + settings.QUARANTINE_LIFETIME
        self.token_hash = hash_token(token)
        self.expires_at = min(timezone.now() + settings.CONFIRMATION_LINK_LIFETIME, deleted_at)
        self.save(update_fields=["token_hash", "expires_at"])
        return token
