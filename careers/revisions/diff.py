"""The difference between two texts as HTML: by words in English, by characters in Japanese."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

SHORTEST_MATCH = 3  # Japanese characters between two changes that count as unchanged
_WORDS = re.compile(r"\s+|\w+|[^\w\s]")


def html_diff(before: str, after: str, language: str) -> SafeString:
    """The text `after` as HTML, with deleted parts in `del` and inserted parts in `ins`."""
    old, new = (_tokens(text, language) for text in (before, after))
    matcher = SequenceMatcher(a=old, b=new, autojunk=False)
    parts = _parts(matcher, old, new, language)
    return format_html_join("", "{}", ((part,) for part in parts))


def _tokens(text: str, language: str) -> list[str]:
    return list(text) if language == "ja" else _WORDS.findall(text)


def _parts(
    matcher: SequenceMatcher[str], old: list[str], new: list[str], language: str
) -> Iterator[str]:
    i = j = 0
    for block in matcher.get_matching_blocks():
        unchanged = "".join(new[block.b : block.b + block.size])
        is_between = min(block.a, block.b) > 0 and block.a + block.size < len(old)
        if is_between and _is_accidental(unchanged, language):
            continue
        if block.a > i:
            yield format_html("<del>{}</del>", "".join(old[i : block.a]))
        if block.b > j:
            yield format_html("<ins>{}</ins>", "".join(new[j : block.b]))
        i, j = block.a + block.size, block.b + block.size
        yield unchanged


def _is_accidental(text: str, language: str) -> bool:
    """Whether a match between two changes is too short to be meaningful.

    Examples: the ド that クラウド and バックエンド share, or a space between two English words.
    """
    if language == "ja":
        return len(text) < SHORTEST_MATCH
    return not any(character.isalnum() for character in text)
