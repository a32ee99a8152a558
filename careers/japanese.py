"""Japanese text as it is really typed, and where its headings may break."""

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
# Titles of jobs are long rows of katakana, which no parser takes apart: they break before the last word.
_LAST_WORD = re.compile(
    "(?<=[ァ-ヶー]{3})(?=(?:エンジニアリング|エンジニア|インターン|デザイナー|マネージャー|サイエンティスト|アナリスト"
    "|スペシャリスト|コンサルタント|ディレクター|プロデューサー|アーキテクト|ライター|リーダー"
    "|アシスタント|オペレーター|コーディネーター|プランナー|プログラム)(?![ァ-ヶー]))"
)
# The parser takes some words of law apart: 受動喫|煙防止措置, 労働者と|して.
_NO_BREAK = re.compile("(?<=[\u3400-\u9fff])\u200b(?=[\u3400-\u9fff])|\u200b(?=して)")
# Hyphens and dashes are one; the dot between katakana words is there or not.
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-") | dict.fromkeys(map(ord, "・･"))
_HIRAGANA = {kana: kana - 0x60 for kana in (*range(0x30A1, 0x30F7), 0x30FD, 0x30FE)}
_VU = re.compile("([ゔヴ])([ぁぃぅぇぉァィゥェォ]?)")
_BU = dict(zip(("ぁ", "ぃ", "", "ぅ", "ぇ", "ぉ"), "ばびぶぶべぼ", strict=True))
# Variants that names are written with.
_PLAIN_KANJI = str.maketrans(
    "髙﨑濵濱齋齊斎邊邉澤廣國櫻龍嶋嶌眞惠", "高崎浜浜斉斉斉辺辺沢広国桜竜島島真恵"
)
_JAPANESE = re.compile("[\u3005\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
# Signs that turn the direction of what follows: they make 「exe.fdp」 look like 「pdf.exe」.
_BIDI = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C])
# What no keyboard types, but for tabs and the ends of lines. No name is made of them.
_CONTROLS = dict.fromkeys(
    sign for sign in (*range(0x20), *range(0x7F, 0xA0)) if not chr(sign).isspace()
)
_APART = re.compile("[\u3041-\u30ff\u31f0-\u31ff][\u3099\u309a]")
_HALF_WIDTH_KANA = re.compile("[\uff61-\uff9f]+")
_HYPHENS = dict.fromkeys(map(ord, "‐‑‒–—―−ー－─━﹣"), "-")
_KATAKANA = {kana: kana + 0x60 for kana in (*range(0x3041, 0x3097), 0x309D, 0x309E)}
_READING = re.compile("[\u30a1-\u30fa\u30fc-\u30fe ・-]+")
_KANJI = re.compile("[\u3005\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_NOT_IN_FILE_NAMES = re.compile('[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff<>:"|?*]')


def clean(text):
    """Take out what nobody typed: zero-width characters that come along when a heading is copied,
    and what browsers add to the end of a line."""
    return text.translate(_INVISIBLE).replace("\r\n", "\n")


def clean_text(text):
    """A name or prose as it was meant: kana whole and full-width, nothing invisible in it.

    And nothing else: NFC and NFKC would change how people write their names (福, ㈱, 髙).
    """
    text = text.translate(_INVISIBLE).translate(_BIDI).translate(_CONTROLS)
    text = _HALF_WIDTH_KANA.sub(lambda kana: unicodedata.normalize("NFKC", kana[0]), text)
    return _APART.sub(lambda kana: unicodedata.normalize("NFC", kana[0]), text)


def clean_name(text):
    """The name of a person as they write it, with one space where there was any."""
    return " ".join(clean_text(text).split())


def clean_ascii(text):
    """An e-mail address, a number, a date, an address on the web, however wide it was typed."""
    text = text.translate(_INVISIBLE).translate(_BIDI).translate(_CONTROLS)
    return " ".join(unicodedata.normalize("NFKC", text).split())


def clean_figures(text):
    """A telephone number, a number or a date: every dash is one, 「ー」 on a keyboard for kana included."""
    return clean_ascii(text).translate(_HYPHENS)


def to_katakana(text):
    """A reading in katakana, whether it was typed in hiragana or in half-width kana."""
    return as_katakana(clean_name(unicodedata.normalize("NFKC", text)))


def as_katakana(text):
    """Hiragana as katakana; the rest as it is."""
    return text.translate(_KATAKANA)


def is_katakana(text):
    """Whether it can be the reading of a name."""
    return bool(_READING.fullmatch(text))


def has_kanji(text):
    """Whether there is a sign in it whose reading cannot be told."""
    return bool(_KANJI.search(text))


def display_name(family, given):
    """A whole name in the order of its script, in whatever language: 山田 太郎, John Smith, Suharto."""
    parts = (family, given) if is_japanese(family + given) else (given, family)
    return " ".join(part for part in parts if part)


def display_filename(raw, limit=120):
    """The name of a file as people may see it: no path, nothing that deceives or breaks a line.

    A Mac sends プ as フ and a mark; Django's own cleaning would lose the mark.
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
    """The same for all ways of typing the same words: ｴﾝｼﾞﾆｱ, えんじにあ, ＥＮＧＩＮＥＥＲ.

    For comparing, on both sides; never shown. Long vowel marks and punctuation stay as written.
    """
    return to_hiragana(fold_signs(text))


def fold_signs(text):
    """The same for all widths, cases, dashes and variants of kanji; kana stay of their kind."""
    text = text.translate(_INVISIBLE).translate(_DASHES)
    # Twice, by the Unicode standard: what is composed or made small may become the other again.
    for _time in range(2):
        text = unicodedata.normalize("NFKC", unicodedata.normalize("NFD", text).casefold())
    text = _VU.sub(_ba_row, text.translate(_DASHES).translate(_PLAIN_KANJI))
    return " ".join(text.split())


def to_hiragana(text):
    """Katakana as hiragana; the rest as it is."""
    return text.translate(_HIRAGANA)


def is_japanese(text):
    """Whether there is kana or kanji in it."""
    return bool(_JAPANESE.search(text))


@register.filter
def phrase(value):
    """Let a heading break between phrases only: バックエンド|エンジニア, never エンジニ|ア.

    In templates: `{{ title|phrase }}`, and `{{ _("Not sent yet")|phrase }}` for a translated text. For
    browsers without `word-break: auto-phrase`. Headings only: never in a title, an email, JSON-LD or
    anything that is searched. Text without Japanese is returned unchanged.
    """
    text = str(value)
    if not is_japanese(text):
        return conditional_escape(value)
    # Every phrase is escaped before the joiner, which is ours, goes between them.
    return mark_safe(ZERO_WIDTH_SPACE.join(map(conditional_escape, _phrases(text))))  # noqa: S308


def _ba_row(kana):
    """ヴァ is バ, and the other way of writing it."""
    bu = _BU[to_hiragana(kana[2])]
    return as_katakana(bu) if kana[1] == "ヴ" else bu


@lru_cache(maxsize=4096)
def _phrases(text):
    parts = _LAST_WORD.split(ZERO_WIDTH_SPACE.join(_parser().parse(text)))
    return tuple(_NO_BREAK.sub("", ZERO_WIDTH_SPACE.join(parts)).split(ZERO_WIDTH_SPACE))


@cache
def _parser():
    return budoux.load_default_japanese_parser()
