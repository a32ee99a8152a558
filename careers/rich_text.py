"""Rich text: sanitizes HTML with one list of allowed tags; converts it to simpler HTML and plain text.

Recruiters without JavaScript type into a plain text field, so `<` does not always begin a tag:
`<C++>`, `a < b`, `<your name>` and `<input>`, the name of an element, are text and stay visible.
"""

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
# The elements whose tags are markup. `plaintext` is missing: everything after it would be its content.
_ELEMENTS = frozenset(
    re.findall(
        r"\w+",
        """
        a abbr acronym address area article aside audio b base basefont bdi bdo big blink blockquote body br
        button canvas caption center cite code col colgroup data datalist dd del details dfn dialog dir div
        dl dt em embed fieldset figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head
        header hgroup hr html i iframe img input ins kbd label legend li link main map mark marquee math
        menu meta meter nav nobr noframes noscript object ol optgroup option output p param picture pre
        progress q rb rp rt rtc ruby s samp script section select small source span strike strong style sub
        summary sup svg table tbody td template textarea tfoot th thead time title tr track tt u ul var
        video wbr
        """,
    )
)
# Without an end tag: never allowed, or optional (https://html.spec.whatwg.org/multipage/syntax.html).
_WITHOUT_END_TAG = frozenset(
    re.findall(
        r"\w+",
        """
        area base basefont body br col colgroup dd dt embed frame head hr html img input li link meta
        optgroup option p param rb rp rt rtc source tbody td tfoot th thead tr track wbr
        """,
    )
)
# Elements that do nothing without an attribute: without one, their tag is text about them.
_EMPTY_WITHOUT_ATTRIBUTES = frozenset(
    re.findall(r"\w+", "area base basefont col embed frame img input link meta param source track")
)
# `a<b and c>d` is not a tag with two attributes: an attribute has a value, except these.
_BOOLEAN = (
    "allowfullscreen|async|autofocus|autoplay|checked|compact|contenteditable|controls|default|defer"
    "|disabled|download|formnovalidate|hidden|inert|ismap|itemscope|loop|multiple|muted|nomodule|noshade"
    r"|novalidate|nowrap|open|playsinline|readonly|required|reversed|selected|data-[\w-]+"
)
_ATTRIBUTE = (
    rf"""(?:[^\s"'<>/=]+\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+)|(?:{_BOOLEAN})(?=[\s/>]))"""
)
# What looks like markup: a comment, a conditional comment of Word, a declaration, or a tag, whose name
# may have a prefix of Office (`o:p`). Each alternative stops at the next `<`, so the search is linear.
_MARKUP = re.compile(
    r"<!--(?:[^<]|<(?!!--))*?-->"
    r"|<!\[(?:if|endif)[^<>]*>|<!doctype[^<>]*>|<\?xml[^<>]*>"
    r"|<(?P<end>/?)(?P<name>[a-z][a-z0-9]*|(?:o|v|w|x|m|p|st[0-9]):[a-z]+)"
    rf"(?P<attributes>(?:\s+{_ATTRIBUTE})*)\s*/?>",
    re.IGNORECASE,
)
_MAX_PASSES = 10
_BLOCK_END = re.compile(r"</(?:p|h3|h4|li|ul|ol)>|<br>")


def clean(text):
    """Safe HTML from typed or pasted text. Text without tags becomes paragraphs.

    Guarantees: nothing but `ALLOWED_TAGS` and safe links remains; text that is not markup stays
    visible; and clean(clean(text)) == clean(text).
    """
    text = japanese.strip_invisible(text).strip()
    if not _find_markup(text):
        return _paragraphs(text)
    # Removing a disallowed tag may bring allowed ones together that must not be nested: repeat.
    for _pass in range(_MAX_PASSES):
        cleaned = _sanitize(text)
        if not _find_markup(cleaned):
            return _paragraphs(html.unescape(cleaned))
        if cleaned == text:
            return cleaned
        text = cleaned
    return _paragraphs(html.unescape(nh3.clean(text, tags=set())))


def _paragraphs(text):
    """Plain text as HTML, with a paragraph for each blank line."""
    text = text.strip()
    return _sanitize(linebreaks(text, autoescape=True)) if text else ""


def _sanitize(text):
    """Safe HTML from HTML, in which everything that is not markup is text."""
    end, parts = 0, []
    for match in _find_markup(text):
        parts += [text[end : match.start()].replace("<", "&lt;"), match[0]]
        end = match.end()
    parts.append(text[end:].replace("<", "&lt;"))
    # The sanitizer has decoded character references, also of invisible characters.
    return japanese.strip_invisible(nh3.clean("".join(parts), **_SANITIZER)).strip()


def _find_markup(text):
    """The matches of `_MARKUP` that are markup: a tag needs a known name, and a start tag its end tag."""
    matches = list(_MARKUP.finditer(text))
    last_end = {match["name"].lower(): match.start() for match in matches if match["end"]}
    return [match for match in matches if not match["name"] or _is_tag(match, last_end)]


def _is_tag(match, last_end):
    name = match["name"].lower()
    if ":" in name:
        return True
    if name not in _ELEMENTS:
        return False
    if name in _EMPTY_WITHOUT_ATTRIBUTES and not match["end"] and not match["attributes"]:
        return False
    is_complete = name in _WITHOUT_END_TAG or match["end"]
    return is_complete or last_end.get(name, -1) > match.start()


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
