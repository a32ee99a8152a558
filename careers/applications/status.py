"""What the candidate's page says about an application, and which status suits a stage."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from careers.datetimes.tags import with_zone

from .enums import CandidateStatus, Stage


class StatusText(NamedTuple):
    """The heading of the candidate's page, and one or two sentences about what comes next."""

    heading: str | Promise
    next_steps: str | Promise


TEXTS = {
    CandidateStatus.IN_REVIEW: StatusText(
        _("We’re reviewing your application"),
        _("This page shows any news about it. If we have a question, we’ll email you."),
    ),
    CandidateStatus.INTERVIEWS: StatusText(
        _("You’re interviewing with us"),
        _("We’ll arrange each interview with you by email."),
    ),
    CandidateStatus.OFFER: StatusText(
        _("We’d like to make you an offer"),
        _("We’ll email you the details. If you have any questions, just ask."),
    ),
    CandidateStatus.HIRED: StatusText(
        _("We look forward to working with you"),
        _("We’ll email you about your first day and what happens before it."),
    ),
    CandidateStatus.NOT_SELECTED: StatusText(
        _("We’ve decided not to continue with your application"),
        _("Thank you for your time and interest. You’re welcome to apply for other roles."),
    ),
    CandidateStatus.CLOSED: StatusText(
        _("This application is closed"),
        _("If you have any questions, reply to our email. You’re welcome to apply again."),
    ),
    CandidateStatus.WITHDRAWN: StatusText(
        _("You’ve withdrawn your application"),
        _("We’re no longer considering it. You’re welcome to apply again at any time."),
    ),
}

# The status that recruiters are offered for each stage. Nothing else connects the two.
PROPOSED_STATUS = {
    Stage.NEW: CandidateStatus.IN_REVIEW,
    Stage.SCREENING: CandidateStatus.IN_REVIEW,
    Stage.INTERVIEW: CandidateStatus.INTERVIEWS,
    Stage.OFFER: CandidateStatus.OFFER,
    Stage.HIRED: CandidateStatus.HIRED,
    Stage.REJECTED: CandidateStatus.NOT_SELECTED,
    # A recruiter may set this stage too, so it does not say that the candidate withdrew.
    Stage.WITHDRAWN: CandidateStatus.CLOSED,
}
# What a recruiter can tell a candidate.
TELLABLE = tuple(dict.fromkeys(PROPOSED_STATUS.values()))


def status_text(application):
    """The `StatusText` of an application's page, in the active language."""
    status = application.candidate_status
    if status == CandidateStatus.ERASURE_REQUESTED:
        return _erasure_text(application.erasure_due_at)
    return TEXTS[status]


def _erasure_text(due_at):
    next_steps = gettext("We’ll delete it by %(moment)s. After that, this page will be gone, too.")
    return StatusText(
        gettext("You’ve asked us to delete your data"), next_steps % {"moment": with_zone(due_at)}
    )
