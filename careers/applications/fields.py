"""Fields that take what people really type, on whatever keyboard, and say what to do where they cannot.

Japanese input is as wide as its keyboards: ｔａｒｏ＠ｅｘａｍｐｌｅ．ｃｏｍ, ０９０ー１２３４ー５６７８, ヤマダ in hiragana.
"""

import re
from decimal import Decimal, InvalidOperation

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from careers import japanese
from careers.documents.ingest import receive
from careers.outbox.models import normalize_address

LINE, PROSE = 200, 5_000
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")


def too_long(limit, written):
    """The sentence of a text that is too long: how long it may be, and how long it is."""
    said = ngettext_lazy(
        "Please write at most %(limit)s character (now %(written)s).",
        "Please write at most %(limit)s characters (now %(written)s).",
        "number",
    )
    return ValidationError(
        said, "too_long", {"limit": f"{limit:,}", "written": f"{written:,}", "number": limit}
    )


class Line(forms.CharField):
    """A line of text; `cleaned` is how it is cleaned."""

    cleaned = staticmethod(japanese.clean_name)
    limit = LINE

    def to_python(self, value):
        return self.cleaned(super().to_python(value))

    def validate(self, value):
        super().validate(value)
        if len(value) > self.limit:
            raise too_long(self.limit, len(value))


class Name(Line):
    """A name, kept as its owner writes it. Kanji beyond the usual are longer than they look."""

    limit = 100


class Kana(Line):
    """The reading of a name, in katakana once it is clean."""

    cleaned = staticmethod(japanese.to_katakana)
    limit = 100
    need = _("Required for kanji")

    def validate(self, value):
        super().validate(value)
        if value and not japanese.is_katakana(value):
            raise ValidationError(_("Please write the reading in katakana."), "kana")


class Prose(Line):
    """Text of several lines."""

    widget = forms.Textarea
    limit = PROSE

    @staticmethod
    def cleaned(text):
        return japanese.clean_text(text.replace("\r\n", "\n")).strip()


class EmailAddressField(forms.EmailField):
    """An e-mail address that our letters can reach."""

    limit = 254  # what a mail server takes, and the column of an application

    def __init__(self, **options):
        # With a limit of Django's own a browser would cut off what is pasted, without a word.
        super().__init__(max_length=None, **options)

    def to_python(self, value):
        return super().to_python(japanese.clean_ascii(value or "").replace(" ", ""))

    def validate(self, value):
        super().validate(value)
        if len(value) > self.limit:
            raise too_long(self.limit, len(value))

    def run_validators(self, value):
        super().run_validators(value)
        try:
            value and normalize_address(value)
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], "invalid") from None


class Phone(Line):
    """A telephone number as it was typed; `e164(value)` is the one that machines dial."""

    cleaned = staticmethod(japanese.clean_figures)
    limit = 60

    def validate(self, value):
        super().validate(value)
        if value and sum(sign.isdigit() for sign in value) < 6:
            raise ValidationError(
                _("Please write a telephone number, such as 090-1234-5678 or +65 6123 4567."),
                "phone",
            )


def e164(number):
    """+819012345678 for 090-1234-5678; empty if it is no number that anybody could dial."""
    try:
        parsed = phonenumbers.parse(number, "JP")
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(parsed):
        return ""
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


class Links(Prose):
    """Addresses on the web, one in each line; as they are kept, each with its https://."""

    valid = URLValidator(schemes=["http", "https"])

    def clean(self, value):
        lines = [japanese.clean_ascii(line) for line in super().clean(value).splitlines()]
        return "\n".join(self._address(line) for line in lines if line)

    def _address(self, line):
        address = line if "://" in line else f"https://{line}"
        try:
            self.valid(address)
        except ValidationError:
            said = _("Please check this address: %(line)s. Write one in each line.")
            raise ValidationError(said, "link", {"line": line[:80]}) from None
        return address


class Number(Line):
    """A number, with or without separators of thousands; kept as it is written with plain digits.

    Any other comma is asked about: 3,5 means one number in Berlin and none in Tokyo.
    """

    cleaned = staticmethod(japanese.clean_figures)

    def clean(self, value):
        written = super().clean(value)
        if _THOUSANDS.fullmatch(written):
            written = written.replace(",", "")
        try:
            if written and not Decimal(written).is_finite():
                raise InvalidOperation
        except InvalidOperation:
            raise ValidationError(
                _("Please write a number in digits, such as 12 or 3.5."), "number"
            ) from None
        return written


class Day(Line):
    """A date in whatever order of signs: 2026-11-21, 2026/11/21, 2026年11月21日. Kept as 2026-11-21."""

    cleaned = staticmethod(japanese.clean_figures)

    def clean(self, value):
        written = super().clean(value)
        if not written:
            return ""
        match = _DATE.fullmatch(written)
        try:
            day = match and parse_date("-".join(part.zfill(2) for part in match.groups()))
        except ValueError:  # the 31st of February
            day = None
        if not day:
            raise ValidationError(_("Please write the date like 2026-11-21."), "date")
        return day.isoformat()


class DocumentField(forms.FileField):
    """A document: the one that was just chosen, else the one that waits since the last time.

    What is chosen is judged and stored here, before the rest of the form is known to be right: so it
    need not be chosen again. A cleaned value is a Document, maybe one that is not saved yet.
    """

    def clean(self, value, initial=None):
        if value:
            return receive(value)
        if initial:
            return initial
        if self.required:
            raise ValidationError(self.error_messages["required"], "required")
        return None

    def has_changed(self, initial, data):
        return bool(data)
