"""The company's accent color as a style sheet, with a readable text color on it."""

import hashlib
import re

INK, WHITE = "#050505", "#ffffff"
HEX_COLOR = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)


def css(brand):
    """The style sheet that sets both colors."""
    return f":root {{ --brand: {brand}; --on-brand: {text_color(brand)}; }}\n"


def digest(brand):
    """A hash of the content, for a URL that may be cached for ever."""
    return hashlib.sha256(css(brand).encode()).hexdigest()[:12]


def text_color(brand):
    """Near-black or white, the one with more contrast: at least 4.5:1 on every color (WCAG 2.2 AA)."""
    return max(INK, WHITE, key=lambda text: contrast(text, brand))


def contrast(one, two):
    """The contrast ratio of two colors, 1 to 21 (WCAG 2.2)."""
    dark, light = sorted((_luminance(one), _luminance(two)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(color):
    """Relative luminance, 0 to 1 (WCAG 2.2)."""
    channels = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
