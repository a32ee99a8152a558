"""Form fields that clean what people type and explain what they cannot accept.

Japanese keyboards produce full-width characters: ｔａｒｏ＠ｅｘａｍｐｌｅ．ｃｏｍ, ０９０ー１２３４ー５６７８, a reading in hiragana.
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
from careers.application_forms.fields import LINE_LENGTH, TEXT_LENGTH
from careers.documents.ingest import receive
from careers.email_address import InvalidAddress, Problem, ascii_form, clean_typed, suggestion
from careers.invisible import is_blank

_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")


class LengthLimitMixin:
    """Rejects more than `limit` characters with a message.

    A text of more than ten times `limit` is rejected before it is cleaned: cleaning takes quadratic time,
    because Unicode normalization sorts the marks of a character (UAX #15).
    Django's `max_length` would set the HTML attribute, with which a browser cuts off a pasted text
    without saying so.
    """

    limit = LINE_LENGTH

    def __init__(self, *, limit=None, **options):
        super().__init__(**options)
        self.limit = limit or self.limit

    def to_python(self, value):
        value = super().to_python(value)
        if len(value) > 10 * self.limit:
            raise _too_long(self.limit, len(value))
        return value

    def validate(self, value):
        super().validate(value)
        if len(value) > self.limit:
            raise _too_long(self.limit, len(value))


def _too_long(limit, length):
    message = ngettext_lazy(
        "Please write at most %(limit)s character (now %(written)s).",
        "Please write at most %(limit)s characters (now %(written)s).",
        "number",
    )
    return ValidationError(
        message, "too_long", {"limit": f"{limit:,}", "written": f"{length:,}", "number": limit}
    )


class LineField(LengthLimitMixin, forms.CharField):
    """A line of text, empty if nothing of it is visible. Subclasses set the function that cleans it."""

    clean_text = staticmethod(japanese.clean_name)

    def to_python(self, value):
        text = self.clean_text(super().to_python(value))
        return "" if is_blank(text) else text


class KanaField(LineField):
    """The reading of a name; converted to katakana."""

    clean_text = staticmethod(japanese.to_katakana)
    requirement_note = _("Required for kanji")

    def validate(self, value):
        super().validate(value)
        if value and not japanese.is_katakana(value):
            raise ValidationError(_("Please write the reading in katakana."), "kana")


class TextField(LineField):
    """Text of several lines."""

    widget = forms.Textarea
    limit = TEXT_LENGTH

    @staticmethod
    def clean_text(text):
        return japanese.clean_text(text.replace("\r\n", "\n")).strip()


class EmailAddressField(LengthLimitMixin, forms.CharField):
    """An email address that our outbox can send to.

    Spaces inside an address are an error. It suggests a correct address if there is only one candidate.
    """

    default_error_messages = {
        "invalid": _("Please check the e-mail address; it looks like name@example.com."),
        "spaces": _("Enter the address alone, without spaces."),
        "suggestion": _("Enter the address alone, without spaces. Did you mean %(suggestion)s?"),
        "dots": _(
            "Check the dots before the @. Only some older Japanese mobile addresses have two dots in a"
            " row, or a dot at the beginning or end."
        ),
        "script": _(
            "We can’t send email to an address with characters like é or 鈴 before the @. Enter another"
            " address."
        ),
    }

    def to_python(self, value):
        return clean_typed(super().to_python(value))

    def validate(self, value):
        super().validate(value)
        try:
            value and ascii_form(value)
        except InvalidAddress as error:
            if suggested := suggestion(value):
                message = self.error_messages["suggestion"]
                raise ValidationError(message, "spaces", {"suggestion": suggested}) from None
            raise ValidationError(self.error_messages[_error(value, error.problem)]) from None


def _error(address, problem):
    if " " in address and address.count("@") == 1:
        return "spaces"
    return {Problem.DOTS: "dots", Problem.SCRIPT: "script"}.get(problem, "invalid")


class PhoneField(LineField):
    """A telephone number in half-width characters. `e164(value, language)` returns the number to dial."""

    clean_text = staticmethod(japanese.clean_number)

    def validate(self, value):
        super().validate(value)
        if value and sum(character.isdigit() for character in value) < 6:
            raise ValidationError(
                _("Please write a telephone number, such as 090-1234-5678 or +65 6123 4567."),
                "phone",
            )


def e164(number, language):
    """The E.164 form (+819012345678) of a number from the form in `language`; "" if its country is unknown.

    A number has a country if

    * it begins with + or 00;
    * it begins with 011 or 010 and has more than 11 digits. Shorter numbers may have 011 as area code
      (Sapporo, Johannesburg) or 010 as mobile prefix (Korea);
    * it is from the Japanese form, begins with 0 and is valid in Japan.

    Numbers with 001 are ambiguous: 00 and the country code 1, or the prefix of a Japanese and of a
    Singaporean carrier.
    """
    digits = "".join(filter(str.isdigit, number))
    before, plus, after = number.partition("+")
    if plus and not any(map(str.isdigit, before)):
        return _e164(plus + after, phonenumbers.is_possible_number)
    if digits.startswith("001") and _e164(f"+{digits[3:]}", phonenumbers.is_valid_number):
        return ""
    if digits.startswith("00"):
        return _e164(f"+{digits[2:]}", phonenumbers.is_valid_number)
    if digits.startswith(("011", "010")) and len(digits) > 11:
        return _e164(f"+{digits[3:]}", phonenumbers.is_valid_number)
    if language == "ja" and digits.startswith("0"):
        return _e164(number, _is_valid_in_japan)
    return ""


def _e164(number, is_accepted):
    try:
        parsed = phonenumbers.parse(number, "JP")
    except phonenumbers.NumberParseException:
        return ""
    if not is_accepted(parsed):
        return ""
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def _is_valid_in_japan(number):
    return phonenumbers.is_valid_number_for_region(number, "JP")


class LinksField(TextField):
    """Web addresses, one in each line. Each is stored with its scheme."""

    validate_url = URLValidator(schemes=["http", "https"])

    def clean(self, value):
        lines = [japanese.clean_ascii(line) for line in super().clean(value).splitlines()]
        return "\n".join(self._address(line) for line in lines if line)

    def _address(self, line):
        address = line if "://" in line else f"https://{line}"
        try:
            self.validate_url(address)
        except ValidationError:
            message = _("Please check this address: %(line)s. Write one in each line.")
            raise ValidationError(message, "link", {"line": line[:80]}) from None
        return address


class NumberField(LineField):
    """A number as text, with plain digits and without thousands separators.

    Other commas are rejected: 3,5 is a decimal in Berlin and a mistake in Tokyo.
    """

    clean_text = staticmethod(japanese.clean_number)

    def clean(self, value):
        text = super().clean(value)
        if _THOUSANDS.fullmatch(text):
            text = text.replace(",", "")
        try:
            if text and not Decimal(text).is_finite():
                raise InvalidOperation
        except InvalidOperation:
            raise ValidationError(
                _("Please write a number in digits, such as 12 or 3.5."), "number"
            ) from None
        return text


class DayField(LineField):
    """A date typed as 2026-11-21, 2026/11/21 or 2026年11月21日; stored as 2026-11-21."""

    clean_text = staticmethod(japanese.clean_number)

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return ""
        match = _DATE.fullmatch(text)
        try:
            day = match and parse_date("-".join(part.zfill(2) for part in match.groups()))
        except ValueError:  # the 31st of February
            day = None
        if not day:
            raise ValidationError(_("Please write the date like 2026-11-21."), "date")
        return day.isoformat()


class DocumentField(forms.FileField):
    """A document: the file that was just chosen, else the pending upload.

    The file is checked here, whatever else is wrong with the form. The cleaned value is a Document; that
    of a file that was just chosen is neither saved nor stored yet (`ingest.receive`).
    """

    pending_upload = None  # the Document of an earlier attempt

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
