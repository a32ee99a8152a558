"""Cleaning of typed text: idempotent, without loss of visible characters; the order of names; readings."""

import unicodedata

import pytest
from django.core.exceptions import ValidationError
from hypothesis import example, given
from hypothesis import strategies as st

from careers import japanese, rich_text
from careers.applications import fields
from careers.invisible import is_blank, remove_format_characters

pytestmark = pytest.mark.one_database

TYPED = st.text(
    st.characters()
    | st.sampled_from(
        "ｱﾞﾟがガぱ、。　＠ー－〜～㈱①…\u200b\u202e\ufeff𠮷\ufa1b\U000e0100\u200c\u200d\u0645ක්👩"
    )
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
@example(text="\u3099\uff9e\u200c\u0645\u0345\u200d\U0001f469\u200c\u200c")
@example(text="マリ--")
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
    assert not set(cleaned) & set("\u200b\u2060\ufeff\u00ad")


def _has_glyph(character):
    """Whether Unicode does not list a character as ignorable, and it is not the empty Braille cell."""
    return remove_format_characters(character) == character != "\u2800"


@given(text=TYPED)
def test_clean_text_preserves_visible_characters(text):
    """Nothing that can be seen gets lost or moves; half-width and composed kana look the same."""
    assert _visible(japanese.clean_text(text)) == _visible(text)


@given(
    blank=st.text(
        st.sampled_from(" \u3000\n\u00ad\u200b\u2063\u2800\u3164\uffa0\ufe0f\U000e0041\0")
    ),
    glyph=st.characters(categories=["L", "N", "P", "S", "Co", "Cn"]).filter(_has_glyph),
)
def test_text_is_blank_without_glyph(blank, glyph):
    """Any visible character makes a text visible, wherever it is; private ones of names too."""
    assert is_blank(blank)
    assert not is_blank(blank + glyph) and not is_blank(glyph + blank)


def _visible(text):
    """The characters of a text that have a glyph, in one form."""
    glyphs = "".join(char for char in text if unicodedata.category(char) not in ("Cf", "Cc"))
    return "".join(unicodedata.normalize("NFKC", glyphs).split())


# ZWNJ is the half space of Persian, ZWJ joins letters and emoji (Unicode 16.0, chapter 23.2).
ORTHOGRAPHIC = [
    "می‌خواهم",  # Persian: I want
    "کتاب‌ها",
    "PDF‌ها",
    "۲۰‌ساله",
    "علی‌رضا",
    "ه‍",  # Hijri, abbreviated
    "ශ්‍රී ලංකා",  # Sinhala: Sri Lanka
    "ක්‍රිෂ්ණ",
    "क्‍ष",
    "র‍্যাব",  # Bengali: ya-phalaa after ra
    "അവന്‍",  # Malayalam: a chillu of older texts
    "ಸಾಫ್ಟ್‌ವೇರ್",  # Kannada: software
    "👩‍💻",
    "👨‍👩‍👧‍👦",
    "🧑🏽‍🦰",
    "🏳️‍🌈",
    "👩‍❤️‍👨",
    "🐻‍❄️",
    "🙂‍↔️",
]


@pytest.mark.parametrize("text", ORTHOGRAPHIC)
def test_cleaning_preserves_joiners_of_orthography(text):
    """Names, prose, titles, file names and rich text keep the joiners between such letters and emoji."""
    assert set(text) & set("\u200c\u200d")
    assert japanese.clean_text(text) == text
    assert japanese.clean_name(f" {text} ") == text
    assert japanese.strip_invisible(text) == text
    assert japanese.display_filename(f"{text}.pdf") == f"{text}.pdf"
    assert rich_text.clean(f"<p>{text}</p>") == f"<p>{text}</p>"


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("Ya\u200dmada", "Yamada"),
        ("Auf\u200clage", "Auflage"),
        ("山\u200d田", "山田"),
        ("ヤマ\u200cダ", "ヤマダ"),
        ("علی\u200c", "علی"),
        ("\u200cعلی", "علی"),
        ("علی\u200c رضا", "علی رضا"),
        ("👩\u200d", "👩"),
        ("👩\u200da", "👩a"),
        ("a\u200d👩", "a👩"),
        ("1\u200c2", "12"),
        ("\u200c", ""),
        ("\u200d", ""),
        ("می\u200c\u200c\u200d\u200cخ", "می\u200cخ"),
        ("می\u200b\ufeffخ", "میخ"),
        ("م\u200cﾞ", "م\u3099"),
    ],
)
def test_cleaning_removes_redundant_joiners(typed, cleaned):
    """Elsewhere a joiner is invisible: between Latin or Japanese letters, at an end, several in a row."""
    assert japanese.clean_text(typed) == cleaned


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
        ("김", "철수", "김철수"),
        ("남궁", "민수", "남궁민수"),
        ("김", "영희 (Jane)", "김영희 (Jane)"),
        ("김", "Minsu", "김 Minsu"),
        ("김철수", "", "김철수"),
        ("王", "小明", "王 小明"),
        ("张", "伟", "张 伟"),
        ("歐陽", "娜娜", "歐陽 娜娜"),
        ("Nguyễn", "Văn An", "Văn An Nguyễn"),
        ("山田", "John", "山田 John"),
        ("علوی", "رضا", "رضا علوی"),
    ],
)
def test_display_name_has_the_order_of_its_script(family_name, given_name, expected):
    """Kanji, kana and Hangul put the family name first, Hangul without a space; others the given name."""
    assert japanese.display_name(family_name, given_name) == expected


@pytest.mark.parametrize(
    ("typed", "reading"),
    [
        ("ジャン＝リュック", "ジャン＝リュック"),
        ("ジャン゠リュック", "ジャン＝リュック"),
        ("ジャン=リュック", "ジャン＝リュック"),
        ("ジャン-リュック", "ジャン＝リュック"),
        ("ジャン ＝ リュック", "ジャン＝リュック"),
        ("マリー-クレール", "マリー＝クレール"),
        ("まりー–くれーる", "マリー＝クレール"),
        ("マリ--", "マリーー"),
        ("じゃん・りゅっく", "ジャン・リュック"),
        ("ｼﾞｬﾝ･ﾘｭｯｸ", "ジャン・リュック"),
        ("ジャン·リュック", "ジャン・リュック"),
        ("マリ―", "マリー"),  # U+2015
        ("マリ−", "マリー"),  # U+2212
        ("マリ‐アン‑ヌ‒ア–ア—", "マリーアン＝ヌーアーアー"),
        ("マリ-", "マリー"),
        ("マリ－", "マリー"),
        ("カ゛トウ", "ガトウ"),
        ("ハ゜ク", "パク"),
        ("か\u3099とう", "ガトウ"),
        ("ｶﾞﾄｳ", "ガトウ"),
        ("シㇼ ト゚ㇷ゚", "シㇼ ト゚ㇷ゚"),  # Ainu
        ("ヷヸヹヺ", "ヷヸヹヺ"),
        ("わ゛", "ヷ"),
        ("いすゞ みすゝ", "イスヾ ミスヽ"),
        ("ゔぁん", "ヴァン"),
        ("ヤマダ　タロウ", "ヤマダ タロウ"),
    ],
)
def test_reading_has_one_form(typed, reading):
    """Readings of foreign and old names are accepted, and stored in one form."""
    assert fields.KanaField().clean(typed) == reading
    assert fields.KanaField().clean(reading) == reading


@pytest.mark.parametrize(
    "typed",
    [
        "Yamada",
        "山田",
        "ヤマダ1",
        "ー",
        "ーヤマダ",
        "・",
        "ヤマダ・",
        "マリー-",
        "ア゛",
        "゛",
        "オ〜ノ",
        "ヤ、マ",
        "김",
    ],
)
def test_reading_rejects_other_characters(typed):
    """Kanji, Latin letters, digits, other signs, and marks or signs that belong to no kana."""
    with pytest.raises(ValidationError, match="katakana"):
        fields.KanaField().clean(typed)


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
    """Any phone number becomes a valid E.164 number or none; without a country, a Japanese one or none."""
    typed = japanese.clean_number(text)
    english, japanese_form = fields.e164(typed, "en"), fields.e164(typed, "ja")
    for number in (english, japanese_form):
        assert number == "" or (number[0] == "+" and number[1:].isdigit() and len(number) <= 20)
    assert english in ("", japanese_form)
    if english != japanese_form:
        assert japanese_form.startswith("+81")


NUMBERS = {  # typed: the number to dial of the English and of the Japanese form
    "090-1234-5678": ("", "+819012345678"),
    "060-1234-5678": ("", "+816012345678"),
    "０３（１２３４）５６７８": ("", "+81312345678"),
    "0120-444-113": ("", "+81120444113"),
    "011-241-1234": ("", "+81112411234"),  # Sapporo, not the United States' prefix
    "090-1234": ("", ""),
    "9012345678": ("", ""),
    "+65 6123 4567": ("+6561234567", "+6561234567"),
    "＋６５　６１２３　４５６７": ("+6561234567", "+6561234567"),
    "(+65) 6123-4567": ("+6561234567", "+6561234567"),
    "+81 (0)90-1234-5678": ("+819012345678", "+819012345678"),
    "+999 12": ("", ""),
    "(415) 555-2671": ("", ""),
    "415-555-2671": ("", ""),
    "6123 4567": ("", ""),
    "020 7946 0018": ("", "+812079460018"),  # valid in Japan, so Japanese on the Japanese form
    "012 3456 7890": ("", ""),
    "0049 30 123456": ("+4930123456", "+4930123456"),
    "0049 (0)30 123456": ("+4930123456", "+4930123456"),
    "003-1234-5678": ("", ""),  # a mistyped 03
    "[+81] 90-1234-5678": ("+819012345678", "+819012345678"),
    "tel:+81 90 1234 5678": ("+819012345678", "+819012345678"),
    "090-1234-5678 +81": ("", ""),
    "0081-90-1234-5678": ("+819012345678", "+819012345678"),
    "001 415 555 2671": ("+14155552671", "+14155552671"),
    "001-65-6123-4567": ("", ""),  # +1 656… in Florida, or +65… by a Japanese carrier
    "011 44 20 7946 0018": ("+442079460018", "+442079460018"),
    "010-44-20-7946-0018": ("+442079460018", "+442079460018"),
    "010-1234-5678": ("", ""),  # Korean
    "(011) 91234-5678": ("", ""),  # São Paulo
    "03-1234-5678 / 090-1234-5678": ("", ""),
    "12": ("", ""),
}


@pytest.mark.parametrize("typed", NUMBERS)
def test_e164_needs_a_country(typed):
    """Only a number whose country is certain can be dialled."""
    number = japanese.clean_number(typed)
    assert (fields.e164(number, "en"), fields.e164(number, "ja")) == NUMBERS[typed]
