"""Telling candidates a status, with reasons to skip some, and undoing it in time.

A status is never derived from the stage. A recruiter tells it, and the candidate's page shows it
CANDIDATE_STATUS_DELAY later. Until then the recruiter can undo it, so that the candidate never sees it.
"""

from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .enums import CandidateStatus
from .models import Application, CandidateStatusUpdate
from .status import PROPOSED_STATUS

UNCONFIRMED = _("The application is still waiting for confirmation.")
ERASURE_REQUESTED = _("The candidate asked for their data to be deleted.")
WITHDRAWN = _("The candidate withdrew the application.")
WAITING = _("Another status is waiting to be shown. Undo it first.")
UNCHANGED = _("The page already says this.")


class Recipient(NamedTuple):
    """A candidate and the status to tell; or with a `refusal`, the reason to skip the candidate."""

    application: Application
    status: CandidateStatus
    refusal: str = ""


def recipients(applications, status=None):
    """A `Recipient` for each application. Without `status`, it is the one proposed for the stage.

    Makes no query of its own if `status_updates` are prefetched.
    """
    return [
        _recipient(application, status or PROPOSED_STATUS[application.stage])
        for application in applications
    ]


def _recipient(application, status):
    return Recipient(application, status, refusal(application, status))


def refusal(application, status):
    """Why the candidate cannot be told `status` now, as a sentence; "" if they can."""
    if not application.is_confirmed:
        return UNCONFIRMED
    if application.erasure_requested_at:
        return ERASURE_REQUESTED
    if application.withdrawn_at:
        return WITHDRAWN
    if application.waiting_update:
        return WAITING
    return UNCHANGED if application.candidate_status == status else ""


def tell(statuses, user, batch):
    """Tell candidates; `statuses` is {primary key: status}. Returns a `Recipient` for each.

    Candidates with a `refusal` are skipped. Safe to call twice with the same `batch`, also at the same
    time: the second call does nothing and returns no recipients.
    """
    with transaction.atomic(durable=True):
        rows = Application.objects.filter(pk__in=statuses).order_by("pk").select_for_update()
        # The updates are read after the rows are locked.
        applications = list(rows.prefetch_related("status_updates"))
        if CandidateStatusUpdate.objects.filter(batch=batch).exists():
            return []
        results = [_recipient(row, statuses[row.pk]) for row in applications]
        now = timezone.now()
        CandidateStatusUpdate.objects.bulk_create(
            CandidateStatusUpdate(
                application=recipient.application,
                status=recipient.status,
                created_at=now,
                visible_from=now + settings.CANDIDATE_STATUS_DELAY,
                created_by=user,
                batch=batch,
            )
            for recipient in results
            if not recipient.refusal
        )
    return results


def undo(updates):
    """Delete those of `updates` that no candidate has seen yet. Returns their number."""
    with transaction.atomic(durable=True):
        number, _by_model = updates.undoable().delete()
    return number
