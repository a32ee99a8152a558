"""Email addresses: validation, ASCII form and comparison.

Addresses are stored and displayed unchanged. Emails are sent to their ASCII form:

* the domain by IDNA 2008 with UTS 46, non-transitional: straße.example is xn--strae-oqa.example, which
  is another domain than strasse.example;
* the local part in the form with the fewest quotes. All quoted forms of a local part are equivalent, and
  the sender transmits that one (RFC 5321, 4.1.2). So `a..b@docomo.ne.jp` is sent to "a..b"@docomo.ne.jp.

The settings parse MAIL_FROM with this module, so it does not import the settings.
"""

import re
from enum import StrEnum

import idna
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from careers import japanese

MAX_LENGTH = 254  # octets of an address in its ASCII form (RFC 5321, 4.5.3.1.3, without < and >)
# Japanese mobile carriers gave out addresses with dots in a row, or before the @, until about 2009.
# People still use them. Subdomains included: t.vodafone.ne.jp, biz.ezweb.ne.jp, wm.pdx.ne.jp.
CARRIER_DOMAINS = (
    "au.com",
    "disney.ne.jp",
    "disneymobile.ne.jp",
    "docomo.ne.jp",
    "emnet.ne.jp",
    "emobile.ne.jp",
    "emobile-s.ne.jp",
    "ezweb.ne.jp",
    "i.softbank.jp",
    "pdx.ne.jp",
    "softbank.ne.jp",
    "uqmobile.jp",
    "vodafone.ne.jp",
    "willcom.com",
    "y-mobile.ne.jp",
    "ymobile.ne.jp",
    "ymobile1.ne.jp",
)
_ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]"
_DOT_STRING = re.compile(rf"{_ATEXT}+(?:\.{_ATEXT}+)*")
_ANY_DOTS = re.compile(rf"(?:{_ATEXT}|\.)+")
# Without spaces, which people type by mistake.
_QUOTED = re.compile(r'"((?:[!#-\[\]-~]|\\[!-~])+)"')
# Part of some domains in Persian, Sinhala and other scripts.
_JOINERS = re.compile("([\u200c\u200d])")
_FULL_WIDTH_SIGNS = str.maketrans("＠﹫。｡．", "@@...")
_NAME_AND_ADDRESS = re.compile(r"[^<>]*<\s*([^<>]+@[^<>]+)>\s*")


class Problem(StrEnum):
    """Why a text is not an address that we can send to."""

    FORM = "form"
    DOTS = "dots"  # two in a row, at the beginning or before the @
    SCRIPT = "script"  # a local part that needs SMTPUTF8 (RFC 6531), which many servers do not have


class InvalidAddress(ValueError):
    """A text is not an address that we can send to. Its message does not quote it."""

    def __init__(self, problem: Problem) -> None:
        super().__init__("must be an email address like careers@example.com")
        self.problem = problem


def ascii_form(address: str) -> str:
    """The address in the ASCII form that mail servers take; InvalidAddress if it has none."""
    if len(address) > MAX_LENGTH or "@" not in address:
        raise InvalidAddress(Problem.FORM)
    local, _at, domain = address.rpartition("@")
    domain = _ascii_domain(domain)
    result = f"{_local_part(local, domain)}@{domain}"
    if len(result) > MAX_LENGTH:
        raise InvalidAddress(Problem.FORM)
    return result


def comparison_key(address: str) -> str:
    """The same text for all ways to write one address: its ASCII form in lower case.

    A few servers distinguish capitals before the @ (RFC 5321, 2.4), but people do not. A text that is
    not an address is only converted to lower case.
    """
    try:
        return ascii_form(address).lower()
    except InvalidAddress:
        return address.strip().lower()


def validate_address(value: str) -> None:
    """Validator of model fields whose address gets emails or answers."""
    try:
        ascii_form(value)
    except InvalidAddress:
        raise ValidationError(validate_email.message, "invalid") from None


def clean_typed(text: str) -> str:
    """A typed address in half-width characters, without what is not part of it.

    That is spaces at its ends, full-width spaces around the @, and a full stop at its end. Spaces inside
    remain: only their author knows whether they are a mistake.
    """
    local, at, domain = text.strip().translate(_FULL_WIDTH_SIGNS).rpartition("@")
    if at:
        local, domain = local.rstrip("\u3000"), domain.lstrip("\u3000").removesuffix(".")
    joined = _clean_joined_domain(domain)
    return japanese.clean_ascii(local + at + ("" if joined else domain)) + joined


def suggestion(address: str) -> str:
    """A correction of `taro @example.com` or `Taro <taro@example.com>`; "" if there is more than one.

    For example, `taro yamada@example.com` may be a name and an address, or one address with a space.
    """
    match = _NAME_AND_ADDRESS.fullmatch(address)
    local, at, domain = (match[1] if match else address).strip().rpartition("@")
    candidate = local.rstrip() + at + "".join(domain.split())
    try:
        ascii_form(candidate)
    except InvalidAddress:
        return ""
    return candidate if candidate != address else ""


def _clean_joined_domain(domain: str) -> str:
    """A domain with joiners that are part of its words; "" if it has none, or they were copied along."""
    parts = _JOINERS.split(domain)
    if len(parts) == 1 or len(domain) > MAX_LENGTH:
        return ""
    cleaned = "".join(
        part if _JOINERS.fullmatch(part) else japanese.clean_ascii(part) for part in parts
    )
    try:
        _ascii_domain(cleaned)
    except InvalidAddress:
        return ""
    return cleaned


def _ascii_domain(domain: str) -> str:
    try:
        if not domain.isascii():
            domain = idna.encode(domain, uts46=True, std3_rules=True).decode("ascii")
        validate_email(f"a@{domain}")
    except (ValueError, ValidationError):
        raise InvalidAddress(Problem.FORM) from None
    return domain.lower()


def _local_part(local: str, domain: str) -> str:
    if not local.isascii():
        raise InvalidAddress(Problem.SCRIPT)
    if quoted := _QUOTED.fullmatch(local):
        local = re.sub(r"\\(.)", r"\1", quoted[1])
    elif not _ANY_DOTS.fullmatch(local):
        raise InvalidAddress(Problem.FORM)
    elif not _DOT_STRING.fullmatch(local) and not _is_of_carrier(domain):
        raise InvalidAddress(Problem.DOTS)
    if _DOT_STRING.fullmatch(local):
        return local
    escaped = re.sub(r'(["\\])', r"\\\1", local)
    return f'"{escaped}"'


def _is_of_carrier(domain: str) -> bool:
    return f".{domain}".endswith(tuple(f".{carrier}" for carrier in CARRIER_DOMAINS))
