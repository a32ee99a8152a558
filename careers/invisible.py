"""Removes invisible characters from typed and pasted text, except joiners that affect how it looks.

ZERO WIDTH JOINER and NON-JOINER change how the letters beside them look: the half space of Persian, the
conjuncts of Sinhala, and emoji that are made of several (The Unicode Standard 16.0, chapter 23.2). Any
other use of them is invisible, such as between Latin letters, and is removed.
"""

import re
import unicodedata

NON_JOINER, JOINER = "\u200c", "\u200d"


def remove_invisible(text):
    """Remove soft hyphens, zero-width spaces and joiners without an effect. Idempotent."""
    text = text.translate(_ZERO_WIDTH)
    if NON_JOINER not in text and JOINER not in text:
        return text
    return _REDUNDANT_JOINER.sub("", _JOINERS.sub(r"\1", text))


def remove_format_characters(text):
    """Remove all invisible characters and variation selectors, for comparison."""
    return text.translate(_IGNORABLE)


def is_blank(text):
    """Whether nothing of a text can be seen: white space, invisible characters, the empty Braille cell."""
    return not any(map(_is_visible, remove_format_characters(text)))


def _is_visible(character):
    return unicodedata.category(character) not in _BLANK_CATEGORIES and character != "\u2800"


# Controls, format characters and separators. Private and unassigned characters may be those of names.
_BLANK_CATEGORIES = {"Cc", "Cf", "Zl", "Zp", "Zs"}

_ZERO_WIDTH = dict.fromkeys([0x200B, 0x2060, 0xFEFF, 0x00AD])
# Default ignorable characters (DerivedCoreProperties.txt): also directions, variation selectors, tags
# and the fillers of Hangul.
_IGNORABLE = dict.fromkeys(
    [
        *(0x00AD, 0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFEFF, 0xFFA0),
        *range(0x180B, 0x1810),
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
        *range(0xFE00, 0xFE10),
        *range(0xE0000, 0xE1000),
    ]
)
_JOINERS = re.compile("([\u200c\u200d])[\u200c\u200d]+")
# Blocks of the scripts whose letters join: Arabic, Syriac, N’Ko and Mandaic; the Indic scripts from
# Devanagari to Sinhala; Myanmar, Khmer and Mongolian; scripts of South-East Asia; presentation forms;
# historic scripts; Adlam. Their punctuation counts too: a joiner beside it does no harm.
_JOINING = (
    "\u0600-\u08ff\u0900-\u0dff\u1000-\u109f\u1700-\u18af\u1900-\u1cff\ua840-\ua8ff\ua980-\uaadf"
    "\uaae0-\uaaff\uabc0-\uabff\ufb50-\ufdff\ufe70-\ufefc\U00010a00-\U00010fff\U00011000-\U00011fff"
    "\U0001e900-\U0001e95f"
)
# Characters between which emoji sequences have a joiner: pictographs, arrows, signs and skin tones.
_EMOJI = (
    "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u25a0-\u27bf\u2900-\u297f"
    "\u2b00-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
)
# Matches every joiner without an effect. A joiner has an effect beside a character of a joining script and
# inside an emoji sequence. A non-joiner has one between two word characters (or tags) if at least one of
# them is from a joining script.
_REDUNDANT_JOINER = re.compile(
    f"(?<![{_JOINING}])\u200c(?![{_JOINING}])"
    f"|(?<![\\w>{_JOINING}])\u200c|\u200c(?![\\w<{_JOINING}])"
    f"|(?<![{_JOINING}])(?<![{_EMOJI}\ufe0f\U000e007f])\u200d(?![{_JOINING}])"
    f"|(?<=[{_EMOJI}\ufe0f\U000e007f])\u200d(?![{_EMOJI}])"
)
