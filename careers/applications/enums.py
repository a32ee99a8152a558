"""What can be said of an application in fixed words: its stage, the kinds of its documents, terms."""

from django.conf import settings
from django.db.models import TextChoices
from django.utils.functional import lazy
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from careers.datetimes.durations import duration


class Stage(TextChoices):
    """How far an application has come, in the words of recruiters."""

    NEW = "new", pgettext_lazy("stage", "new")
    SCREENING = "screening", pgettext_lazy("stage", "screening")
    INTERVIEW = "interview", pgettext_lazy("stage", "interviews")
    OFFER = "offer", pgettext_lazy("stage", "offer")
    HIRED = "hired", pgettext_lazy("stage", "hired")
    REJECTED = "rejected", pgettext_lazy("stage", "rejected")
    WITHDRAWN = "withdrawn", pgettext_lazy("stage", "withdrawn")


# From these a candidate can still withdraw, and to these a document can still be added.
OPEN = (Stage.NEW, Stage.SCREENING, Stage.INTERVIEW, Stage.OFFER)


class DocumentKind(TextChoices):
    """What a document is for."""

    RESUME = "resume", _("résumé")
    CAREER_HISTORY = "career_history", _("career history")
    COVER_LETTER = "cover_letter", _("cover letter")
    PORTFOLIO = "portfolio", _("portfolio")
    ANSWER = "answer", _("answer to a question")


class Eligibility(TextChoices):
    """Whether somebody may do this work, or will be allowed to. Never asked: nationality."""

    YES = "yes", _("Yes, or I will be")
    SUPPORT = "support", _("No, I would need support")
    UNSURE = "unsure", _("I am not sure")


class Source(TextChoices):
    """How somebody heard of the opening."""

    SITE = "site", _("This site")
    SEARCH = "search", _("A search engine")
    BOARD = "board", _("A job board")
    SOCIAL = "social", _("Social media")
    COLLEAGUE = "colleague", _("Somebody who works here")
    EVENT = "event", _("An event")
    OTHER = "other", pgettext_lazy("how somebody heard of it", "Something else")


def _fast():
    return gettext("Sent within %(duration)s") % {"duration": duration(settings.MINIMUM_FORM_TIME)}


class SpamSignal(TextChoices):
    """Why an application was not confirmed at once, in the words of recruiters."""

    PUZZLE = "puzzle", _("The browser did not solve the puzzle (for example without JavaScript)")
    HONEYPOT_FIELD = "trap", _("A field that nobody sees was filled in")
    FAST = "fast", lazy(_fast, str)()
    NETWORK = "network", _("Many applications from one network")
    FLOOD = "flood", _("Many applications at once")
    REPEAT = "repeat", _("The same text was sent before")
    CROSS_ORIGIN = "elsewhere", _("Sent from another site")
