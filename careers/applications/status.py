"""The status of an application in words for its candidate."""

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from .enums import Stage


class CandidateStatus(NamedTuple):
    """The heading of the candidate's page, and one or two sentences about what comes next."""

    heading: str
    next_steps: str


IN_REVIEW = CandidateStatus(
    _("We are reading your application"),
    _("People read every application here. We answer by e-mail, whatever the outcome."),
)
BY_STAGE = {
    Stage.NEW: IN_REVIEW,
    Stage.SCREENING: IN_REVIEW,
    Stage.INTERVIEW: CandidateStatus(
        _("You are in the interviews"),
        _("We arrange each interview with you by e-mail, and write to you after it."),
    ),
    Stage.OFFER: CandidateStatus(
        _("We would like to work with you"),
        _("We write to you about the offer by e-mail. Please ask us whatever you want to know."),
    ),
    Stage.HIRED: CandidateStatus(
        _("We look forward to working with you"),
        _("We write to you by e-mail about your first day and everything before it."),
    ),
    Stage.REJECTED: CandidateStatus(
        _("The selection has ended"),
        _(
            "Thank you for the time you gave us. You are welcome to apply for another opening at"
            " any time."
        ),
    ),
    Stage.WITHDRAWN: CandidateStatus(
        _("You have withdrawn this application"),
        _("We do not consider it any further. You are welcome to apply again at any time."),
    ),
}
ERASURE_REQUESTED = CandidateStatus(
    _("You have asked us to erase your details"),
    _("We will do so without delay. Then this page is gone, too."),
)


def candidate_status(application):
    """The status text of `application` in the active language."""
    if application.erasure_requested_at:
        return ERASURE_REQUESTED
    return BY_STAGE[application.stage]
