"""Checks of plain text files."""

import codecs
import unicodedata

from .errors import DocumentRejected, too_large
from .reading import BinaryFile, peek, size

TEXT_LIMIT = 1024 * 1024  # bytes; a résumé without pictures is shorter
UTF_32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
ISO_2022 = ("iso2022_jp_ext", "iso2022_jp_2004", "iso2022_jp_2", "iso2022_kr")
ALLOWED_CONTROLS = "\t\n\v\f\r\x1a"  # and NULs at the end, which are padding
CONTROLS = bytes({*range(32), 127} - set(ALLOWED_CONTROLS.encode()))


def check_txt(file: BinaryFile) -> set[str]:
    """No findings; DocumentRejected if it is too long or not text."""
    total = size(file)
    if total > TEXT_LIMIT:
        raise too_large(total, TEXT_LIMIT)
    if not is_text(file):
        raise DocumentRejected("broken")
    return set()


def is_text(file: BinaryFile) -> bool:
    """Whether the beginning, of up to TEXT_LIMIT bytes, is text without control characters."""
    data = peek(file, 0, TEXT_LIMIT)
    if data.startswith(UTF_32):
        return _has_no_controls(_characters(data, "utf-32"))
    if data.startswith(UTF_16):
        return _has_no_controls(_characters(data, "utf-16"))
    content = data.rstrip(b"\0")
    # In an encoding that extends ASCII. It need not be identified, because Mac Roman has a character for
    # every byte that is not a control character.
    if len(content.translate(None, CONTROLS)) == len(content):
        return bool(content)
    if any(_has_no_controls(_characters(content, encoding)) for encoding in ISO_2022):
        return True
    return any(_is_natural(_characters(data, encoding)) for encoding in ("utf-16-le", "utf-16-be"))


def _characters(data: bytes, encoding: str) -> set[str]:
    """The different characters of a text, without padding; none if `encoding` is not its encoding."""
    try:
        return set(data.decode(encoding).rstrip("\0"))
    except UnicodeDecodeError:
        return set()


def _has_no_controls(characters: set[str]) -> bool:
    others = characters.difference(ALLOWED_CONTROLS)
    return bool(others) and all(unicodedata.category(character) != "Cc" for character in others)


def _is_natural(characters: set[str]) -> bool:
    """Whether they have spaces or line breaks, and are all assigned: arbitrary bytes rarely are."""
    categories = {unicodedata.category(character) for character in characters}
    has_separator = not characters.isdisjoint(" \n\r\u3000")
    return has_separator and _has_no_controls(characters) and categories.isdisjoint({"Cn", "Co"})
