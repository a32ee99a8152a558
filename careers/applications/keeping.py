"""Details kept for other openings, with consent and for a time: whoever agreed is asked again in time."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from . import emails
from .models import Application


def is_kept(application):
    """Whether its sender's details may be kept for other openings today."""
    return (
        bool(application.retention_consent_until)
        and application.retention_consent_until >= timezone.localdate()
    )


def ends_soon(application):
    """Whether they may be, and not much longer."""
    return (
        is_kept(application)
        and application.retention_consent_until
        <= timezone.localdate() + settings.RETENTION_RENEWAL_NOTICE
    )


def ask_again():
    """Write once to everybody whose consent ends soon. How many letters that were."""
    today = timezone.localdate()
    ending = Application.objects.confirmed().filter(
        retention_consent_until__range=(today, today + settings.RETENTION_RENEWAL_NOTICE),
        asked_to_keep_at=None,
    )
    return sum(_ask(pk) for pk in ending.values_list("pk", flat=True))


def _ask(pk):
    with transaction.atomic():
        application = Application.objects.select_for_update().filter(pk=pk).first()
        if not application or application.asked_to_keep_at or not ends_soon(application):
            return False  # somebody was quicker, has changed their mind, or was erased
        application.asked_to_keep_at = timezone.now()
        application.save(update_fields=["asked_to_keep_at"])
        emails.keeping_ends(application)
        return True
