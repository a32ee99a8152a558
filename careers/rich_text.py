"""Rich text: the one list of allowed tags; HTML in, safe HTML or plain text out."""

import html
import re

import nh3
from django.db.models import TextField
from django.template import Library
from django.utils.html import linebreaks
from django.utils.safestring import mark_safe

from careers import japanese

register = Library()

TAGS = {"h3", "h4", "p", "ul", "ol", "li", "strong", "em", "a", "br"}
_LIMITS = {
    "tags": TAGS,
    "attributes": {"a": {"href"}},
    "url_schemes": {"http", "https", "mailto", "tel"},
    "link_rel": None,  # a recruiter's own links need no rel
    "clean_content_tags": {"script", "style", "title"},
}
_HEADING = re.compile(r"<(/?)h([34])>")
_TAG = re.compile(r"</?[a-zA-Z][^>]*>")
_BLOCK_END = re.compile(r"</(?:p|h3|h4|li|ul|ol)>|<br>")


def clean(text):
    """Safe HTML from whatever a recruiter wrote or pasted; text without any tag becomes paragraphs."""
    text = japanese.clean(text).strip()
    if not text:
        return ""
    if not _TAG.search(text):
        text = linebreaks(text, autoescape=True)
    return nh3.clean(text, **_LIMITS)


def simple(text):
    """The same in paragraphs and lists alone, for programs that know nothing else."""
    paragraphs = _HEADING.sub(r"<\g<1>p>", clean(text))
    return nh3.clean(paragraphs, tags={"p", "ul", "ol", "li", "br"}, attributes={})


def lines(text):
    """The words alone, a line for each paragraph, heading and item."""
    pieces = _BLOCK_END.sub("\n", clean(text).replace("\n", " ")).split("\n")
    words = (" ".join(html.unescape(nh3.clean(piece, tags=set())).split()) for piece in pieces)
    return [line for line in words if line]


def plain(text):
    """The words alone, on one line: for descriptions and comparisons."""
    return " ".join(lines(text))


@register.filter(name="prose")
def as_html(value, top=3):
    """Rich text onto a page, its headings beginning at level `top` of that page.

    Cleaned again here, so that no way into the database is a way onto a page.
    """
    safe = _HEADING.sub(lambda tag: f"<{tag[1]}h{int(tag[2]) - 3 + top}>", clean(value or ""))
    return mark_safe(safe)  # noqa: S308


class RichTextField(TextField):
    """A text field whose value is clean HTML however it was set."""

    def pre_save(self, instance, add):
        value = super().pre_save(instance, add)
        if value:
            value = clean(value)
            setattr(instance, self.attname, value)
        return value
