"""A letter as HTML, made from its text: paragraphs, lines, links and the rules of the signature.

The template escapes every word, so a letter says in HTML what it says in plain text, and no more.
"""

import re
from typing import NamedTuple

from django.template.loader import render_to_string

_RULE = re.compile(r"^-{10,}$", re.MULTILINE)
# Japanese letters end their lines in the middle of a sentence, at 35 characters at most; a telephone
# has less room and a screen more. A line that is indented, or a link, begins where it does.
_GOES_ON = re.compile(r"(?<=[、ぁ-ん])\n(?![\s・※]|https?://)")
# ASCII, because Japanese may follow without a space; the full stop behind a link is not its own.
_LINK = re.compile(r"(https?://[!#-;=?-~]*[/0-9A-Za-z=_~#&+%-])")


class Part(NamedTuple):
    """A piece of a line, or an address that can be clicked."""

    text: str
    is_link: bool


def page(text, subject, language):
    """The whole HTML document of a letter."""
    context = {"subject": subject, "language": language, "blocks": _blocks(text)}
    return render_to_string("mail/wrapper.html", context)


def _blocks(text):
    """Paragraphs as lists of lines; an empty list is a rule."""
    text = _RULE.sub("\n\\g<0>\n", "\n".join(text.splitlines()))
    for block in re.split(r"\n{2,}", text.strip("\n")):
        lines = _GOES_ON.sub("", block).split("\n")
        yield [] if _RULE.fullmatch(block) else [_parts(line) for line in lines]


def _parts(line):
    words = line.lstrip(" ")
    line = "\xa0" * (len(line) - len(words)) + words  # HTML forgets ordinary spaces there
    return [Part(text, bool(index % 2)) for index, text in enumerate(_LINK.split(line)) if text]
