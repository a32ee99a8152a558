"""One word is folded to the same, however it was typed; different words are not."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from careers.japanese import fold

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize(
    ("words", "same"),
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
    ],
)
def test_the_same(words, same):
    assert fold(words) == fold(same)


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
    ],
)
def test_not_the_same(one, other):
    assert fold(one) != fold(other)


ALL = st.text(max_size=30)
HIRAGANA = st.text(st.characters(min_codepoint=0x3041, max_codepoint=0x3096), max_size=20)


@given(ALL)
@example("か\u200b\u3099")
@example("か・\u3099")
@example("\u0345α")
@example("゛ゔぁ")
def test_what_is_folded_stays_so(text):
    assert fold(fold(text)) == fold(text)


@given(ALL, st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
def test_the_form_of_unicode_makes_no_difference(text, form):
    assert fold(unicodedata.normalize(form, text)) == fold(text)


@given(HIRAGANA)
def test_katakana_makes_no_difference(text):
    assert fold("".join(chr(ord(kana) + 0x60) for kana in text)) == fold(text)


@given(st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), max_size=20))
def test_width_makes_no_difference(text):
    assert fold("".join(chr(ord(letter) + 0xFEE0) for letter in text)) == fold(text)
