"""Rich text: sanitizes HTML with one list of allowed tags; converts it to simpler HTML and plain text."""

import html
import re

import nh3
from django.db.models import TextField
from django.template import Library
from django.utils.html import linebreaks
from django.utils.safestring import mark_safe

from careers import japanese

register = Library()

ALLOWED_TAGS = {"h3", "h4", "p", "ul", "ol", "li", "strong", "em", "a", "br"}
_SANITIZER = {
    "tags": ALLOWED_TAGS,
    "attributes": {"a": {"href"}},
    "url_schemes": {"http", "https", "mailto", "tel"},
    "link_rel": None,  # a recruiter's own links need no rel
    "clean_content_tags": {"script", "style", "title"},
}
_HEADING = re.compile(r"<(/?)h([34])>")
_TAG = re.compile(r"</?[a-zA-Z][^>]*>")
_BLOCK_END = re.compile(r"</(?:p|h3|h4|li|ul|ol)>|<br>")


def clean(text):
    """Safe HTML from typed or pasted text. Text without tags becomes paragraphs."""
    text = japanese.strip_invisible(text).strip()
    if not text:
        return ""
    if not _TAG.search(text):
        text = linebreaks(text, autoescape=True)
    return nh3.clean(text, **_SANITIZER)


def to_basic_html(text):
    """Safe HTML of paragraphs and lists only, for job search engines."""
    paragraphs = _HEADING.sub(r"<\g<1>p>", clean(text))
    return nh3.clean(paragraphs, tags={"p", "ul", "ol", "li", "br"}, attributes={})


def to_lines(text):
    """Plain text: a list with one line for each paragraph, heading and list item."""
    blocks = _BLOCK_END.sub("\n", clean(text).replace("\n", " ")).split("\n")
    lines = (" ".join(html.unescape(nh3.clean(block, tags=set())).split()) for block in blocks)
    return [line for line in lines if line]


def to_plain_text(text):
    """Plain text on one line, for descriptions and comparisons."""
    return " ".join(to_lines(text))


@register.filter(name="rich_text")
def render(value, top=3):
    """{{ article.text|rich_text:2 }}: rich text as safe HTML, its highest headings at level `top`.

    It is sanitized again, because the database may hold HTML that did not pass through a field.
    """
    safe = _HEADING.sub(lambda tag: f"<{tag[1]}h{int(tag[2]) - 3 + top}>", clean(value or ""))
    return mark_safe(safe)  # noqa: S308


class RichTextField(TextField):
    """A text field that sanitizes its value when it is saved."""

    def pre_save(self, instance, add):
        value = super().pre_save(instance, add)
        if value:
            value = clean(value)
            setattr(instance, self.attname, value)
        return value
