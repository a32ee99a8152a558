"""The card of a page: the picture that stands for it where people share its address.

Its words are written in the font of CARD_FONT, its block is in the company's colour.
"""

import hashlib
import html
import re
from functools import lru_cache
from io import BytesIO
from typing import NamedTuple

from django.template import Library
from django.templatetags.static import static
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from PIL import Image, ImageDraw, ImageFont

from careers.japanese import ZERO_WIDTH_SPACE, phrase
from careers.languages import absolute

register = Library()

WIDTH, HEIGHT = 1200, 630  # what Facebook, LinkedIn, Slack and X show whole
PAPER, INK, QUIET = "#fbfcfd", "#14161a", "#4b4f57"  # the tokens of the style sheets
MARGIN = 300  # a quarter of the picture is the company's
BODY, END = 356, 1144  # where words begin and end
TITLE_TOP, TITLE_HEIGHT = 128, 340
CAP_HEIGHT, LEADING = 0.82, 1.24  # of the size of the letters
SIZES = range(92, 43, -4)


class Card(NamedTuple):
    """What is written on a card: the title, a line above it, and the company, on its colour."""

    title: str
    label: str
    name: str
    brand: str
    on_brand: str


def check_font(path):
    """Raise a ValueError that says what to do, if `path` names a font that nothing can be drawn with."""
    if path:
        try:
            ImageFont.truetype(path, SIZES[0])
        except OSError:
            raise ValueError("give the path of a TrueType or OpenType font, or nothing") from None


def digest(card, font):
    """Names the picture by what is on it, so that it may be kept for ever."""
    return hashlib.sha256(repr((card, font)).encode()).hexdigest()[:12]


@lru_cache(maxsize=128)
def draw(card, font):
    """The card as a PNG."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, MARGIN - 1, HEIGHT), fill=card.brand)
    name_size, name = set_in(card.name, font, MARGIN - 80, 200, range(38, 25, -4))
    _write(pen, (40, 62), name, name_size, font, card.on_brand)
    label_size, label = set_in(card.label, font, END - BODY, 40, range(32, 15, -2))
    _write(pen, (BODY, 62), label, label_size, font, QUIET)
    title_size, title = set_in(card.title, font, END - BODY, TITLE_HEIGHT, SIZES)
    _write(pen, (BODY, TITLE_TOP), title, title_size, font, INK)
    _rules(pen, card.brand)
    file = BytesIO()
    picture.save(file, "PNG", optimize=True)
    return file.getvalue()


def set_in(text, font, width, height, sizes):
    """The largest of `sizes` in which `text` fits, and its lines; cut off where it fits in none."""
    text = _typed(text)
    for size in sizes:
        face, most = ImageFont.truetype(font, size), int(height // (size * LEADING))
        if (found := _balanced(pieces(text), face, width)) and len(found) <= most:
            return size, found
    whole = _lines(list(text), face, width) or []
    cut = [*whole[: most - 1], f"{whole[most - 1][:-1]}…"] if len(whole) > most else whole
    return size, cut


def pieces(text):
    """What stays on one line: words, and the phrases of Japanese."""
    phrases = html.unescape(str(phrase(text))).split(ZERO_WIDTH_SPACE)
    return [piece for part in phrases for piece in re.findall(r"\S+\s*", part)]


def _typed(text):
    """What can be written of a text: somebody may have pasted ends of lines, or signs that are none."""
    return " ".join("".join(sign for sign in text if sign.isprintable() or sign.isspace()).split())


def _balanced(parts, face, width):
    """As few lines as can be, as even as can be."""
    fewest = _lines(parts, face, width)
    for narrower in range(width // 2, width, 16):
        found = _lines(parts, face, narrower)
        if fewest and found and len(found) == len(fewest):
            return found
    return fewest


def _lines(parts, face, width):
    """The parts in lines, or None if one of them is too long for any."""
    lines = [""]
    for part in parts:
        if face.getlength((lines[-1] + part).rstrip()) <= width:
            lines[-1] += part
        elif face.getlength(part.rstrip()) <= width:
            lines.append(part)
        else:
            return None
    return [line.rstrip() for line in lines]


def _write(pen, corner, lines, size, font, colour):
    face, (left, top) = ImageFont.truetype(font, size), corner
    for number, line in enumerate(lines):
        baseline = top + size * (CAP_HEIGHT + number * LEADING)
        pen.text((left, baseline), line, colour, face, anchor="ls")


def _rules(pen, brand):
    """Dashed, thin, thick: the three lines of the home page."""
    for left in range(BODY, END, 24):
        pen.line((left, 500, min(left + 12, END), 500), fill=INK, width=2)
    pen.line((BODY, 530, END, 530), fill=INK, width=2)
    pen.rectangle((BODY, 556, END, 568), fill=brand)


@register.simple_tag(takes_context=True)
def card_address(context):
    """The absolute address of the page's own `card`, or of the one that all other pages share."""
    return absolute(context.get("card") or static(f"img/card.{get_language()}.png"))


@register.simple_block_tag
def kept(content):
    """{% kept as title %}…{% endkept %}: a block's text without outer whitespace, as a variable."""
    return mark_safe(content.strip())  # noqa: S308  rendered by a template, which escaped it
