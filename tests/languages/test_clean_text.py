"""Cleaning of typed text: idempotent, without loss of visible characters."""

import unicodedata

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from careers import japanese
from careers.applications import fields

pytestmark = pytest.mark.one_database

TYPED = st.text(
    st.characters()
    | st.sampled_from("ｱﾞﾟがガぱ、。　＠ー－〜～㈱①…\u200b\u202e\ufeff𠮷\ufa1b\U000e0100")
)
CLEANERS = [
    japanese.clean_text,
    japanese.clean_name,
    japanese.clean_ascii,
    japanese.clean_number,
    japanese.to_katakana,
]


@pytest.mark.parametrize("clean", CLEANERS, ids=lambda clean: clean.__name__)
@given(text=TYPED)
def test_cleaning_is_idempotent(clean, text):
    """Cleaned text does not change when it is cleaned again."""
    once = clean(text)
    assert clean(once) == once


@given(text=st.text(st.characters(categories=["Lo", "Lu", "Ll", "Nd", "Po", "Sm"])))
def test_clean_text_preserves_characters(text):
    """Only decomposed and half-width kana change: people write 福, 髙, ① and ㈱."""
    half_width_kana = {char for char in text if "\uff61" <= char <= "\uff9f"}
    if not half_width_kana:
        assert japanese.clean_text(text) == text


@given(text=TYPED)
def test_clean_text_removes_invisible_characters(text):
    """No zero-width or bidirectional control characters remain."""
    cleaned = japanese.clean_text(text)
    assert not any(
        unicodedata.bidirectional(char) in {"LRE", "RLE", "LRO", "RLO"} for char in cleaned
    )
    assert not set(cleaned) & set("\u200b\u200c\u200d\u2060\ufeff\u00ad")


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("カ\u3099", "ガ"),
        ("ハ\u309aン", "パン"),
        ("ｶﾞｷﾞ", "ガギ"),
        ("\ufa1b", "\ufa1b"),
        ("辻\U000e0100", "辻\U000e0100"),
    ],
)
def test_clean_text_composes_kana_and_preserves_kanji(typed, cleaned):
    """Kana become composed and full-width; variants of kanji stay."""
    assert japanese.clean_text(typed) == cleaned


@pytest.mark.parametrize(
    ("family_name", "given_name", "expected"),
    [
        ("山田", "太郎", "山田 太郎"),
        ("スミス", "ジョン", "スミス ジョン"),
        ("𠮷", "𠮷", "𠮷 𠮷"),
        ("Smith", "John", "John Smith"),
        ("Suharto", "", "Suharto"),
    ],
)
def test_display_name_has_the_order_of_its_script(family_name, given_name, expected):
    """Japanese names put the family name first, others the given name."""
    assert japanese.display_name(family_name, given_name) == expected


@pytest.mark.parametrize(
    "field",
    [
        fields.LineField(),
        fields.KanaField(),
        fields.EmailAddressField(),
        fields.PhoneField(),
        fields.LinksField(),
        fields.TextField(),
        fields.NumberField(),
        fields.DayField(),
    ],
    ids=lambda field: type(field).__name__,
)
@given(text=TYPED)
def test_form_field_accepts_or_explains(field, text):
    """A form field cleans any input or rejects it with a message."""
    try:
        cleaned = field.clean(text)
    except ValidationError as error:
        assert all(error.messages)
    else:
        assert field.clean(cleaned) == cleaned if cleaned else True


@given(text=TYPED | st.from_regex(r"[+0-9０-９ー \-()]{0,30}", fullmatch=True))
def test_e164_is_empty_or_valid(text):
    """Any phone number becomes a valid E.164 number or none."""
    number = fields.e164(japanese.clean_number(text))
    assert number == "" or (number[0] == "+" and number[1:].isdigit() and len(number) <= 20)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("090-1234-5678", "+819012345678"),
        ("060-1234-5678", "+816012345678"),
        ("０３（１２３４）５６７８", "+81312345678"),
        ("+65 6123 4567", "+6561234567"),
        ("12", ""),
    ],
)
def test_e164_defaults_to_japan(typed, expected):
    """A number without a country code is Japanese."""
    assert fields.e164(japanese.clean_number(typed)) == expected
