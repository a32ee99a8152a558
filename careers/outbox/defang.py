"""What a stranger typed, as a letter of ours may quote it: one line, in which nothing can be clicked."""

import re
import unicodedata

from django.template import Library

register = Library()

# Mail programs make links of evil.example and http://evil.example by themselves, in plain text too.
_LINKING = re.compile(r"(?<=[.:。．｡：])(?=\S)")
_BREAKING = {"Cc", "Zl", "Zp"}
_BOTH_WAYS = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@register.filter
def inert(text):
    """The words of `text` in one line; `evil.example` becomes `evil. example`.

    Signs that turn the direction of the text around would turn the rest of the letter too.
    """
    signs = [sign for sign in str(text) if sign not in _BOTH_WAYS]
    line = "".join(" " if unicodedata.category(sign) in _BREAKING else sign for sign in signs)
    return _LINKING.sub(" ", " ".join(line.split()))
