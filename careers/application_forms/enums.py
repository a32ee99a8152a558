"""Choices of application forms, with fixed labels in both languages."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Requirement(TextChoices):
    """Whether a form has a field, and whether it is required."""

    OFF = "off", _("not asked")
    OPTIONAL = "optional", _("optional")
    REQUIRED = "required", _("required")


class DocumentKind(TextChoices):
    """The kind of an attached document: the name of its form field, or `answer`."""

    RESUME = "resume", _("résumé")
    CAREER_HISTORY = "career_history", _("career history")
    COVER_LETTER = "cover_letter", _("cover letter")
    PORTFOLIO = "portfolio", _("portfolio")
    ANSWER = "answer", _("answer to a question")

    @classmethod
    def for_field(cls, name: str) -> "DocumentKind":
        """The kind of a document that was uploaded in the form field `name`."""
        return cls(name) if name in cls.values else cls.ANSWER


class Eligibility(TextChoices):
    """Whether a candidate is eligible to do this work, now or by its start. Never asks for nationality."""

    YES = "yes", _("Yes, or I will be")
    SUPPORT = "support", _("No, I would need support")
    UNSURE = "unsure", _("I am not sure")


class Source(TextChoices):
    """How a candidate heard of the role."""

    SITE = "site", _("This site")
    SEARCH = "search", _("A search engine")
    BOARD = "board", _("A job board")
    SOCIAL = "social", _("Social media")
    COLLEAGUE = "colleague", _("Someone who works here")
    EVENT = "event", _("An event")
    OTHER = "other", pgettext_lazy("source of an application", "Other")


class QuestionKind(TextChoices):
    """The kind of answer that a question takes."""

    LINE = "line", _("short text")
    TEXT = "text", _("long text")
    YES_NO = "yes_no", _("yes or no")
    SINGLE_SELECT = "single_select", _("one of several")
    MULTI_SELECT = "multi_select", _("several of several")
    NUMBER = "number", _("number")
    DATE = "date", pgettext_lazy("question", "date")
    FILE = "file", pgettext_lazy("question", "file")


KINDS_WITH_CHOICES = (QuestionKind.SINGLE_SELECT, QuestionKind.MULTI_SELECT)
