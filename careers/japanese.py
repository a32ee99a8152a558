"""Japanese text: cleaning what people type, folding it for searches, and line breaks in headings."""

import re
import unicodedata
from functools import cache, lru_cache

import budoux
from django.template import Library
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe

register = Library()

ZERO_WIDTH_SPACE = "\u200b"
_INVISIBLE = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD])
# BudouX does not split long katakana job titles, so they may break before the last word.
_LAST_WORD = re.compile(
    "(?<=[ァ-ヶー]{3})(?=(?:エンジニアリング|エンジニア|インターン|デザイナー|マネージャー|サイエンティスト|アナリスト"
    "|スペシャリスト|コンサルタント|ディレクター|プロデューサー|アーキテクト|ライター|リーダー"
    "|アシスタント|オペレーター|コーディネーター|プランナー|プログラム)(?![ァ-ヶー]))"
)
# BudouX splits some legal terms wrongly: 受動喫|煙防止措置, 労働者と|して.
_NO_BREAK = re.compile("(?<=[\u3400-\u9fff])\u200b(?=[\u3400-\u9fff])|\u200b(?=して)")
# For folding: all dashes become one hyphen, and the dot between katakana words is dropped.
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-") | dict.fromkeys(map(ord, "・･"))
_HIRAGANA = {kana: kana - 0x60 for kana in (*range(0x30A1, 0x30F7), 0x30FD, 0x30FE)}
_VU = re.compile("([ゔヴ])([ぁぃぅぇぉァィゥェォ]?)")
_BU = dict(zip(("ぁ", "ぃ", "", "ぅ", "ぇ", "ぉ"), "ばびぶぶべぼ", strict=True))
# Variant characters in names.
_STANDARD_KANJI = str.maketrans(
    "髙﨑濵濱齋齊斎邊邉澤廣國櫻龍嶋嶌眞惠", "高崎浜浜斉斉斉辺辺沢広国桜竜島島真恵"
)
_JAPANESE = re.compile("[\u3005\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
# Bidirectional control characters: they make `exe.fdp` look like `pdf.exe`.
_BIDI = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C])
# Control characters, except whitespace.
_CONTROLS = dict.fromkeys(
    code for code in (*range(0x20), *range(0x7F, 0xA0)) if not chr(code).isspace()
)
_DECOMPOSED_KANA = re.compile("[\u3041-\u30ff\u31f0-\u31ff][\u3099\u309a]")
_HALF_WIDTH_KANA = re.compile("[\uff61-\uff9f]+")
_HYPHENS = dict.fromkeys(map(ord, "‐‑‒–—―−ー－─━﹣"), "-")
_KATAKANA = {kana: kana + 0x60 for kana in (*range(0x3041, 0x3097), 0x309D, 0x309E)}
_READING = re.compile("[\u30a1-\u30fa\u30fc-\u30fe ・-]+")
_KANJI = re.compile("[\u3005\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_NOT_IN_FILE_NAMES = re.compile('[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff<>:"|?*]')


def strip_invisible(text):
    r"""Text without zero-width characters, which copied headings contain, and with `\n` line ends."""
    return text.translate(_INVISIBLE).replace("\r\n", "\n")


def clean_text(text):
    """A name or prose without invisible characters, with composed, full-width kana.

    Other characters do not change: NFC and NFKC would alter how people write their names (福, ㈱, 髙).
    """
    text = text.translate(_INVISIBLE).translate(_BIDI).translate(_CONTROLS)
    text = _HALF_WIDTH_KANA.sub(lambda kana: unicodedata.normalize("NFKC", kana[0]), text)
    return _DECOMPOSED_KANA.sub(lambda kana: unicodedata.normalize("NFC", kana[0]), text)


def clean_name(text):
    """The name of a person as they write it, with single spaces."""
    return " ".join(clean_text(text).split())


def clean_ascii(text):
    """An email address, a number, a date or a URL in half-width characters."""
    text = text.translate(_INVISIBLE).translate(_BIDI).translate(_CONTROLS)
    return " ".join(unicodedata.normalize("NFKC", text).split())


def clean_number(text):
    """A phone number, a number or a date: half-width, every dash a hyphen, the long vowel mark ー too."""
    return clean_ascii(text).translate(_HYPHENS)


def to_katakana(text):
    """A reading in katakana, whether it was typed in hiragana or in half-width kana."""
    return as_katakana(clean_name(unicodedata.normalize("NFKC", text)))


def as_katakana(text):
    """Hiragana as katakana; other characters do not change."""
    return text.translate(_KATAKANA)


def is_katakana(text):
    """Whether the text can be the reading of a name: katakana, spaces, dots and hyphens only."""
    return bool(_READING.fullmatch(text))


def has_kanji(text):
    """Whether the text contains kanji, whose reading is ambiguous."""
    return bool(_KANJI.search(text))


def display_name(family, given):
    """A full name in the order of its script, not of the page: 山田 太郎, John Smith, Suharto."""
    parts = (family, given) if is_japanese(family + given) else (given, family)
    return " ".join(part for part in parts if part)


def display_filename(raw, limit=120):
    """A file name that is safe to show: no path, no control or direction characters, at most `limit` long.

    macOS sends プ as フ and a combining mark, which Django's own cleaning would lose.
    """
    name = clean_text(raw.replace("\\", "/").rsplit("/", 1)[-1])
    name = _NOT_IN_FILE_NAMES.sub("_", name).strip(" .\u3000")
    if len(name) > limit:
        stem, dot, suffix = name.rpartition(".")
        if not dot or len(suffix) > 8:
            stem, dot, suffix = name, "", ""
        name = stem[: limit - len(dot + suffix)].rstrip(" .\u3000") + dot + suffix
    return name or "file"


def fold(text):
    """Text in one form for comparison, applied to both sides: ｴﾝｼﾞﾆｱ and えんじにあ become equal.

    Folds kana, width, case, dashes and variant kanji. Keeps long vowel marks and punctuation. Not for
    display.
    """
    return to_hiragana(fold_except_kana(text))


def fold_except_kana(text):
    """As `fold`, but hiragana and katakana stay different."""
    text = text.translate(_INVISIBLE).translate(_DASHES)
    # Twice: the result of one pass may still change in a second (Unicode 3.13, D146).
    for _pass in range(2):
        text = unicodedata.normalize("NFKC", unicodedata.normalize("NFD", text).casefold())
    text = _VU.sub(_ba_row, text.translate(_DASHES).translate(_STANDARD_KANJI))
    return " ".join(text.split())


def to_hiragana(text):
    """Katakana as hiragana; other characters do not change."""
    return text.translate(_HIRAGANA)


def is_japanese(text):
    """Whether the text contains kana or kanji."""
    return bool(_JAPANESE.search(text))


@register.filter
def phrase(value):
    """Allow line breaks in a heading between phrases only: バックエンド|エンジニア, never エンジニ|ア.

    In templates: `{{ title|phrase }}`, and `{{ _("Not sent yet")|phrase }}` for a translated text. For
    browsers without `word-break: auto-phrase`. For headings only: not in a `<title>`, an email, JSON-LD
    or searched text, because it inserts zero-width spaces. Text without Japanese does not change.
    """
    text = str(value)
    if not is_japanese(text):
        return conditional_escape(value)
    # Safe: every phrase is escaped, and the separator is a constant.
    return mark_safe(ZERO_WIDTH_SPACE.join(map(conditional_escape, _phrases(text))))  # noqa: S308


def _ba_row(kana):
    """ヴァ as バ, ゔぁ as ば: the match of `_VU` in the ba row, in its own kana."""
    bu = _BU[to_hiragana(kana[2])]
    return as_katakana(bu) if kana[1] == "ヴ" else bu


@lru_cache(maxsize=4096)
def _phrases(text):
    parts = _LAST_WORD.split(ZERO_WIDTH_SPACE.join(_parser().parse(text)))
    return tuple(_NO_BREAK.sub("", ZERO_WIDTH_SPACE.join(parts)).split(ZERO_WIDTH_SPACE))


@cache
def _parser():
    return budoux.load_default_japanese_parser()
