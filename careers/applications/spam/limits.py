"""How many applications and emails one network, one email address and the whole site may cause."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from careers.applications import locks
from careers.applications.enums import SpamSignal
from careers.applications.models import Submission

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def lock(submission: Submission) -> None:
    """Lock this network and this email address until the end of the transaction, so that counts are exact."""
    locks.lock(f"network {submission.network_hash}", f"email {submission.email_hash}")


def exceeded(submission: Submission) -> dict[SpamSignal, bool]:
    """{SpamSignal: bool} of each limit on applications; `submission` is locked and not saved yet."""
    now = timezone.now()
    # Unsolved submissions never use up the limits of those that solved their challenge.
    is_solved = submission.is_solved
    last_minute = Submission.objects.filter(is_solved=is_solved, submitted_at__gt=now - MINUTE)
    from_network = Submission.objects.filter(
        is_solved=is_solved,
        network_hash=submission.network_hash,
        submitted_at__gt=now - HOUR,
    )
    with_content = Submission.objects.filter(
        content_hash=submission.content_hash, submitted_at__gt=now - DAY
    )
    per_network = (
        settings.APPLICATIONS_PER_NETWORK_PER_HOUR
        if submission.is_solved
        else settings.UNSOLVED_APPLICATIONS_PER_NETWORK_PER_HOUR
    )
    return {
        SpamSignal.NETWORK: _reaches_limit(from_network, per_network),
        SpamSignal.FLOOD: _reaches_limit(last_minute, settings.APPLICATIONS_PER_MINUTE),
        SpamSignal.REPEAT: with_content.exists(),
    }


def claim_mail_quota(submission: Submission) -> bool:
    """Whether the email about this application may be queued now; if so, it counts as sent. Saves.

    An address gets one email for each role; the number of its emails a day, and of the addresses that
    one network reaches an hour, is limited.
    """
    now = timezone.now()
    to_address = Q(email_hash=submission.email_hash, emailed_at__gt=now - DAY)
    from_network = Q(network_hash=submission.network_hash, emailed_at__gt=now - HOUR)
    recent = Submission.objects.filter(to_address | from_network)
    roles, other_addresses = [], set()
    for email_hash, role in recent.values_list("email_hash", "application__role"):
        if email_hash == submission.email_hash:
            roles.append(role)
        else:
            other_addresses.add(email_hash)
    if (
        submission.application.role_id not in roles
        and len(roles) < settings.EMAILS_PER_ADDRESS_PER_DAY
        and len(other_addresses) < settings.RECIPIENTS_PER_NETWORK_PER_HOUR
    ):
        submission.emailed_at = now
    submission.save()
    return bool(submission.emailed_at)


def _reaches_limit(submissions: QuerySet[Submission], limit: int) -> bool:
    """Whether there are `limit` of them or more. It reads no more rows, however many there are."""
    return not limit or submissions[limit - 1 : limit].exists()
