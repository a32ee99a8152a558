"""Dates, amounts of money, and names of countries and languages, in both languages."""

from datetime import date, datetime

import pytest
from django import forms
from django.utils import translation
from django.utils.formats import date_format

from careers.cldr import amounts, country, language_name

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-11-21", date(2026, 11, 21)),
        ("2026/11/21", date(2026, 11, 21)),
        ("2026年11月21日", date(2026, 11, 21)),
        ("2026.11.21", date(2026, 11, 21)),
        ("20261121", date(2026, 11, 21)),
    ],
)
def test_japanese_date_input(typed, day):
    """Forms in Japanese accept the usual ways of writing a date."""
    with translation.override("ja"):
        assert forms.DateField(localize=True).clean(typed) == day
        moment = forms.DateTimeField(localize=True).clean(f"{typed} 9:05")
    assert (moment.hour, moment.minute) == (9, 5)


@pytest.mark.parametrize(
    ("language", "name", "expected"),
    [
        ("ja", "DATETIME_FORMAT", "2026年11月21日 9:05"),
        ("ja", "DATE_FORMAT", "2026年11月21日"),
        ("ja", "SHORT_DATE_FORMAT", "2026/11/21"),
        ("en", "DATETIME_FORMAT", "November 21, 2026, 09:05"),
        ("en", "DATE_FORMAT", "November 21, 2026"),
    ],
)
def test_date_output(language, name, expected):
    """Django's named formats are those of our `formats` modules."""
    with translation.override(language):
        assert date_format(datetime(2026, 11, 21, 9, 5), name) == expected  # noqa: DTZ001


@pytest.mark.parametrize(
    ("numbers", "currency", "english", "japanese_"),
    [
        ([6_000_000, 10_000_000], "JPY", ["¥6,000,000", "¥10,000,000"], ["600万円", "1,000万円"]),
        ([305_000, 400_000], "JPY", ["¥305,000", "¥400,000"], ["305,000円", "400,000円"]),
        ([1500], "JPY", ["¥1,500"], ["1,500円"]),
        ([90_000], "USD", ["$90,000"], ["90,000米ドル"]),
        ([8000], "CHF", ["CHF\u00a08,000"], ["8,000スイスフラン"]),
    ],
)
def test_amounts_of_money(numbers, currency, english, japanese_):
    """Japanese amounts use 万円 where it is exact, and names of currencies."""
    assert amounts(numbers, currency, "en") == english
    assert amounts(numbers, currency, "ja") == japanese_


def test_country_and_language_names():
    """Names come from CLDR in the language of the page."""
    assert (country("JP", "en"), country("JP", "ja")) == ("Japan", "日本")
    assert (language_name("en", "en"), language_name("en", "ja")) == ("English", "英語")
