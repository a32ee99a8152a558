"""Folding for comparison: equal for all ways of typing a word, different for different words."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from careers.japanese import fold

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("エンジニア", "えんじにあ"),
        ("エンジニア", "ｴﾝｼﾞﾆｱ"),
        ("engineer", "ENGINEER"),
        ("engineer", "ＥＮＧＩＮＥＥＲ"),
        ("デザイナー", "ﾃﾞｻﾞｲﾅｰ"),
        ("デザイナー", "でざいなー"),
        ("パブリッシャー", unicodedata.normalize("NFD", "ぱぶりっしゃー")),
        ("résumé", unicodedata.normalize("NFD", "RÉSUMÉ")),
        ("R-10", "Ｒ－１０"),
        ("R-10", "R‑10"),
        ("プロダクト・マネージャー", "プロダクトマネージャー"),
        ("プロダクト・マネージャー", "ﾌﾟﾛﾀﾞｸﾄ･ﾏﾈｰｼﾞｬｰ"),
        ("インターヴュー", "インターブュー"),
        ("ヴァイオリン", "バイオリン"),
        ("髙橋", "高橋"),
        ("渡邊", "渡辺"),
        ("年収６００万円", "年収600万円"),
        ("㈱クモ", "(株)くも"),
        ("東京　本社", "東京 本社"),
        ("バックエンド\u200bエンジニア", "バックエンドエンジニア"),
        ("Straße", "STRASSE"),
        ("ヽヾ", "ゝゞ"),
        ("𠮷田", "吉田"),
        ("德", "徳"),
        ("瀧", "滝"),
        ("曾", "曽"),
        ("榮", "栄"),
        ("鐵", "鉄"),
        ("齊藤", "斎藤"),
        ("嶋", "島"),
        ("冨", "富"),
        ("葛\U000e0100", "葛"),
        ("می‌خواهم", "میخواهم"),
        ("ジャン＝リュック", "ジャン・リュック"),
        ("\u202a090\u202c", "090"),
    ],
)
def test_folding_equates_spellings(one, other):
    """Width, case, kind of kana, dashes and variants of kanji do not matter."""
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("コート", "こと"),  # long vowel marks stay as written
        ("ノート", "のと"),
        ("は", "ば"),
        ("ば", "ぱ"),
        ("つ", "っ"),
        ("resume", "résumé"),
        ("東京", "京都"),
        ("C", "C++"),
        ("渡辺", "渡部"),
        ("伊藤", "伊東"),
        ("阿部", "安部"),
        ("a=b", "ab"),
        ("Java・Go", "JavaGo"),
        ("企画・開発", "企画開発"),
    ],
)
def test_folding_distinguishes_words(one, other):
    """Long vowel marks, voicing marks, small kana and accents matter."""
    assert fold(one) != fold(other)


TEXT = st.text(max_size=30)
HIRAGANA = st.text(st.characters(min_codepoint=0x3041, max_codepoint=0x3096), max_size=20)


@given(TEXT)
@example("か\u200b\u3099")
@example("か・\u3099")
@example("\u0345α")
@example("゛ゔぁ")
def test_folding_is_idempotent(text):
    """Folded text does not change when it is folded again."""
    assert fold(fold(text)) == fold(text)


@given(TEXT, st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
def test_folding_ignores_unicode_normalization_form(text, form):
    """NFC, NFD, NFKC and NFKD fold to the same text."""
    assert fold(unicodedata.normalize(form, text)) == fold(text)


@given(HIRAGANA)
def test_folding_ignores_kind_of_kana(text):
    """Hiragana and katakana fold to the same text."""
    assert fold("".join(chr(ord(kana) + 0x60) for kana in text)) == fold(text)


@given(st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), max_size=20))
def test_folding_ignores_width(text):
    """Full-width and half-width ASCII fold to the same text."""
    assert fold("".join(chr(ord(char) + 0xFEE0) for char in text)) == fold(text)
