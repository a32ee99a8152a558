"""What changed between two texts, for people: by words in English, by characters in Japanese."""

import re
from difflib import SequenceMatcher

from django.utils.html import format_html, format_html_join

ISLAND = 2  # characters
_WORDS = re.compile(r"\s+|\w+|[^\w\s]")


def changes(before, now, language):
    """The text as HTML, what was taken out as `del` and what was put in as `ins`."""
    old, new = (_parts(text, language) for text in (before, now))
    matcher = SequenceMatcher(a=old, b=new, autojunk=False)
    return format_html_join("", "{}", ((piece,) for piece in _pieces(matcher, old, new, language)))


def _pieces(matcher, old, new, language):
    i = j = 0
    for block in matcher.get_matching_blocks():
        same = "".join(new[block.b : block.b + block.size])
        between = min(block.a, block.b) > 0 and block.a + block.size < len(old)
        if between and _by_chance(same, language):
            continue
        if block.a > i:
            yield format_html("<del>{}</del>", "".join(old[i : block.a]))
        if block.b > j:
            yield format_html("<ins>{}</ins>", "".join(new[j : block.b]))
        i, j = block.a + block.size, block.b + block.size
        yield same


def _by_chance(text, language):
    """Whether a piece between two changes is the same only by chance: クラウド is not what is left of
    バックエンド, nor is a space a word."""
    if language == "ja":
        return len(text) <= ISLAND
    return not any(character.isalnum() for character in text)


def _parts(text, language):
    return list(text) if language == "ja" else _WORDS.findall(text)
