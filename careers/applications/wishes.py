"""What somebody may do with an application after sending it: add, withdraw, be kept, be forgotten.

Each does its work once, however often and from how many windows it is asked for.
"""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from . import emails
from .adding import free
from .enums import Stage
from .models import Application


def add(application, paper, document):
    """Add a document whose bytes are durable, once. The attachment that holds the same bytes already, if
    there is one."""
    with transaction.atomic(durable=True):
        application = _alone(application)
        there = application.attachments.filter(document__sha256=document.sha256).first()
        if free(application) and not there:
            document.save()
            application.attachments.create(document=document, paper=paper)
            emails.document_added(application)
        return there


def keep(application, wanted):
    """Let the company keep the details for other openings, for RETENTION_CONSENT_LIFETIME; or no longer."""
    with transaction.atomic(durable=True):
        application = _alone(application)
        if not application.erasure_asked_at:
            until = timezone.localdate() + settings.RETENTION_CONSENT_LIFETIME
            application.retention_consent_until = until if wanted else None
            application.asked_to_keep_at = None
            application.save(update_fields=["retention_consent_until", "asked_to_keep_at"])


def withdraw(application):
    """Withdraw it; both sides get a letter."""
    with transaction.atomic(durable=True):
        application = _alone(application)
        if application.is_open:
            application.move(Stage.WITHDRAWN)
            emails.withdrawn(application)


def ask_erasure(application):
    """Write down that somebody wants to be forgotten. Whoever is forgotten cannot be hired: what was
    still open is withdrawn with it."""
    with transaction.atomic(durable=True):
        application = _alone(application)
        if application.erasure_asked_at:
            return
        if application.is_open:
            application.move(Stage.WITHDRAWN)
        application.erasure_asked_at, application.retention_consent_until = timezone.now(), None
        application.save(update_fields=["erasure_asked_at", "retention_consent_until"])
        emails.erasure_asked(application)


def _alone(application):
    """The row as it is now, which nobody else changes meanwhile; DoesNotExist if it was erased."""
    return Application.objects.select_for_update().get(pk=application.pk)
