"""Where an application stands and what comes next, in words for the person who sent it."""

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from .enums import Stage


class Standing(NamedTuple):
    """A line that says where it stands, and a sentence or two about what comes next."""

    said: str
    next: str


READING = Standing(
    _("We are reading your application"),
    _("People read every application here. We answer by e-mail, whatever the outcome."),
)
WORDS = {
    Stage.NEW: READING,
    Stage.SCREENING: READING,
    Stage.INTERVIEW: Standing(
        _("You are in the interviews"),
        _("We arrange each interview with you by e-mail, and write to you after it."),
    ),
    Stage.OFFER: Standing(
        _("We would like to work with you"),
        _("We write to you about the offer by e-mail. Please ask us whatever you want to know."),
    ),
    Stage.HIRED: Standing(
        _("We look forward to working with you"),
        _("We write to you by e-mail about your first day and everything before it."),
    ),
    Stage.REJECTED: Standing(
        _("The selection has ended"),
        _(
            "Thank you for the time you gave us. You are welcome to apply for another opening at"
            " any time."
        ),
    ),
    Stage.WITHDRAWN: Standing(
        _("You have withdrawn this application"),
        _("We do not consider it any further. You are welcome to apply again at any time."),
    ),
}
FORGOTTEN = Standing(
    _("You have asked us to erase your details"),
    _("We will do so without delay. Then this page is gone, too."),
)


def standing(application):
    """What its sender is told about an application."""
    return FORGOTTEN if application.erasure_asked_at else WORDS[application.stage]
