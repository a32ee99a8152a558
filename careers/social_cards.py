"""Social cards: the Open Graph images that other sites show with a link to a page.

The text is set in the font that CARD_FONT names, beside a block in the company's accent color.
"""

import hashlib
import html
import re
from functools import lru_cache
from io import BytesIO
from typing import NamedTuple

from django.template import Library
from django.templatetags.static import static
from django.utils.translation import get_language
from PIL import Image, ImageDraw, ImageFont

from careers.japanese import ZERO_WIDTH_SPACE, phrase
from careers.languages import absolute

register = Library()

# Lengths and font sizes are in pixels.
WIDTH, HEIGHT = 1200, 630  # Facebook, LinkedIn, Slack and X show this ratio without cropping
BACKGROUND, INK, SECONDARY = "#fbfcfd", "#14161a", "#4b4f57"  # the tokens of the style sheets
BRAND_WIDTH = 300  # the block in the accent color, at the left
TEXT_LEFT, TEXT_RIGHT = 356, 1144
TITLE_TOP, TITLE_HEIGHT = 128, 340
CAP_HEIGHT, LEADING = 0.82, 1.24  # relative to the font size
TITLE_SIZES = range(92, 43, -4)


class SocialCard(NamedTuple):
    """Texts and colors of a card: title, the line above it, company name, accent and text color."""

    title: str
    label: str
    name: str
    brand: str
    on_brand: str


def check_font(path):
    """Raise a ValueError that says what to do, unless `path` is empty or a font that Pillow can load."""
    if path:
        try:
            ImageFont.truetype(path, TITLE_SIZES[0])
        except OSError:
            raise ValueError("must be the path of a TrueType or OpenType font, or empty") from None


def digest(card, font):
    """A hash of the content, for a URL that may be cached for ever."""
    return hashlib.sha256(repr((card, font)).encode()).hexdigest()[:12]


@lru_cache(maxsize=128)
def render(card, font):
    """The card as PNG bytes."""
    image = Image.new("RGB", (WIDTH, HEIGHT), BACKGROUND)
    canvas = ImageDraw.Draw(image)
    canvas.rectangle((0, 0, BRAND_WIDTH - 1, HEIGHT), fill=card.brand)
    name_size, name = fit_text(card.name, font, BRAND_WIDTH - 80, 200, range(38, 25, -4))
    _write(canvas, (40, 62), name, name_size, font, card.on_brand)
    label_size, label = fit_text(card.label, font, TEXT_RIGHT - TEXT_LEFT, 40, range(32, 15, -2))
    _write(canvas, (TEXT_LEFT, 62), label, label_size, font, SECONDARY)
    title_size, title = fit_text(
        card.title, font, TEXT_RIGHT - TEXT_LEFT, TITLE_HEIGHT, TITLE_SIZES
    )
    _write(canvas, (TEXT_LEFT, TITLE_TOP), title, title_size, font, INK)
    _rules(canvas, card.brand)
    file = BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()


def fit_text(text, font, width, height, sizes):
    """The largest of `sizes` at which `text` fits, and its lines; shortened with “…” if it fits in none."""
    text = _printable(text)
    for size in sizes:
        face, max_lines = ImageFont.truetype(font, size), int(height // (size * LEADING))
        lines = _balance(unbreakable_parts(text), face, width)
        if lines and len(lines) <= max_lines:
            return size, lines
    lines = _break(list(text), face, width) or []
    if len(lines) > max_lines:
        lines = [*lines[: max_lines - 1], f"{lines[max_lines - 1][:-1]}…"]
    return size, lines


def unbreakable_parts(text):
    """The parts of a text that stay on one line: words, and phrases in Japanese."""
    phrases = html.unescape(str(phrase(text))).split(ZERO_WIDTH_SPACE)
    return [word for part in phrases for word in re.findall(r"\S+\s*", part)]


def _printable(text):
    """The text without control characters and line breaks, which may have been pasted."""
    return " ".join("".join(char for char in text if char.isprintable() or char.isspace()).split())


def _balance(parts, face, width):
    """The parts in the fewest possible lines, of similar lengths; None if a part is wider than `width`."""
    fewest = _break(parts, face, width)
    for narrower in range(width // 2, width, 16):
        lines = _break(parts, face, narrower)
        if fewest and lines and len(lines) == len(fewest):
            return lines
    return fewest


def _break(parts, face, width):
    """The parts in lines, or None if a part is wider than `width`."""
    lines = [""]
    for part in parts:
        if face.getlength((lines[-1] + part).rstrip()) <= width:
            lines[-1] += part
        elif face.getlength(part.rstrip()) <= width:
            lines.append(part)
        else:
            return None
    return [line.rstrip() for line in lines]


def _write(canvas, corner, lines, size, font, color):
    face, (left, top) = ImageFont.truetype(font, size), corner
    for number, line in enumerate(lines):
        baseline = top + size * (CAP_HEIGHT + number * LEADING)
        canvas.text((left, baseline), line, color, face, anchor="ls")


def _rules(canvas, brand):
    """Draw the three lines of the home page: dashed, thin, thick."""
    for left in range(TEXT_LEFT, TEXT_RIGHT, 24):
        canvas.line((left, 500, min(left + 12, TEXT_RIGHT), 500), fill=INK, width=2)
    canvas.line((TEXT_LEFT, 530, TEXT_RIGHT, 530), fill=INK, width=2)
    canvas.rectangle((TEXT_LEFT, 556, TEXT_RIGHT, 568), fill=brand)


@register.simple_tag(takes_context=True)
def social_card_url(context):
    """The absolute URL of the page's own `card`, or of the default card in this language."""
    return absolute(context.get("card") or static(f"img/card.{get_language()}.png"))
