"""Letters for comparison: nguyễn is nguyen, łódź is lodz, øst is ost, and كريم is کریم."""

import re
import unicodedata


def fold_letters(text):
    """Lower-case text without diacritics, in Latin, Greek, Hebrew and Arabic script. Idempotent.

    Letters without a decomposition become those that their languages use where only ASCII is possible.
    Marks of other scripts stay, because there they are letters: in Devanagari, in Thai, in kana.
    """
    if not _FOLDABLE.search(text):
        return text
    decomposed = unicodedata.normalize("NFD", text.translate(_LETTERS))
    return unicodedata.normalize("NFC", _DIACRITICS.sub("", decomposed)).translate(_LETTERS)


def spell_out(text):
    """Lower-case text with umlauts in two letters: müller is mueller, bjørn is bjoern, åse is aase.

    As in passports (ICAO Doc 9303, part 3, section 6) and on keyboards without these letters.
    """
    if not _FOLDABLE.search(text):
        return text
    return unicodedata.normalize("NFC", text).translate(_TWO_LETTERS)


# Characters other than ASCII, Japanese and Hangul. This check halves the time of indexing Japanese.
_FOLDABLE = re.compile("[^\x00-\x7f\u3000-\u9fff\uac00-\ud7a3]")
_LETTERS = str.maketrans(
    {
        **dict(zip("øłđðıħŧŋĸəɓɗƙɖɛɔɨʉƴǝ", "oldđihtnkebdkdeoiuye", strict=True)),
        **{"ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ß": "ss", "ĳ": "ij", "ſ": "s"},
        # Letters that Arabic and Persian keyboards have twice, and forms of one letter.
        **{"ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه"},
        # Cyrillic ё, which people usually type as е.
        "ё": "е",
        **dict.fromkeys("’‘ʼʻʽʹ′`´＇\u055a\u05f3", "'"),
    }
)
_TWO_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "ə": "a"})
# Combining marks after a letter of Latin or Greek script; vowel points, and the Arabic tatweel.
_DIACRITICS = re.compile(
    "(?<=[a-z\u0370-\u03ff])[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff]+"
    "|[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0640\u064b-\u065f\u0670]"
)
