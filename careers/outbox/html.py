"""The HTML part of an email, made from its text: paragraphs, lines, links and rules.

The template escapes every word, so the HTML says what the plain text says, and no more.
"""

import re
from typing import NamedTuple

from django.template.loader import render_to_string

_RULE = re.compile(r"^-{10,}$", re.MULTILINE)
# Japanese emails break lines within sentences, after 35 characters at most; a telephone has less room
# and a screen more. A line that is indented, or begins with a link, stays a line of its own.
_SOFT_BREAK = re.compile(r"(?<=[、ぁ-ん])\n(?![\s・※]|https?://)")
# ASCII only, because Japanese may follow without a space; a full stop behind a link is not part of it.
_LINK = re.compile(r"(https?://[!#-;=?-~]*[/0-9A-Za-z=_~#&+%-])")


class Part(NamedTuple):
    """A piece of a line: text, or a URL."""

    text: str
    is_link: bool


def render(text, subject, language):
    """The complete HTML document of an email."""
    context = {"subject": subject, "language": language, "blocks": _blocks(text)}
    return render_to_string("mail/wrapper.html", context)


def _blocks(text):
    """Paragraphs as lists of lines; an empty list is a rule."""
    text = _RULE.sub("\n\\g<0>\n", "\n".join(text.splitlines()))
    for block in re.split(r"\n{2,}", text.strip("\n")):
        lines = _SOFT_BREAK.sub("", block).split("\n")
        yield [] if _RULE.fullmatch(block) else [_parts(line) for line in lines]


def _parts(line):
    words = line.lstrip(" ")
    line = "\xa0" * (len(line) - len(words)) + words  # HTML collapses ordinary spaces
    return [Part(text, bool(index % 2)) for index, text in enumerate(_LINK.split(line)) if text]
