"""The company's colour as a style sheet, with a text colour that can always be read on it."""

import hashlib
import re

INK, WHITE = "#050505", "#ffffff"
HEX = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)


def css(brand):
    """The style sheet that sets the two colours."""
    return f":root {{ --brand: {brand}; --on-brand: {on(brand)}; }}\n"


def digest(brand):
    """Names the style sheet by its content, so that a browser may keep it for ever."""
    return hashlib.sha256(css(brand).encode()).hexdigest()[:12]


def on(brand):
    """Near-black or white, whichever contrasts more: at least 4.5:1 with every colour there is."""
    return max(INK, WHITE, key=lambda text: contrast(text, brand))


def contrast(one, two):
    """The contrast of two colours, 1 to 21 (WCAG 2.2, contrast ratio)."""
    dark, light = sorted((_luminance(one), _luminance(two)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour):
    """Relative luminance, 0 to 1 (WCAG 2.2)."""
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
