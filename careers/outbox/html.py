"""The HTML part of an email, made from its text: paragraphs, lines, links and rules.

All text is escaped, so the HTML has the same content as the plain text.
"""

import re
from collections.abc import Iterator

from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

_RULE = re.compile(r"^-{10,}$", re.MULTILINE)
# Japanese emails break lines within sentences, after 35 characters at most; phones have less space
# and desktops more. Indented lines, and lines that begin with a link, stay separate.
_SOFT_BREAK = re.compile(r"(?<=[、ぁ-ん])\n(?![\s・※]|https?://)")
# ASCII only, because Japanese may follow without a space; a period after a link is not part of it.
_LINK = re.compile(r"(https?://[!#-;=?-~]*[/0-9A-Za-z=_~#&+%-])")


def render(text: str, subject: str, language: str) -> str:
    """The complete HTML document of an email."""
    context = {"subject": subject, "language": language, "blocks": _blocks(text)}
    return render_to_string("mail/wrapper.html", context)


def _blocks(text: str) -> Iterator[str]:
    """The HTML of each paragraph; "" for a rule."""
    text = _RULE.sub("\n\\g<0>\n", "\n".join(text.splitlines()))
    for block in re.split(r"\n{2,}", text.strip("\n")):
        lines = _SOFT_BREAK.sub("", block).split("\n")
        is_rule = _RULE.fullmatch(block)
        yield "" if is_rule else mark_safe("<br>\n".join(map(_html, lines)))  # noqa: S308


def _html(line: str) -> SafeString:
    """One line, escaped, with its addresses as links."""
    words = line.lstrip(" ")
    line = "\xa0" * (len(line) - len(words)) + words  # HTML collapses ordinary spaces
    parts = enumerate(_LINK.split(line))  # every second part is a link
    return format_html_join(
        "", "{}", ((_link(text) if index % 2 else text,) for index, text in parts)
    )


def _link(url: str) -> SafeString:
    return format_html('<a href="{0}">{0}</a>', url)
