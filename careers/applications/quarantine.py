"""Where doubtful applications wait: asks for the one more step, and forgets what nobody confirmed.

It also writes the letters, to whomever, for which the limits left no room at once.
"""

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from careers.outbox.models import Email

from . import emails
from .models import Application
from .traces import DAY, Confirmation, RedeemedChallenge, Submission


def ask(application, missing=()):
    """Ask for the step by letter, or later if no letter may be written now; in the caller's transaction.

    `missing` names the fields whose files could not be kept: the page behind the link asks for them.
    """
    Confirmation.objects.create(application=application, missing=list(missing))
    _write(application)


def write_later():
    """Write the letters that could not be written at once: to confirm, or that it has arrived. How
    many there were. Whose application does not count yet comes first."""
    first = F("application__confirmed_at").asc(nulls_first=True)
    late = Submission.objects.filter(wrote_at=None).order_by(first, "at", "pk")
    return sum(_write_late(pk) for pk in late.values_list("pk", flat=True))


def of_one_form(application):
    """It, and what was sent from the same opened form for the same address: one link is for all."""
    return Application.objects.filter(key=application.key, email=application.email).order_by("pk")


def is_told(application):
    """Whether the letter of which its page speaks has been written."""
    if not application.is_confirmed:
        return _links(application).exclude(digest=None).exists()
    return not Submission.objects.filter(application=application, wrote_at=None).exists()


def sweep():
    """Forget what was never confirmed, and the traces of yesterday. Documents that nothing names any more
    go with the next `drafts.sweep`.

    A trace without its letter stays with its application: by it the letter is still written.
    """
    now = timezone.now()
    _forget_unconfirmed(now - settings.QUARANTINE_LIFETIME)
    Confirmation.objects.filter(expires_at__lt=now - settings.QUARANTINE_LIFETIME).delete()
    Submission.objects.filter(wrote_at__lt=now - DAY).delete()
    RedeemedChallenge.objects.filter(spent_at__lt=now - settings.PENDING_UPLOAD_LIFETIME).delete()


def _forget_unconfirmed(limit):
    with transaction.atomic():
        old = Application.objects.quarantined().filter(received_at__lt=limit).select_for_update()
        references = dict(old.values_list("pk", "reference"))
        Email.objects.scrub_references(references.values())
        Application.objects.filter(pk__in=references).delete()


def _write_late(pk):
    with transaction.atomic():
        if not (sending := Submission.objects.filter(pk=pk).first()):
            return False  # erased meanwhile
        sending.lock()
        rows = Application.objects.select_for_update()
        application = rows.filter(pk=sending.application_id).first()
        if not application or application.sending.wrote_at:
            return False
        if not application.is_confirmed and is_told(application):
            return False  # whoever lets a link pass is not asked again for having sent a form twice
        return _write(application)


def _write(application):
    if not application.is_confirmed and _links(application).sent().exists():
        return False  # the link that they have is good for this one as well
    if not application.sending.claim_mail_quota():
        return False
    emails.again(application)
    return True


def _links(application):
    return Confirmation.objects.filter(application__in=of_one_form(application))
