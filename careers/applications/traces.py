"""What the checks remember for a short time: spent puzzles, forms that were sent, links that confirm.

Networks and addresses are kept as keyed hashes only, and forgotten a day after the letter, or with the
application that never got one (quarantine.sweep).
"""

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import connection, models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from .tokens import hashed

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def hmac_of(text):
    """A hash by which the same is recognised, and from which nothing can be guessed without our key.

    With another key the counting begins anew: it lasts a day at most.
    """
    return salted_hmac("careers.applications.traces", text, algorithm="sha256").hexdigest()


class RedeemedChallenge(models.Model):
    """A puzzle whose solution has counted. It never counts again."""

    puzzle = models.CharField(max_length=64, unique=True)
    spent_at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self):
        return self.puzzle


class Submission(models.Model):
    """An application was sent: from which network, with what, and when a letter was written about it."""

    application = models.OneToOneField(
        "applications.Application", models.CASCADE, related_name="sending"
    )
    network = models.CharField(max_length=64)
    address = models.CharField(max_length=64)
    content = models.CharField(max_length=64, db_index=True)
    solved = models.BooleanField()
    at = models.DateTimeField(default=timezone.now, db_index=True)
    wrote_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["network", "at"], name="sendings_by_network"),
            models.Index(fields=["address", "wrote_at"], name="sendings_by_address"),
        ]

    def __str__(self):
        return f"{self.application_id}: {self.at:%Y-%m-%d %H:%M}"

    def lock(self):
        """Until the end of the transaction nobody else counts this network or this address."""
        if connection.vendor == "postgresql":  # SQLite has one writer at a time
            with connection.cursor() as cursor:
                for name in (f"network {self.network}", f"address {self.address}"):
                    cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])

    def claim_mail_quota(self):
        """Whether a letter may be written about it now; if so, it is counted as written. Saves it."""
        now = timezone.now()
        to_them = Q(address=self.address, wrote_at__gt=now - DAY)
        from_here = Q(network=self.network, wrote_at__gt=now - HOUR)
        written = Submission.objects.filter(to_them | from_here)
        roles, others = [], set()
        for address, role in written.values_list("address", "application__role"):
            if address == self.address:
                roles.append(role)
            else:
                others.add(address)
        role = self.application.role_id
        if (
            role not in roles
            and len(roles) < settings.EMAILS_PER_ADDRESS_PER_DAY
            and len(others) < settings.RECIPIENTS_PER_NETWORK_PER_HOUR
        ):
            self.wrote_at = now
        self.save()
        return bool(self.wrote_at)


class ConfirmationQuerySet(models.QuerySet):
    def with_token(self, token):
        """The one to which a link leads."""
        return self.filter(digest=hashed(token))

    def sent(self):
        """Those of which somebody has the link, and may use it."""
        return self.filter(expires_at__gt=timezone.now())


class Confirmation(models.Model):
    """The step that is left for a doubtful application: its link, once there is one, and the files for
    which there was no room."""

    application = models.OneToOneField(
        "applications.Application", models.CASCADE, related_name="confirmation"
    )
    digest = models.CharField(max_length=64, unique=True, null=True, blank=True)  # of the token
    expires_at = models.DateTimeField(null=True)
    missing = models.JSONField(default=list)  # names of fields

    objects = ConfirmationQuerySet.as_manager()

    def __str__(self):
        return str(self.application)

    def new_token(self):
        """A token for the link, of which only the digest is kept. It ends before the application does."""
        token = secrets.token_urlsafe(16)
        end = self.application.received_at + settings.QUARANTINE_LIFETIME
        self.digest = hashed(token)
        self.expires_at = min(timezone.now() + settings.CONFIRMATION_LINK_LIFETIME, end)
        self.save(update_fields=["digest", "expires_at"])
        return token
