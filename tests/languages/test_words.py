"""Dates, money, names and headings as a native reader expects them."""

from datetime import date, datetime

import pytest
from django import forms
from django.utils import translation
from django.utils.formats import date_format
from hypothesis import given
from hypothesis import strategies as st

from careers import japanese, rich_text
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
def test_a_japanese_form_accepts_japanese_dates(typed, day):
    with translation.override("ja"):
        assert forms.DateField(localize=True).clean(typed) == day
        moment = forms.DateTimeField(localize=True).clean(f"{typed} 9:05")
    assert (moment.hour, moment.minute) == (9, 5)


@pytest.mark.parametrize(
    ("language", "name", "said"),
    [
        ("ja", "DATETIME_FORMAT", "2026年11月21日 9:05"),
        ("ja", "DATE_FORMAT", "2026年11月21日"),
        ("ja", "SHORT_DATE_FORMAT", "2026/11/21"),
        ("en", "DATETIME_FORMAT", "November 21, 2026, 09:05"),
        ("en", "DATE_FORMAT", "November 21, 2026"),
    ],
)
def test_dates_are_printed_as_each_language_writes_them(language, name, said):
    with translation.override(language):
        assert date_format(datetime(2026, 11, 21, 9, 5), name) == said  # noqa: DTZ001


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
def test_money(numbers, currency, english, japanese_):
    assert amounts(numbers, currency, "en") == english
    assert amounts(numbers, currency, "ja") == japanese_


def test_names_of_countries_and_languages():
    assert (country("JP", "en"), country("JP", "ja")) == ("Japan", "日本")
    assert (language_name("en", "en"), language_name("en", "ja")) == ("English", "英語")


@pytest.mark.parametrize(
    ("heading", "phrases"),
    [
        ("バックエンドエンジニア", ["バックエンド", "エンジニア"]),
        ("シニアソフトウェアエンジニアリング", ["シニアソフトウェア", "エンジニアリング"]),
        ("受動喫煙防止措置", ["受動喫煙防止措置"]),
        ("私たちと一緒に働く", ["私たちと", "一緒に", "働く"]),
        ("Backend engineer", ["Backend engineer"]),
    ],
)
def test_headings_break_between_phrases_only(heading, phrases):
    assert japanese.phrase(heading).split("\u200b") == phrases


def test_a_heading_is_escaped():
    assert japanese.phrase("<b>私たち</b>").replace("\u200b", "") == "&lt;b&gt;私たち&lt;/b&gt;"


@given(st.text())
def test_a_heading_keeps_its_letters_and_stays_harmless(text):
    said = japanese.phrase(text)
    assert "<" not in said
    assert said.replace("\u200b", "") == str(japanese.conditional_escape(text)).replace(
        "\u200b", ""
    )


@given(st.text())
def test_rich_text_is_safe_whatever_comes_in_and_stays_as_it_is(text):
    once = rich_text.clean(f"<p>{text}</p><script>alert(1)</script>")
    assert "<script" not in once
    assert rich_text.clean(once) == once


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("One\n\nTwo\nlines", "<p>One</p>\n\n<p>Two<br>lines</p>"),
        ("<p onclick='x()' style='color:red'>Hi</p>", "<p>Hi</p>"),
        ("<h1>Big</h1><h3>Small</h3>", "Big<h3>Small</h3>"),
        ('<a href="javascript:x()">go</a>', "<a>go</a>"),
        (
            '<a href="https://example.org" target=_blank>go</a>',
            '<a href="https://example.org">go</a>',
        ),
        ("<ul><li>a<ol><li>b</li></ol></li></ul>", "<ul><li>a<ol><li>b</li></ol></li></ul>"),
        ("5 < 6 & 7", "<p>5 &lt; 6 &amp; 7</p>"),
        ("<p>\u200b </p>", "<p> </p>"),
        ("", ""),
    ],
)
def test_rich_text_keeps_the_allowed_tags_and_nothing_else(written, kept):
    assert rich_text.clean(written) == kept


def test_rich_text_as_words():
    assert rich_text.plain("<h3>One</h3><p>two &amp; three</p><ul><li>four</li></ul>") == (
        "One two & three four"
    )
