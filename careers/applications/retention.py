"""Consent to keep a candidate's data for other roles: given for a period, renewed by the candidate."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from . import emails
from .models import Application


def consent_end(start=None):
    """The last day of a consent that is given on the day of `start`, by default today."""
    return timezone.localdate(start) + settings.RETENTION_CONSENT_LIFETIME


def has_consent(application):
    """Whether the candidate's data may be kept for other roles today."""
    until = application.retention_consent_until
    return bool(until) and until >= timezone.localdate()


def consent_ends_soon(application):
    """Whether there is a consent, and it ends within the notice period."""
    return (
        has_consent(application)
        and application.retention_consent_until
        <= timezone.localdate() + settings.RETENTION_RENEWAL_NOTICE
    )


def set_consent(application, is_given):
    """Give the consent from today, or withdraw it. No effect once erasure was requested."""
    with transaction.atomic(durable=True):
        application = Application.objects.select_for_update().get(pk=application.pk)
        if not application.erasure_requested_at:
            application.retention_consent_until = consent_end() if is_given else None
            application.renewal_requested_at = None
            application.save(update_fields=["retention_consent_until", "renewal_requested_at"])


def request_renewals():
    """Queue one email to each candidate whose consent ends soon. Returns their number."""
    today = timezone.localdate()
    ending = Application.objects.confirmed().filter(
        retention_consent_until__range=(today, today + settings.RETENTION_RENEWAL_NOTICE),
        renewal_requested_at=None,
    )
    return sum(_request_renewal(pk) for pk in ending.values_list("pk", flat=True))


def _request_renewal(pk):
    with transaction.atomic():
        application = Application.objects.select_for_update().filter(pk=pk).first()
        if (
            not application
            or application.renewal_requested_at
            or not consent_ends_soon(application)
        ):
            return False  # changed or erased since the query
        application.renewal_requested_at = timezone.now()
        application.save(update_fields=["renewal_requested_at"])
        emails.queue_renewal_request(application)
        return True
