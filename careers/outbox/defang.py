"""Text that a candidate typed, made safe to quote in an email: one line, without clickable links."""

import re
import unicodedata

from django.template import Library

register = Library()

# Mail programs turn evil.example and http://evil.example into links, in plain text too.
_BEFORE_LINK_PART = re.compile(r"(?<=[.:。．｡：])(?=\S)")
_LINE_BREAKING_CATEGORIES = {"Cc", "Zl", "Zp"}
_BIDI_CONTROLS = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@register.filter
def defang(text: object) -> str:
    """The words of `text` on one line, with `evil.example` as `evil. example`.

    Bidirectional controls are removed, because they would reverse the rest of the email too.
    """
    characters = [character for character in str(text) if character not in _BIDI_CONTROLS]
    line = "".join(
        " " if unicodedata.category(character) in _LINE_BREAKING_CATEGORIES else character
        for character in characters
    )
    return _BEFORE_LINK_PART.sub(" ", " ".join(line.split()))
