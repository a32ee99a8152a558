"""Header fields with text: folded and encoded so that decoding returns exactly the same text.

RFC 5322, 2.1.1: lines of at most 78 characters, 998 where a word is longer. RFC 2047: non-ASCII text
becomes encoded words of at most 75 characters, each with whole characters. White space between two
encoded words is not part of the text (6.2), so all spaces are inside of them.
"""

import re
from base64 import b64encode
from collections.abc import Iterator
from email.utils import quote

from .config import Mailbox

MAX_LINE = 78
MAX_LONG_LINE = 998
MAX_ENCODED_WORD = 75
_PREFIX, _SUFFIX = "=?utf-8?b?", "?="
_FOLD = "\r\n"
_MAX_WORD = 60  # characters of an unencoded word, so that it fits beside the name of a field
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")


def encode_text(name: str, text: str, *, utf8: bool = False) -> str:
    """A field with unstructured text, such as the subject, without the line break at its end.

    With `utf8`, text that fits into one long line is not encoded (RFC 6532).
    """
    if _is_plain(text, utf8=utf8) and (line := _fold_words(f"{name}: {text}", utf8=utf8)):
        return line
    return f"{name}: {_encode_words(text, MAX_LINE - len(name) - 2)}"


def encode_mailbox(name: str, mailbox: Mailbox, *, utf8: bool = False) -> str:
    """A field with one mailbox, such as From, without the line break at its end."""
    if not mailbox.name:
        return f"{name}: {mailbox.address}"
    limit = (MAX_LONG_LINE if utf8 else MAX_LINE) - len(name) - 2
    phrase = _quoted_unless_atoms(mailbox.name, utf8=utf8)
    if not _is_plain(mailbox.name, utf8=utf8) or len(phrase) > limit:
        phrase = _encode_words(mailbox.name, MAX_LINE - len(name) - 2)
    field, address = f"{name}: {phrase}", f" <{mailbox.address}>"
    last_line = field.rpartition(_FOLD)[2]
    return field + ("" if len(last_line + address) <= MAX_LINE or utf8 else _FOLD) + address


def _is_plain(text: str, *, utf8: bool) -> bool:
    """Whether a header can contain the text unencoded. Parsers read `=?` as the start of an encoded word."""
    has_edge = text != text.strip()
    return (utf8 or text.isascii()) and text.isprintable() and "=?" not in text and not has_edge


def _fold_words(line: str, *, utf8: bool) -> str:
    """The line, folded at single spaces; "" if that is impossible."""
    if len(line.encode()) <= (MAX_LONG_LINE if utf8 else MAX_LINE):
        return line
    words = line.split(" ")
    if utf8 or "" in words or max(map(len, words)) > _MAX_WORD:
        return ""
    lines = [words[0]]
    for word in words[1:]:
        if len(lines[-1]) + 1 + len(word) <= MAX_LINE:
            lines[-1] += f" {word}"
        else:
            lines.append(f" {word}")
    return _FOLD.join(lines)


def _encode_words(text: str, first_limit: int) -> str:
    """Encoded words, one in each line; the first has at most `first_limit` characters."""
    words = (
        f"{_PREFIX}{b64encode(part.encode()).decode()}{_SUFFIX}"
        for part in _split(text, first_limit)
    )
    return f"{_FOLD} ".join(words)


def _split(text: str, first_limit: int) -> Iterator[str]:
    """Parts of the text that fit into encoded words; characters stay whole."""
    part, limit = "", _capacity(first_limit)
    for character in text:
        if len((part + character).encode()) > limit:
            yield part
            part, limit = "", _capacity(MAX_LINE - 1)
        part += character
    yield part


def _capacity(limit: int) -> int:
    """Bytes of text in an encoded word of at most `limit` characters."""
    return (min(limit, MAX_ENCODED_WORD) - len(_PREFIX) - len(_SUFFIX)) // 4 * 3


def _quoted_unless_atoms(name: str, *, utf8: bool) -> str:
    """A display name as a phrase: atoms, or a quoted string (RFC 5322, 3.2.5)."""
    ascii_part = "".join(filter(str.isascii, name)) if utf8 else name
    return name if _ATOMS.fullmatch(ascii_part) and "  " not in name else f'"{quote(name)}"'
