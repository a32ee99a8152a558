"""What changed between two texts, for people: by words in English, by characters in Japanese."""

import re
from difflib import SequenceMatcher

from django.utils.html import format_html, format_html_join

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")


def changes(before, now, language):
    """The text as HTML, what was taken out as `del` and what was put in as `ins`."""
    old, new = (_parts(text, language) for text in (before, now))
    matcher = SequenceMatcher(a=old, b=new, autojunk=False)
    return format_html_join("", "{}", ((piece,) for piece in _pieces(matcher, old, new)))


def _pieces(matcher, old, new):
    for action, i1, i2, j1, j2 in matcher.get_opcodes():
        if action == "equal":
            yield "".join(new[j1:j2])
            continue
        if i2 > i1:
            yield format_html("<del>{}</del>", "".join(old[i1:i2]))
        if j2 > j1:
            yield format_html("<ins>{}</ins>", "".join(new[j1:j2]))


def _parts(text, language):
    return list(text) if language == "ja" else _WORDS.findall(text)
