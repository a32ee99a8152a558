"""Sends the emails that are due. An email is sent again only if it is unknown whether it was sent.

A worker holds a lease on one email at a time. If the worker is killed, the lease expires and another
worker sends the email again with the same Message-ID, so that mail programs show it once.
"""

import logging
import time
from collections import Counter
from datetime import timedelta
from typing import Any, cast

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from .config import SMTPConfig
from .filebased import EmailFolder
from .models import Email
from .smtp import DeliveryError, MailServer

log = logging.getLogger(__name__)
State = Email.State


def send_due(*, seconds: float | None = None) -> Counter[Email.State]:
    """Send what is due, one email after the other, at most for `seconds`; return how many ended in each state.

    If the server accepts no email at all, the batch ends and the rest stays due. As soon as it accepts
    one, emails that wait because of a temporary failure are tried as well.
    """
    counts: Counter[Email.State] = Counter()
    end = time.monotonic() + (seconds or float("inf"))
    smtp = cast(SMTPConfig, settings.SMTP)  # None with DEV only
    with EmailFolder() if settings.DEV else MailServer(smtp) as server:
        while email := Email.objects.claim():
            state, go_on = _send(email, server)
            counts[state] += 1
            if state is State.SENT and counts[state] == 1:
                Email.objects.retry_soon()
            if not go_on or time.monotonic() > end:
                break
    return counts


def _send(email: Email, server: MailServer | EmailFolder) -> tuple[Email.State, bool]:
    """Try once; return the new state of the email, and whether to try the next one."""
    try:
        server.send(email)
    except DeliveryError as error:
        return _handle_failure(email, error), not error.abort_batch
    except Exception:
        log.exception("Email %s could not be sent", email.pk)
        return _handle_failure(email, DeliveryError(Email.Failure.FAULT)), True
    _finish(
        Email.objects.filter(pk=email.pk),
        email,
        state=State.SENT,
        sent_at=timezone.now(),
        failure="",
    )
    log.info("Email %s sent (attempt %s)", email.pk, email.attempts)
    return State.SENT, True


def _handle_failure(email: Email, error: DeliveryError) -> Email.State:
    # The row belongs to another worker if the lease has expired.
    claimed = Email.objects.filter(pk=email.pk, attempts=email.attempts, state=State.WAITING)
    retry_at = timezone.now() + _retry_delay(email)
    if error.permanent or retry_at > email.queued_at + settings.EMAIL_GIVE_UP_AFTER:
        _finish(claimed, email, state=State.FAILED, failure=error.failure)
        log.error("Email %s failed: %s", email.pk, error.failure.value)
        return State.FAILED
    claimed.update(due_at=retry_at, failure=error.failure, leased_until=None)
    log.warning(
        "Email %s will be retried: %s (attempt %s)", email.pk, error.failure.value, email.attempts
    )
    return State.WAITING


def _finish(row: QuerySet[Email], email: Email, **fields: Any) -> None:
    """Release the lease; there will be no further attempt, so a one-time link can be erased."""
    if email.erase_after_sending:
        fields["body"] = ""
    row.update(leased_until=None, **fields)


def _retry_delay(email: Email) -> timedelta:
    if timezone.now() - email.queued_at > settings.EMAIL_FREQUENT_RETRIES:
        delay: timedelta = settings.EMAIL_LATE_RETRY_DELAY
        return delay
    delays: list[timedelta] = settings.EMAIL_RETRY_DELAYS
    return delays[min(email.attempts, len(delays)) - 1]
