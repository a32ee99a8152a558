"""The postal address of a location in one language, and the postal codes of a country."""

import re
from collections import defaultdict
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from careers.japanese import clean_number
from careers.languages import LocalizedText, active_language, other_language

_TEXTS = ("address", "city", "region")
_POSTAL_CODES = defaultdict(
    lambda: re.compile(r"[A-Z0-9][A-Z0-9 -]{1,14}"),
    JP=re.compile(r"\d{3}-\d{4}"),
    SG=re.compile(r"\d{6}"),
)
POSTAL_CODE_ERRORS = defaultdict(
    lambda: _("Enter letters and digits only, like SW1A 1AA."),
    JP=_("Enter 7 digits, like 150-0001."),
    SG=_("Enter 6 digits, like 018956."),
)


class Address(NamedTuple):
    """The parts of an address, all in `language`; empty if unknown. `street` may have several lines."""

    street: str
    city: str
    region: str
    postal_code: str
    country: str
    language: str


def address(location, language=None):
    """The `Address` of a location: in `language` if it has any text in it, else in the other language."""
    language = language or active_language()
    languages = (language, other_language(language))
    chosen = next(
        (code for code in languages if any(getattr(location, f"{name}_{code}") for name in _TEXTS)),
        language,
    )
    texts = [getattr(location, f"{name}_{chosen}") or "" for name in _TEXTS]
    return Address(*texts, location.postal_code, location.country, chosen)


def address_text(location, language=None):
    """The whole address as a `LocalizedText`.

    In the order of the country and the language: 〒150-0001 東京都渋谷区神宮前1-2-3, otherwise 1-2-3
    Jingumae, Shibuya, Tokyo 150-0001. The country is left out.
    """
    street, city, region, postal_code, country, language = address(location, language)
    if country == "JP" and language == "ja":
        code = f"〒{postal_code}" if postal_code else ""
        text = " ".join(filter(None, (code, f"{region}{city}{street}")))
    else:
        text = ", ".join(filter(None, (street, city, region)))
        text = " ".join(filter(None, (text, postal_code)))
    return LocalizedText(text, language)


def clean_postal_code(text, country):
    """`text` in ASCII, without 〒; in Japan with a hyphen: 1500001 becomes 150-0001."""
    code = clean_number(text.replace("〒", " ")).strip().upper()
    digits = country == "JP" and re.fullmatch(r"(\d{3})[- ]?(\d{4})", code)
    return f"{digits[1]}-{digits[2]}" if digits else code


def is_postal_code(text, country):
    """Whether `text` has the form of a postal code in `country`, an ISO code."""
    return bool(_POSTAL_CODES[country].fullmatch(text))
