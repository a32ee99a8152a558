"""Parses XML parts of Office files piece by piece. Declarations of a document type are never followed."""

import re
from collections.abc import Iterable
from typing import Protocol
from xml.parsers import expat

from .errors import NotExamined

_DECLARATION = re.compile(rb"<\?xml[^>]{0,200}?\sencoding\s*=\s*[\"']([^\"'>]{1,40})[\"']")
_COMMENTS = rb"\s*+(?:<!--(?:(?!-->).)*+-->\s*+)*+"  # possessive, so that no part is tried twice
_PICTURE = re.compile(
    rb"\s*+(?:<\?xml[^>]{0,200}+>)?+"
    + _COMMENTS
    + rb"(?:<!DOCTYPE\s++svg[^>\[]{0,200}+>)?+"
    + _COMMENTS
    + rb"<(?:svg:)?svg[\s>]",
    re.DOTALL,
)
_MARKS = b"\xef\xbb\xbf\xff\xfe\0\t\n\r "
_ASCII = bytes(range(128))


class Handler(Protocol):
    """Is called for each element. A name with a namespace is `namespace local-name`."""

    def start(self, name: str, attributes: dict[str, str]) -> None: ...

    def end(self, name: str) -> None: ...

    def text(self, text: str) -> None: ...


def is_xml(beginning: bytes) -> bool:
    """Whether a part that begins like this is XML, in whatever encoding Office accepts."""
    return beginning.lstrip(_MARKS).startswith(b"<")


def is_picture(beginning: bytes) -> bool:
    """Whether a part is an SVG picture, which may declare its document type."""
    return bool(_PICTURE.match(beginning.removeprefix(b"\xef\xbb\xbf")))


def has_known_encoding(beginning: bytes) -> bool:
    """Whether ASCII characters are themselves in the declared encoding, or in UTF-16."""
    match = _DECLARATION.search(beginning[:500].replace(b"\0", b""))
    if not match:
        return True
    encoding = match[1].decode("ascii", "replace").lower()
    if encoding.startswith("utf-16"):
        return True
    try:
        return _ASCII.decode(encoding) == _ASCII.decode("ascii")
    except (LookupError, ValueError):
        return False


def local_name(name: str) -> str:
    return name.rpartition(" ")[2]


def parse(pieces: Iterable[bytes], handler: Handler) -> None:
    """Call the `handler` for each element of a part. NotExamined if the part is not plain XML."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = handler.start
    parser.EndElementHandler = handler.end
    parser.CharacterDataHandler = handler.text
    parser.StartDoctypeDeclHandler = _on_doctype
    try:
        for piece in pieces:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, LookupError):
        raise NotExamined from None


def _on_doctype(*_arguments: object) -> None:
    raise NotExamined  # Office declares no entities
