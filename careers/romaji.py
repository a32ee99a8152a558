"""Romaji of kana, so that `watanabe`, `ohno` and `zyunko` find ワタナベ, オオノ and ジュンコ.

Both sides are compared in the consonants of Kunrei (cabinet notice 1 of 1954). Hepburn is converted to
them; long vowels are indexed in each of the ways in which people write them.
"""

import re
import unicodedata
from itertools import pairwise, product

MAX_LONG_VOWELS = 3  # of a word in every way of writing; more would multiply


def romaji(reading):
    """The ways of writing a word of katakana in romaji, with Kunrei consonants: satou, sato, satoh.

    An empty set if the word is not katakana.
    """
    syllables = _syllables(_without_iteration_marks(reading))
    if not syllables:
        return set()
    choices, long_vowels = [], 0
    for syllable in syllables:
        forms = _LONG.get(syllable, (syllable,))
        long_vowels += syllable in _LONG
        choices.append(forms if long_vowels <= MAX_LONG_VOWELS else forms[:1])
    return {"".join(parts) for parts in product(*choices)}


def to_kunrei(word):
    """A word of lower-case letters in Kunrei consonants, or "" if it cannot be the beginning of romaji."""
    if not _ROMAJI.fullmatch(word):
        return ""
    for pattern, replacement in _HEPBURN:
        word = pattern.sub(replacement, word)
    return word


def _without_iteration_marks(reading):
    """The reading with the kana that ヽ and ヾ repeat: イスヾ is イスズ."""
    kana = ""
    for sign in reading:
        if sign == "ヽ":
            sign = kana[-1:]
        elif sign == "ヾ":
            voiceless = unicodedata.normalize("NFD", kana[-1:])[:1]
            sign = unicodedata.normalize("NFC", f"{voiceless}\u3099")[0]
        kana += sign
    return kana


def _syllables(reading):
    """The syllables of a word of katakana, or None; a long vowel is one of its own, as a key of `_LONG`."""
    syllables = []
    position = 0
    while position < len(reading):
        kana = reading[position]
        pair = reading[position : position + 2]
        last = syllables[-1] if syllables else ""
        vowel = last[-1:] if last not in _LONG else ""
        if kana == "ー":
            syllables += [f"{vowel}ー"] if f"{vowel}ー" in _LONG else []
        elif kana == "ッ":
            syllables.append(kana)
        elif vowel + kana in _LONG:
            syllables.append(vowel + kana)
        elif pair in _DIGRAPHS:
            syllables.append(_DIGRAPHS[pair])
            position += 1
        elif kana in _KANA:
            syllables.append(_KANA[kana])
        else:
            return None
        position += 1
    return _with_double_consonants(syllables)


def _with_double_consonants(syllables):
    """The syllables with the consonant after each ッ in place of it; without a consonant it is dropped."""
    parts = []
    for syllable, following in pairwise([*syllables, ""]):
        if syllable != "ッ":
            parts.append(syllable)
        elif following[:1].isascii() and following[:1] not in ("", *_VOWELS, "n"):
            parts.append(following[0])
    return parts


_VOWELS = "aiueo"
_ROWS = {
    "": "アイウエオ", "k": "カキクケコ", "s": "サシスセソ", "t": "タチツテト", "n": "ナニヌネノ",
    "h": "ハヒフヘホ", "m": "マミムメモ", "r": "ラリルレロ", "g": "ガギグゲゴ", "z": "ザジズゼゾ",
    "d": "ダ　　デド", "b": "バビブベボ", "p": "パピプペポ",
}  # fmt: skip
_KANA = {
    kana: consonant + vowel
    for consonant, row in _ROWS.items()
    for kana, vowel in zip(row, _VOWELS, strict=True)
} | {
    **{"ヤ": "ya", "ユ": "yu", "ヨ": "yo", "ワ": "wa", "ヰ": "i", "ヱ": "e", "ヲ": "o", "ン": "n"},
    **{"ヂ": "zi", "ヅ": "zu", "ヴ": "bu", "ヷ": "ba", "ヸ": "bi", "ヹ": "be", "ヺ": "bo"},
    **{"ァ": "a", "ィ": "i", "ゥ": "u", "ェ": "e", "ォ": "o", "ャ": "ya", "ュ": "yu", "ョ": "yo"},
    **{"ヮ": "wa", "ヵ": "ka", "ヶ": "ke", "ㇰ": "ku", "ㇱ": "si", "ㇲ": "su", "ㇳ": "to"},
    **{"ㇴ": "nu", "ㇵ": "ha", "ㇶ": "hi", "ㇷ": "hu", "ㇸ": "he", "ㇹ": "ho", "ㇺ": "mu"},
    **{"ㇻ": "ra", "ㇼ": "ri", "ㇽ": "ru", "ㇾ": "re", "ㇿ": "ro"},
}
_Y_ROWS = {"キ": "k", "シ": "s", "チ": "t", "ニ": "n", "ヒ": "h", "ミ": "m", "リ": "r", "ギ": "g"}
_Y_ROWS |= {"ジ": "z", "ヂ": "z", "ビ": "b", "ピ": "p", "デ": "d", "テ": "t", "フ": "f", "ヴ": "b"}
_DIGRAPHS = {
    kana + small: f"{consonant}y{vowel}"
    for kana, consonant in _Y_ROWS.items()
    for small, vowel in zip("ャュョ", "auo", strict=True)
} | {
    **{"シェ": "sye", "チェ": "tye", "ジェ": "zye", "イェ": "ye", "ティ": "ti", "ディ": "di"},
    **{"トゥ": "tu", "ドゥ": "du", "ファ": "fa", "フィ": "fi", "フェ": "fe", "フォ": "fo"},
    **{"ヴァ": "ba", "ヴィ": "bi", "ヴェ": "be", "ヴォ": "bo", "ウィ": "wi", "ウェ": "we"},
    **{"ウォ": "wo", "ツァ": "tsa", "ツィ": "tsi", "ツェ": "tse", "ツォ": "tso"},
    **{"クァ": "kwa", "クヮ": "kwa", "クィ": "kwi", "クェ": "kwe", "クォ": "kwo", "グァ": "gwa"},
}
# What lengthens a vowel, and the ways to write that, the literal one first. えい and いい are two vowels
# in every way.
_LONG = {
    **{"oウ": ("u", "", "h"), "oオ": ("o", "", "h"), "oー": ("", "o", "h", "u"), "uウ": ("u", "")},
    **{"uー": ("", "u"), "aア": ("a", ""), "aー": ("", "a"), "eエ": ("e", ""), "eー": ("", "e")},
    **{"iー": ("", "i")},
}
_ROMAJI = re.compile(
    r"(?:(?:[kgsztdnhbpmryjfwv]|[kgnhbpmr]y|[sztdfj]y|sh|ch|ts|[kg]w"
    r"|kk|ss|tt|pp|cch|tch|ssh|tts|kky|ssy|tty|ppy|bb|dd|gg|zz|jj)?[aiueo]"
    r"|n(?![aiueoy])|m(?=[bmp])|(?<=o)h(?![aiueoy]))+"
    r"(?:[kgsztdnhbpmryjfwvc]|[kgnhbpmrsztdj]y|sh|ch|ts|kk|ss|tt|pp|cc|tc|cch|tch|ssh)?"
)
_HEPBURN = [
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        ("m(?=[bmp])", "n"),
        ("[ct]ch", "tch"),
        ("sh(?=i|$)", "s"),
        ("sh", "sy"),
        ("ch(?=i|$)", "t"),
        ("ch", "ty"),
        ("ts(?=u|$)", "t"),
        ("jy?(?=i|$)", "z"),
        ("j(?=y)", "z"),
        ("jj", "zz"),
        ("j", "zy"),
        ("f(?=u|$)", "h"),
        ("v", "b"),
    )
]
