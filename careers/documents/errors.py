"""Why a file is rejected, in sentences that say what to do next."""

import math
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

MEGABYTE = 1024 * 1024

MESSAGES = {
    "empty": _("This file is empty. Please save it again and then choose it here."),
    "too_large": _("Please choose a file of up to %(limit)s MB (this one has %(size)s MB)."),
    "too_many": _("Please send up to %(limit)s files."),
    "type": _(
        "Files of this kind cannot be taken. Please save it in one of these formats: %(types)s."
    ),
    "other_type": _(
        "This file seems to be %(seems)s, which cannot be taken. "
        "Please save it in one of these formats: %(types)s."
    ),
    "wrong_extension": _(
        "This file seems to be %(seems)s, but its name does not end in %(extension)s. "
        "Please correct the name, or save the file as PDF."
    ),
    "broken": _(
        "This file cannot be read; it may be damaged. Please check that it opens on your device, "
        "save it as PDF and choose it again."
    ),
    "encrypted": _("Files with a password cannot be read. Please choose a PDF without a password."),
    "macros": _("Files with macros cannot be taken. Please save it as PDF."),
    "polyglot": _("This file holds more than a document. Please save it as a PDF again."),
    "symlink": _("This file holds more than a document. Please save it as a PDF again."),
    "bomb": _("The contents of this file are too large to be checked. Please save it as PDF."),
    "infected": _(
        "A virus was found in this file. Please check your device with an antivirus program, "
        "then choose a clean file."
    ),
}


class DocumentRejected(ValidationError):
    """A rejected file, with a `code` for programs and a message for candidates."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(MESSAGES[code], code, params)


class NotExamined(Exception):
    """A part of a file is damaged or over the limits. The file is accepted with a note."""


def too_large(size: int, limit: int) -> DocumentRejected:
    """The rejection of a file over the limit; its size is rounded up, so that it reads as too large."""
    return DocumentRejected("too_large", limit=f"{limit / MEGABYTE:g}", size=_megabytes(size))


def lazy_list(names: Iterable[str | Promise]) -> str | Promise:
    """Names as one list, in the language that is active when it is rendered."""
    names = list(names)
    separator = _(", ")
    text = names[0]
    for name in names[1:]:
        text = format_lazy("{}{}{}", text, separator, name)
    return text


def _megabytes(size: int) -> str:
    return f"{math.ceil(size * 10 / MEGABYTE) / 10:.1f}"
