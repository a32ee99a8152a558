"""Names of countries, languages and currencies in the language of the page; the database stores codes.

Country codes are ISO 3166-1 alpha-2, language codes ISO 639-1, currency codes ISO 4217. The names come
from Unicode CLDR.
"""

from functools import cache
from zoneinfo import available_timezones

from babel import Locale
from babel.dates import get_timezone_location
from babel.numbers import get_territory_currencies
from django.utils.translation import get_language

# Codes that CLDR names but ISO 3166-1 assigns to no country.
_NO_COUNTRIES = {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}
_COUNTRIES = tuple(
    code
    for code in Locale("en").territories
    if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES
)


def country(code: str, language: str | None = None) -> str:
    """`JP` → Japan, 日本."""
    return _locale(language).territories.get(code, code)


def language_name(code: str, language: str | None = None) -> str:
    """`ja` → Japanese, 日本語."""
    return _locale(language).languages.get(code, code)


def amounts(numbers, currency, language=None):
    """Whole units of a currency: ["¥6,000,000", "¥10,000,000"] or ["600万円", "1,000万円"].

    Japanese amounts are in units of 10,000 yen (万円) if that is exact for all `numbers`.
    """
    locale = _locale(language)
    if locale.language != "ja":
        symbol = locale.currency_symbols.get(currency, currency)
        gap = "\N{NO-BREAK SPACE}" if symbol[-1:].isalpha() else ""
        return [f"{symbol}{gap}{number:,}" for number in numbers]
    if currency != "JPY":
        name = locale.currencies.get(currency, currency).replace(" ", "")
        return [f"{number:,}{name}" for number in numbers]
    if all(number and number % 10_000 == 0 for number in numbers):
        return [f"{number // 10_000:,}万円" for number in numbers]
    return [f"{number:,}円" for number in numbers]


def countries() -> list[tuple[str, str]]:
    """Choices of a field: every country, by name."""
    names = _locale(None).territories
    return _by_name((code, names[code]) for code in _COUNTRIES)


def language_names() -> list[tuple[str, str]]:
    """Choices of a field: every language with a two-letter code, by name."""
    return _by_name(
        (code, name) for code, name in _locale(None).languages.items() if len(code) == 2
    )


def currencies():
    """Choices of a field: every currency that is legal tender somewhere today."""
    names = _locale(None).currencies
    return sorted((code, f"{code} {names.get(code, '')}".strip()) for code in _currencies_in_use())


def time_zones():
    """Choices of a field: every time zone, named by its city."""
    zones = sorted(name for name in available_timezones() if "/" in name)
    return [
        (name, f"{get_timezone_location(name, _locale(None), True)} ({name})") for name in zones
    ]


def _by_name(choices):
    return sorted(choices, key=lambda choice: choice[1])


@cache
def _currencies_in_use():
    return {code for country in _COUNTRIES for code in get_territory_currencies(country)}


def _locale(language):
    return _loaded(language or get_language() or "en")


@cache
def _loaded(language):
    return Locale.parse(language, sep="-")
