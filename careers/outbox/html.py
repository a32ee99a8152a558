"""A letter as HTML, made from its text: paragraphs, lines, links and the rules of the signature.

Every word is escaped, so a letter says in HTML what it says in plain text, and no more.
"""

import re

from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join

_RULE = re.compile(r"^-{10,}$", re.MULTILINE)
# Japanese letters end their lines in the middle of a sentence, at 35 characters at most; a telephone
# has less room and a screen more. A line that is indented, or a link, begins where it does.
_GOES_ON = re.compile(r"(?<=[、ぁ-ん])\n(?![\s・※]|https?://)")
# ASCII, because Japanese may follow without a space; the full stop behind a link is not its own.
_LINK = re.compile(r"(https?://[!#-;=?-~]*[/0-9A-Za-z=_~#&+%-])")


def page(text, subject, language):
    """The whole HTML document of a letter."""
    context = {"subject": subject, "language": language, "blocks": _blocks(text)}
    return render_to_string("mail/wrapper.html", context)


def _blocks(text):
    """Paragraphs as lists of lines; an empty list is a rule."""
    text = _RULE.sub("\n\\g<0>\n", "\n".join(text.splitlines()))
    for block in re.split(r"\n{2,}", text.strip("\n")):
        lines = _GOES_ON.sub("", block).split("\n")
        yield [] if _RULE.fullmatch(block) else [_html(line) for line in lines]


def _html(line):
    """One line, escaped, with its addresses as links."""
    words = line.lstrip(" ")
    line = "\xa0" * (len(line) - len(words)) + words  # HTML forgets ordinary spaces there
    parts = enumerate(_LINK.split(line))  # every second one is a link
    return format_html_join(
        "", "{}", ((_link(text) if index % 2 else text,) for index, text in parts)
    )


def _link(address):
    return format_html('<a href="{0}">{0}</a>', address)
