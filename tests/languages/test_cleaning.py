"""Text as people meant it: cleaned once it stays so, and nothing that anybody wrote is changed."""

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
    japanese.clean_figures,
    japanese.to_katakana,
]


@pytest.mark.parametrize("clean", CLEANERS, ids=lambda clean: clean.__name__)
@given(text=TYPED)
def test_what_is_clean_stays_as_it_is(clean, text):
    once = clean(text)
    assert clean(once) == once


@given(text=st.text(st.characters(categories=["Lo", "Lu", "Ll", "Nd", "Po", "Sm"])))
def test_signs_that_somebody_wrote_are_kept(text):
    """All but kana in pieces or at half width: 福, 髙, ①, ㈱ are how people write."""
    half = {sign for sign in text if "\uff61" <= sign <= "\uff9f"}
    if not half:
        assert japanese.clean_text(text) == text


@given(text=TYPED)
def test_nothing_invisible_is_left(text):
    left = japanese.clean_text(text)
    assert not any(unicodedata.bidirectional(sign) in {"LRE", "RLE", "LRO", "RLO"} for sign in left)
    assert not set(left) & set("\u200b\u200c\u200d\u2060\ufeff\u00ad")


@pytest.mark.parametrize(
    ("apart", "whole"),
    [
        ("カ\u3099", "ガ"),
        ("ハ\u309aン", "パン"),
        ("ｶﾞｷﾞ", "ガギ"),
        ("\ufa1b", "\ufa1b"),
        ("辻\U000e0100", "辻\U000e0100"),
    ],
)
def test_kana_become_whole_and_kanji_stay(apart, whole):
    assert japanese.clean_text(apart) == whole


@pytest.mark.parametrize(
    ("family", "given_name", "shown"),
    [
        ("山田", "太郎", "山田 太郎"),
        ("スミス", "ジョン", "スミス ジョン"),
        ("𠮷", "𠮷", "𠮷 𠮷"),
        ("Smith", "John", "John Smith"),
        ("Suharto", "", "Suharto"),
    ],
)
def test_a_name_stands_in_the_order_of_its_script(family, given_name, shown):
    assert japanese.display_name(family, given_name) == shown


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
def test_a_field_takes_it_or_says_why(field, text):
    try:
        cleaned = field.clean(text)
    except ValidationError as refused:
        assert all(refused.messages)
    else:
        assert field.clean(cleaned) == cleaned if cleaned else True


@given(text=TYPED | st.from_regex(r"[+0-9０-９ー \-()]{0,30}", fullmatch=True))
def test_a_number_is_dialled_or_not(text):
    number = fields.e164(japanese.clean_figures(text))
    assert number == "" or (number[0] == "+" and number[1:].isdigit() and len(number) <= 20)


@pytest.mark.parametrize(
    ("typed", "dialled"),
    [
        ("090-1234-5678", "+819012345678"),
        ("060-1234-5678", "+816012345678"),
        ("０３（１２３４）５６７８", "+81312345678"),
        ("+65 6123 4567", "+6561234567"),
        ("12", ""),
    ],
)
def test_a_number_is_that_of_japan_unless_it_says_so(typed, dialled):
    assert fields.e164(japanese.clean_figures(typed)) == dialled
