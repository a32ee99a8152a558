"""Stages of an application and signals of spam: choices with fixed labels in both languages."""

from django.conf import settings
from django.db.models import TextChoices
from django.utils.functional import lazy
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from careers.datetimes.durations import duration


class Stage(TextChoices):
    """The stage of an application. Recruiters see these labels, candidates the texts of status.py."""

    NEW = "new", pgettext_lazy("stage", "new")
    SCREENING = "screening", pgettext_lazy("stage", "screening")
    INTERVIEW = "interview", pgettext_lazy("stage", "interviews")
    OFFER = "offer", pgettext_lazy("stage", "offer")
    HIRED = "hired", pgettext_lazy("stage", "hired")
    REJECTED = "rejected", pgettext_lazy("stage", "rejected")
    WITHDRAWN = "withdrawn", pgettext_lazy("stage", "withdrawn")


# In these a candidate can withdraw and add documents.
OPEN_STAGES = (Stage.NEW, Stage.SCREENING, Stage.INTERVIEW, Stage.OFFER)


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
