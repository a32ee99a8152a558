"""Stages, candidates' statuses and signals of spam: choices with fixed labels in both languages."""

from django.conf import settings
from django.db.models import TextChoices
from django.utils.functional import lazy
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from careers.datetimes.durations import duration


class Stage(TextChoices):
    """The stage of an application. Internal: nothing that a candidate sees or can do depends on it."""

    NEW = "new", pgettext_lazy("stage", "new")
    SCREENING = "screening", pgettext_lazy("stage", "screening")
    INTERVIEW = "interview", pgettext_lazy("stage", "interviews")
    OFFER = "offer", pgettext_lazy("stage", "offer")
    HIRED = "hired", pgettext_lazy("stage", "hired")
    REJECTED = "rejected", pgettext_lazy("stage", "rejected")
    WITHDRAWN = "withdrawn", pgettext_lazy("stage", "withdrawn")


class CandidateStatus(TextChoices):
    """What the candidate's page says about an application, in the words of status.py.

    Recruiters see these labels. The last two are set by the candidate only.
    """

    IN_REVIEW = "in_review", pgettext_lazy("status", "In review")
    INTERVIEWS = "interviews", pgettext_lazy("status", "Interviews")
    OFFER = "offer", pgettext_lazy("status", "Offer")
    HIRED = "hired", pgettext_lazy("status", "Hired")
    NOT_SELECTED = "not_selected", pgettext_lazy("status", "Not selected")
    CLOSED = "closed", pgettext_lazy("status", "Closed without a decision")
    WITHDRAWN = "withdrawn", pgettext_lazy("status", "Withdrawn by the candidate")
    ERASURE_REQUESTED = "erasure", pgettext_lazy("status", "Data deletion requested")


# While their page says one of these, candidates can withdraw and add documents.
OPEN_STATUSES = (CandidateStatus.IN_REVIEW, CandidateStatus.INTERVIEWS, CandidateStatus.OFFER)


def _fast():
    return gettext("Sent within %(duration)s") % {"duration": duration(settings.MINIMUM_FORM_TIME)}


class SpamSignal(TextChoices):
    """Why an application has to be confirmed. Recruiters see these labels."""

    CHALLENGE = (
        "challenge",
        _("The browser did not solve the puzzle (for example without JavaScript)"),
    )
    HONEYPOT_FIELD = "honeypot", _("A field that nobody sees was filled in")
    FAST = "fast", lazy(_fast, str)()
    NETWORK = "network", _("Many applications from one network")
    FLOOD = "flood", _("Many applications at once")
    REPEAT = "repeat", _("The same text was sent before")
    CROSS_ORIGIN = "cross_origin", _("Sent from another site")
