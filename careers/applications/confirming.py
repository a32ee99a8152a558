"""Makes an application count: what waited in quarantine stands in the list from now on."""

from django.db import transaction
from django.utils import timezone

from . import emails
from .models import Application
from .traces import Submission


def confirm(application):
    """Confirm it, whether by the link in a letter or by a recruiter. Whether this call was the first.

    Safe to call twice, and at the same time: one call alone is the first, and what has to be done
    once, the letters, is done by that one in the same transaction.
    """
    with transaction.atomic():
        waiting = Application.objects.quarantined().filter(pk=application.pk)
        first = bool(waiting.update(confirmed_at=timezone.now()))
        if first:
            emails.received(application)
            Submission.objects.filter(application=application).update(wrote_at=timezone.now())
    application.refresh_from_db(fields=["confirmed_at"])
    return first
