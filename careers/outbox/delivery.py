"""Delivers what is due. A letter leaves once, or again where nobody knows whether it has left.

Whoever delivers holds a lease on one letter at a time. Should it be killed, the lease ends and
somebody else goes on; the Message-ID tells the recipient's program that it is the same letter.
"""

import logging
from collections import Counter

from django.conf import settings
from django.utils import timezone

from .filebased import Folder
from .models import Email
from .smtp import DeliveryError, MailServer

log = logging.getLogger(__name__)
State = Email.State


def deliver():
    """Deliver what is due, one letter after the other; how many ended in which state.

    A server that takes no letter at all ends the batch: the rest stays due.
    """
    became = Counter()
    with Folder() if settings.DEV else MailServer(settings.SMTP) as server:
        while letter := Email.objects.claim():
            state, go_on = _deliver(letter, server)
            became[state] += 1
            if not go_on:
                break
    return became


def _deliver(letter, server):
    """Try once. What became of the letter, and whether trying the next one makes sense."""
    try:
        server.take(letter)
    except DeliveryError as refusal:
        return _not_taken(letter, refusal), not refusal.abort_batch
    except Exception:
        log.exception("Letter %s could not be handed over", letter.pk)
        return _not_taken(letter, DeliveryError(Email.Failure.FAULT)), True
    _settle(
        Email.objects.filter(pk=letter.pk),
        letter,
        state=State.SENT,
        sent_at=timezone.now(),
        failure="",
    )
    log.info("Letter %s is delivered (attempt %s)", letter.pk, letter.attempts)
    return State.SENT, True


def _not_taken(letter, refusal):
    # Somebody else's by now, if the lease has ended meanwhile.
    mine = Email.objects.filter(pk=letter.pk, attempts=letter.attempts, state=State.WAITING)
    again = timezone.now() + _pause(letter.attempts)
    if refusal.permanent or again > letter.queued_at + settings.EMAIL_GIVE_UP_AFTER:
        _settle(mine, letter, state=State.FAILED, failure=refusal.failure)
        log.error("Letter %s is not delivered: %s", letter.pk, refusal.failure.value)
        return State.FAILED
    mine.update(due_at=again, failure=refusal.failure, leased_until=None)
    log.warning(
        "Letter %s waits: %s (attempt %s)", letter.pk, refusal.failure.value, letter.attempts
    )
    return State.WAITING


def _settle(row, letter, **fields):
    """Nobody will try again; a text with a link that opens something has done its duty."""
    if letter.erase_after_sending:
        fields["body"] = ""
    row.update(leased_until=None, **fields)


def _pause(attempts):
    delays = settings.EMAIL_RETRY_DELAYS
    return delays[min(attempts, len(delays)) - 1]
