"""The kinds of things that a form asks for: choices whose words are fixed in both languages."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Requirement(TextChoices):
    """Whether a form asks for something, and whether somebody may leave it out."""

    OFF = "off", _("not asked")
    OPTIONAL = "optional", _("optional")
    REQUIRED = "required", _("required")


class Kind(TextChoices):
    """What an answer to a question looks like."""

    LINE = "line", _("short text")
    TEXT = "text", _("long text")
    YES_NO = "yes_no", _("yes or no")
    SINGLE_SELECT = "one_of", _("one of several")
    MULTI_SELECT = "several_of", _("several of several")
    NUMBER = "number", _("number")
    DATE = "date", pgettext_lazy("question", "date")
    FILE = "file", pgettext_lazy("question", "file")


WITH_CHOICES = (Kind.SINGLE_SELECT, Kind.MULTI_SELECT)
