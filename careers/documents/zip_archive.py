"""Reads ZIP archives, which Word, Excel and OpenDocument files are, and tells their type.

An archive is rejected unless its directory accounts for every byte of the file.
"""

import stat
import struct
import zlib
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.conf import settings

from .errors import DocumentRejected
from .reading import BinaryFile, end_of_zip, end_record, peek

TYPES = "[Content_Types].xml"
TYPES_LIMIT = 256 * 1024
PIECE = 16 * 1024  # bytes
DIRECTORY_LIMIT = 1024 * 1024  # bytes; more than DOCUMENT_MAX_ENTRIES need
MAIN_PARTS = {
    "docx": "wordprocessingml.document.main+xml",  # by content type, not by name: Word Online writes document2.xml
    "xlsx": "spreadsheetml.sheet.main+xml",
    "pptx": "presentationml.presentation.main+xml",
}
_MACRO_TYPES = ("macroenabled", "vbaproject", "macrosheet")
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument.text"
_LOCAL, _CENTRAL = b"PK\x03\x04", b"PK\x01\x02"
_CENTRAL_64 = b"PK\x06\x06"  # ZIP64 end record, which some writers add to small archives
_SIZES_64 = (0xFFFFFFFF, 0xFFFFFFFF)
_ENTRY = struct.Struct("<4s6H3L5H2L")
_HEAD = struct.Struct("<4s5H3L2H")
STORED, _DEFLATED = 0, 8


class Entry(NamedTuple):
    """An entry of the directory; `at` is the offset of its local header, `start` that of its data."""

    name: str
    flags: int
    method: int
    packed: int
    size: int
    mode: int
    at: int
    start: int = 0


def read_entries(file: BinaryFile) -> list[Entry]:
    """The entries of the directory. DocumentRejected unless they account for the whole file."""
    end = end_of_zip(file)
    if end is None:
        raise DocumentRejected("broken")
    count, length, start = end_record(file, end)
    if count > settings.DOCUMENT_MAX_ENTRIES or length > DIRECTORY_LIMIT:
        raise DocumentRejected("bomb")
    if start + length > end:
        raise DocumentRejected("broken")
    between = peek(file, start + length, min(end - start - length, 4))
    if between not in (b"", _CENTRAL_64) or peek(file, 0, 4) != _LOCAL:
        raise DocumentRejected("polyglot")
    entries = list(_parse_directory(peek(file, start, length), count))
    if not entries:
        raise DocumentRejected("broken")
    return _check_layout(file, entries, start)


def kind(file: BinaryFile, entries: list[Entry]) -> str:
    """docx, xlsx, odt or pptx; zip for any other archive. DocumentRejected if it declares macros."""
    names = {entry.name: entry for entry in entries}
    if TYPES in names:
        declared = _types(file, names[TYPES])
        if any(word in declared.lower() for word in _MACRO_TYPES):
            raise DocumentRejected("macros")
        return next((kind for kind, part in MAIN_PARTS.items() if part in declared), "zip")
    if "mimetype" in names and beginning(file, names["mimetype"], 64) == _OPEN_DOCUMENT:
        return "odt"
    return "zip"


def unpack(file: BinaryFile, entry: Entry, limit: int) -> bytes:
    """The content of an entry. DocumentRejected if it is damaged or has more than `limit` bytes."""
    content, size = [], 0
    for piece in pieces(file, entry):
        content.append(piece)
        size += len(piece)
        if size > limit:
            raise DocumentRejected("bomb")
    return b"".join(content)


def pieces(file: BinaryFile, entry: Entry) -> Iterator[bytes]:
    """The content of an entry in pieces of up to PIECE bytes. DocumentRejected if it is damaged."""
    if entry.method == STORED:
        yield from _data(file, entry)
    elif entry.method == _DEFLATED:
        yield from _inflate(_data(file, entry))
    else:
        raise DocumentRejected("broken")


def beginning(file: BinaryFile, entry: Entry, length: int) -> bytes:
    """The first bytes of an uncompressed entry; b"" for a compressed one."""
    if entry.method != STORED:
        return b""
    return peek(file, entry.start, min(entry.packed, length))


def _parse_directory(records: bytes, count: int) -> Iterator[Entry]:
    at = 0
    while at < len(records):
        if len(records) - at < _ENTRY.size or records[at : at + 4] != _CENTRAL:
            raise DocumentRejected("broken")
        fields = _ENTRY.unpack_from(records, at)
        flags, method, packed, size = fields[3], fields[4], fields[8], fields[9]
        name_length, extra, comment = fields[10:13]
        name = records[at + _ENTRY.size : at + _ENTRY.size + name_length]
        yield Entry(
            name.decode("utf-8" if flags & 0x800 else "cp437", "replace"),
            flags,
            method,
            packed,
            size,
            fields[15] >> 16,
            fields[16],
        )
        at += _ENTRY.size + name_length + extra + comment
        count -= 1
        if count < 0:
            raise DocumentRejected("bomb")
    if count or at != len(records):
        raise DocumentRejected("broken")


def _check_layout(file: BinaryFile, entries: list[Entry], end: int) -> list[Entry]:
    """The entries with their `start`, in the order of the file.

    Rejects entries that overlap, lie about their size, or are encrypted, links, or too large.
    """
    if len({entry.name.lower() for entry in entries}) != len(entries):
        raise DocumentRejected("broken")
    if any(entry.flags & 0x41 for entry in entries):
        raise DocumentRejected("encrypted")
    if any(stat.S_ISLNK(entry.mode) for entry in entries):
        raise DocumentRejected("symlink")
    if sum(entry.size for entry in entries) > settings.DOCUMENT_MAX_UNPACKED:
        raise DocumentRejected("bomb")
    free, checked = 0, []
    for entry in sorted(entries, key=lambda entry: entry.at):
        if free == 0 and entry.at:
            raise DocumentRejected("polyglot")  # bytes before the archive
        head = peek(file, entry.at, _HEAD.size)
        if len(head) < _HEAD.size or head[:4] != _LOCAL:
            raise DocumentRejected("broken")
        fields = _HEAD.unpack(head)
        has_true_sizes = fields[2] & 0x08 or fields[7:9] in ((entry.packed, entry.size), _SIZES_64)
        if entry.at < free or not has_true_sizes:
            # Entries that share bytes, or lie about their size.
            raise DocumentRejected("bomb")
        data = entry.at + _HEAD.size + fields[9] + fields[10]
        free = data + entry.packed
        if free > end:
            raise DocumentRejected("broken")
        checked.append(entry._replace(start=data))
    return checked


def _types(file: BinaryFile, entry: Entry) -> str:
    """The list of content types as text. It is searched, never parsed as XML."""
    text = unpack(file, entry, TYPES_LIMIT)
    if b"<!" in text.replace(b"<!--", b""):
        raise DocumentRejected("broken")  # a genuine list declares no entities
    encoding = "utf-16" if text[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    return text.decode(encoding, "replace")


def _inflate(data: Iterable[bytes]) -> Iterator[bytes]:
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for chunk in data:
            while chunk:
                if piece := inflate.decompress(chunk, PIECE):
                    yield piece
                chunk = inflate.unconsumed_tail
            if inflate.eof:
                return
    except zlib.error:
        raise DocumentRejected("broken") from None


def _data(file: BinaryFile, entry: Entry) -> Iterator[bytes]:
    """The packed bytes of an entry."""
    at, left = entry.start, entry.packed
    while left and (chunk := peek(file, at, min(left, PIECE))):
        yield chunk
        at, left = at + len(chunk), left - len(chunk)
