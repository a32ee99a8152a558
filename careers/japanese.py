"""Names and Japanese text: cleaning what people type, folding it for searches, line breaks in headings."""

import re
import unicodedata
from functools import cache, lru_cache

import budoux
from django.template import Library
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe

from careers.invisible import remove_format_characters, remove_invisible
from careers.kanji import STANDARD_KANJI

register = Library()

ZERO_WIDTH_SPACE = "\u200b"
# BudouX does not split long katakana job titles, so they may break before the last word.
_LAST_WORD = re.compile(
    "(?<=[ァ-ヶー]{3})(?=(?:エンジニアリング|エンジニア|インターン|デザイナー|マネージャー|サイエンティスト|アナリスト"
    "|スペシャリスト|コンサルタント|ディレクター|プロデューサー|アーキテクト|ライター|リーダー"
    "|アシスタント|オペレーター|コーディネーター|プランナー|プログラム)(?![ァ-ヶー]))"
)
# BudouX splits some legal terms wrongly: 受動喫|煙防止措置, 労働者と|して.
_NO_BREAK = re.compile("(?<=[\u3400-\u9fff])\u200b(?=[\u3400-\u9fff])|\u200b(?=して)")
# For folding: all dashes become one hyphen.
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
_HIRAGANA = {kana: kana - 0x60 for kana in (*range(0x30A1, 0x30F7), 0x30FD, 0x30FE)}
_VU = re.compile("([ゔヴ])([ぁぃぅぇぉァィゥェォ]?)")
_BU = dict(zip(("ぁ", "ぃ", "", "ぅ", "ぇ", "ぉ"), "ばびぶぶべぼ", strict=True))
# The signs between the words of a foreign name: ・, = and ゠. Elsewhere they are punctuation.
_KANA_SEPARATOR = re.compile(
    "(?<=[\u3041-\u3096\u309d\u309e\u30a1-\u30fa\u30fc-\u30fe])[・=\u30a0]"
    "(?=[\u3041-\u3096\u30a1-\u30fa])"
)
_JAPANESE = re.compile("[\u3005\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
# Bidirectional control characters: they make `exe.fdp` look like `pdf.exe`.
_BIDI = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C])
# Control characters, except whitespace.
_CONTROLS = dict.fromkeys(
    code for code in (*range(0x20), *range(0x7F, 0xA0)) if not chr(code).isspace()
)
_DECOMPOSED_KANA = re.compile("[\u3041-\u30ff\u31f0-\u31ff][\u3099\u309a]")
_DECOMPOSED_HANGUL = re.compile("[\u1100-\u11ff\uac00-\ud7a3]+")
_HALF_WIDTH_KANA = re.compile("[\uff61-\uff9f]+")
_HYPHENS = dict.fromkeys(map(ord, "‐‑‒–—―−ー－─━﹣"), "-")
_KATAKANA = {kana: kana + 0x60 for kana in (*range(0x3041, 0x3097), 0x309D, 0x309E)}
# Spacing marks ゛ and ゜, which old keyboards and some people type after a kana.
_SPACING_MARKS = {0x309B: 0x3099, 0x309C: 0x309A}
_KANA = "\u30a1-\u30fa\u30fd\u30fe\u31f0-\u31ff"
_MORA = f"(?:[セツトㇷ]\u309a|[{_KANA}])ー*"
_READING = re.compile(f"(?:{_MORA})+(?:[ ＝・](?:{_MORA})+)*")
_NAME_HYPHENS = re.compile(" ?[=＝\u30a0] ?|(?<=[ンッー])[-‐‑‒–—―−─━]")
_NAME_DOTS = re.compile(" ?[·•・] ?")
_LONG_VOWELS = re.compile(f"(?<=[{_KANA}])[-‐‑‒–—―−─━]+")
_KANJI = re.compile("[\u3005\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_HANGUL = "\u1100-\u11ff\u3131-\u318e\ua960-\ua97c\uac00-\ud7fb"
# Scripts in which words are found without spaces around them.
SPACELESS = f"\u3005-\u3007\u3041-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff{_HANGUL}"
_ANY_SPACELESS = re.compile(f"[{SPACELESS}]")
_ANY_HANGUL = re.compile(f"[{_HANGUL}]")
_NOT_IN_FILE_NAMES = re.compile('[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff<>:"|?*]')


def strip_invisible(text):
    r"""Text without redundant invisible characters (careers.invisible), and with `\n` line ends."""
    return remove_invisible(text).replace("\r\n", "\n")


def clean_text(text):
    """A name or prose without redundant invisible characters, with composed, full-width kana.

    Hangul is composed too. Other characters do not change: NFC and NFKC would alter how people write
    their names (福, ㈱, 髙).
    """
    text = remove_invisible(text.translate(_BIDI).translate(_CONTROLS))
    text = _HALF_WIDTH_KANA.sub(lambda kana: unicodedata.normalize("NFKC", kana[0]), text)
    for decomposed in (_DECOMPOSED_KANA, _DECOMPOSED_HANGUL):
        text = decomposed.sub(lambda match: unicodedata.normalize("NFC", match[0]), text)
    # A joiner before a half-width mark may be redundant only now.
    return remove_invisible(text)


def clean_name(text):
    """The name of a person as they write it, with single spaces."""
    return " ".join(clean_text(text).split())


def clean_ascii(text):
    """An email address, a number, a date or a URL in half-width characters."""
    text = text.translate(_BIDI).translate(_CONTROLS)
    # The first pass composes letters, the second removes the joiners that became redundant by that,
    # and the third composes what they separated.
    for _pass in range(3):
        text = " ".join(unicodedata.normalize("NFKC", remove_invisible(text)).split())
    return text


def clean_number(text):
    """A phone number, a number or a date: half-width, every dash a hyphen, the long vowel mark ー too."""
    return clean_ascii(text).translate(_HYPHENS)


def to_katakana(text):
    """A reading in any spelling, as katakana in one form; `is_katakana` says if it is one.

    Hiragana and half-width kana become katakana, and a spacing mark joins its kana: ハ゛ is バ. The separators
    between the words of a foreign name become ・ or, for = and ゠, ＝. A dash after ン, ッ or ー is a
    separator too (アン-マリー); after another kana it is a long vowel (マリ−), so ＝ or ・ is safe.
    """
    text = clean_name(unicodedata.normalize("NFKC", text.translate(_SPACING_MARKS)))
    text = as_katakana(text)
    text = _DECOMPOSED_KANA.sub(lambda kana: unicodedata.normalize("NFC", kana[0]), text)
    text = _NAME_DOTS.sub("・", _NAME_HYPHENS.sub("＝", text))
    return _LONG_VOWELS.sub(lambda dashes: "ー" * len(dashes[0]), text)


def as_katakana(text):
    """Hiragana as katakana; other characters do not change."""
    return text.translate(_KATAKANA)


def is_katakana(text):
    """Whether a text from `to_katakana` can be the reading of a name.

    It is words of katakana with a space, ・ or ＝ between them. Refused: kanji, Latin letters, digits
    and other signs, a mark without its kana, and a word that begins with a long vowel mark.
    """
    return bool(_READING.fullmatch(text))


def has_kanji(text):
    """Whether the text contains kanji, whose reading is ambiguous."""
    return bool(_KANJI.search(text))


def is_family_name_first(name):
    """Whether names in the script of `name` begin with the family name: kanji, kana and Hangul."""
    return is_japanese(name) or has_hangul(name)


def display_name(family, given):
    """A full name in the order of its script, not of the page: 山田 太郎, 김철수, John Smith, Suharto.

    Hangul has no space between family and given name (한글 맞춤법, article 48). Chinese names cannot be
    told from Japanese ones, so kanji always have one.
    """
    is_family_first = is_family_name_first(family + given)
    parts = (family, given) if is_family_first else (given, family)
    name = " ".join(part for part in parts if part)
    if has_hangul(family[-1:]) and has_hangul(given[:1]):
        return family + given
    return name


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

    Folds kana, width, case, dashes and variant kanji, and drops invisible characters. Keeps long vowel
    marks and punctuation. Not for display.
    """
    return to_hiragana(fold_except_kana(text))


def fold_except_kana(text):
    """As `fold`, but hiragana and katakana stay different."""
    text = remove_format_characters(text).translate(_DASHES)
    # Twice: the result of one pass may still change in a second (Unicode 3.13, D146).
    for _pass in range(2):
        text = unicodedata.normalize("NFKC", unicodedata.normalize("NFD", text).casefold())
    text = _KANA_SEPARATOR.sub("", text.translate(_DASHES))
    text = _VU.sub(_ba_row, text.translate(STANDARD_KANJI))
    return " ".join(text.split())


def to_hiragana(text):
    """Katakana as hiragana; other characters do not change."""
    return text.translate(_HIRAGANA)


def is_japanese(text):
    """Whether the text contains kana or kanji."""
    return bool(_JAPANESE.search(text))


def has_hangul(text):
    """Whether the text contains Hangul."""
    return bool(_ANY_HANGUL.search(text))


def is_spaceless(text):
    """Whether the text contains kana, kanji or Hangul, which are found anywhere in a text."""
    return bool(_ANY_SPACELESS.search(text))


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
