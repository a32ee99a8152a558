"""Fields and templates of Word files up to 2003 ([MS-DOC])."""

import re
import struct
from collections.abc import Callable, Iterable, Iterator

from . import fields
from .errors import NotExamined
from .links import is_remote

OVERLAP = 1024  # bytes; longer than the part of an instruction that is examined
FIELDS_LIMIT = 10_000  # fields with the names of `fields`
STRINGS_LIMIT = 8 * 1024  # bytes of the strings that belong to a document

_NAMES = "|".join([*fields.FINDINGS, fields.HYPERLINK]).encode()
# The character 0x13 begins a field; 0x14 and 0x15 end its instruction.
_FIELD = re.compile(
    rb"\x13[\x01-\x08 \t]{0,32}+((?:%s)(?![A-Za-z])[^\x13-\x15]{0,512})" % _NAMES, re.IGNORECASE
)
_TABLE_FLAG = 0x0200  # of FibBase: the table stream is 1Table
_STRINGS_AT = 0x19A  # fcSttbfAssoc and lcbSttbfAssoc in the FIB
_PATHS = (1, 8, 9)  # strings: the template, the data source and the header of a mail merge


def collect(pieces: Iterable[bytes], findings: set[str]) -> None:
    """Add the findings of the fields in a WordDocument stream. NotExamined over the limits."""
    rest, count = b"", 0
    for piece in pieces:
        # Text is in Windows-1252 or UTF-16; without NULs, ASCII characters are the same in both.
        text = rest + piece.replace(b"\0", b"")
        for match in _FIELD.finditer(text):
            count += 1
            if count > FIELDS_LIMIT:
                raise NotExamined
            if code := fields.finding(match[1].decode("latin-1")):
                findings.add(code)
        rest = text[-OVERLAP:]


def table_name(beginning: bytes) -> str:
    """The name of the table stream, in lower case."""
    return "1table" if int.from_bytes(beginning[10:12], "little") & _TABLE_FLAG else "0table"


def template_findings(beginning: bytes, read: Callable[[int, int], bytes]) -> set[str]:
    """Whether the template or the data of a mail merge are on another machine.

    `read` returns bytes of the table stream from an offset.
    """
    if len(beginning) < _STRINGS_AT + 8:
        return set()
    start, length = struct.unpack_from("<2L", beginning, _STRINGS_AT)
    strings = list(_strings(read(start, min(length, STRINGS_LIMIT))))
    paths = [strings[number] for number in _PATHS if number < len(strings)]
    return {"external"} if any(map(is_remote, paths)) else set()


def _strings(table: bytes) -> Iterator[str]:
    """The strings of an STTB structure."""
    if table[:2] != b"\xff\xff":  # of 16-bit characters
        return
    at = 6
    while at + 2 <= len(table):
        end = at + 2 + 2 * int.from_bytes(table[at : at + 2], "little")
        yield table[at + 2 : end].decode("utf-16-le", "replace")
        at = end
