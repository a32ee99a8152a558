"""Links and macro sheets of Excel files up to 2003 ([MS-XLS])."""

import struct
from collections.abc import Iterable, Iterator

from .errors import DocumentRejected, NotExamined

RECORDS_LIMIT = 100_000  # records of the globals, which list the sheets and links
_END, _SHEET, _LINK = 0x0A, 0x85, 0x1AE
_MACRO_SHEETS = {1, 6}  # a sheet of Excel 4 macros, a VBA module
_OWN_WORKBOOK, _ADD_INS = 0x0401, 0x3A01  # in place of the length of a path
_OWN_PATHS = {b" ", b"\0", b""}


def collect(pieces: Iterable[bytes], findings: set[str]) -> None:
    """Add the findings of a Workbook stream. DocumentRejected for macros, NotExamined over the limits."""
    for number, body in _records(pieces):
        if number == _END:
            return
        if number == _SHEET and len(body) > 5 and body[5] in _MACRO_SHEETS:
            raise DocumentRejected("macros")
        if number == _LINK and (code := _link_finding(body)):
            findings.add(code)


def _records(pieces: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    data, count = b"", 0
    for piece in pieces:
        data, at = data + piece, 0
        while at + 4 <= len(data):
            number, length = struct.unpack_from("<HH", data, at)
            if at + 4 + length > len(data):
                break
            count += 1
            if count > RECORDS_LIMIT:
                raise NotExamined
            yield number, data[at + 4 : at + 4 + length]
            at += 4 + length
        data = data[at:]


def _link_finding(body: bytes) -> str | None:
    """What a SupBook record links to: a program by DDE, or another file."""
    if len(body) < 5:
        return None
    (length,) = struct.unpack_from("<H", body, 2)
    if length in (_OWN_WORKBOOK, _ADD_INS):
        return None
    path = body[5:].replace(b"\0", b"") if body[4] & 1 else body[5 : 5 + length]
    if path in _OWN_PATHS:
        return None
    return "launch" if b"\3" in path else "external"
