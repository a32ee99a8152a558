"""Where doubtful applications wait: asks for the one more step, and forgets what nobody confirmed."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from . import letters, puzzles
from .models import Application
from .traces import DAY, Confirmation, Sending, SpentPuzzle

KEPT = timedelta(days=30)


def ask(application, missing=()):
    """Ask for the step by letter, or later if no letter may be written now; in the caller's transaction.

    `missing` names the fields whose files could not be kept: the page behind the link asks for them.
    """
    Confirmation.objects.create(application=application, missing=list(missing))
    _write(application)


def ask_later():
    """Write the letters that could not be written at once. How many there were."""
    late = Sending.objects.filter(wrote_at=None, application__confirmed_at=None)
    return sum(_ask_again(pk) for pk in late.order_by("at", "pk").values_list("pk", flat=True))


def of_one_form(application):
    """It, and what was sent from the same opened form for the same address: one link is for all."""
    return Application.objects.filter(key=application.key, email=application.email).order_by("pk")


def is_told(application):
    """Whether the letter of which its page speaks has been written."""
    if not application.is_confirmed:
        links = Confirmation.objects.sent()
        return links.filter(application__in=of_one_form(application)).exists()
    return not Sending.objects.filter(application=application, wrote_at=None).exists()


def sweep():
    """Forget what was never confirmed, and the traces of yesterday. Documents that nothing names any more
    go with the next `drafts.sweep`."""
    now = timezone.now()
    Application.objects.quarantined().filter(received_at__lt=now - KEPT).delete()
    Confirmation.objects.filter(expires_at__lt=now - KEPT).delete()
    Sending.objects.filter(at__lt=now - DAY).delete()
    SpentPuzzle.objects.filter(spent_at__lt=now - puzzles.VALID).delete()


def _ask_again(pk):
    with transaction.atomic():
        sending = Sending.objects.select_related("application__role__recruiter").get(pk=pk)
        sending.count_alone()
        sending.refresh_from_db(fields=["wrote_at"])
        return not sending.wrote_at and _write(sending.application)


def _write(application):
    if Confirmation.objects.sent().filter(application__in=of_one_form(application)).exists():
        return False  # the link that they have is good for this one as well
    if not application.sending.write_once():
        return False
    letters.to_confirm(application, application.confirmation)
    return True
