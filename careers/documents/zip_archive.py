"""Checks of Word, Excel and OpenDocument files, which are ZIP archives.

Only the directory is read, and small parts are unpacked: the list of content types, and the
relationships, which name what is loaded from elsewhere.
"""

import stat
import struct
import zlib
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.conf import settings

from .errors import DocumentRejected
from .reading import BinaryFile, end_of_zip, end_record, peek
from .relationships import loads_external_content

TYPES = "[Content_Types].xml"
TYPES_LIMIT = 256 * 1024
RELATIONSHIPS_LIMIT = 1024 * 1024  # bytes of one part: 5,000 links
ALL_RELATIONSHIPS_LIMIT = 4 * 1024 * 1024
RELATIONSHIP_PARTS_LIMIT = 400
DIRECTORY_LIMIT = 1024 * 1024  # bytes; more than DOCUMENT_MAX_ENTRIES need
MAIN_PARTS = {
    "docx": "wordprocessingml.document.main+xml",  # by content type, not by name: Word Online writes document2.xml
    "xlsx": "spreadsheetml.sheet.main+xml",
    "pptx": "presentationml.presentation.main+xml",
}
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument.text"
_LOCAL, _CENTRAL = b"PK\x03\x04", b"PK\x01\x02"
_CENTRAL_64 = b"PK\x06\x06"  # ZIP64 end record, which some writers add to small archives
_SIZES_64 = (0xFFFFFFFF, 0xFFFFFFFF)
_ENTRY = struct.Struct("<4s6H3L5H2L")
_HEAD = struct.Struct("<4s5H3L2H")
_STORED, _DEFLATED = 0, 8
# The attributes of a file, which macOS adds to archives as `__MACOSX/…/._name`. Recognized by content,
# because Office would load a part of that name.
_APPLE_DOUBLE = b"\0\x05\x16\x07"


class Entry(NamedTuple):
    """An entry of the directory; `at` is the offset of its local header."""

    name: str
    flags: int
    method: int
    packed: int
    size: int
    mode: int
    at: int


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
    _check_layout(file, entries, start)
    return entries


def kind(file: BinaryFile, entries: list[Entry]) -> str:
    """docx, xlsx, odt or pptx; zip for any other archive. DocumentRejected if it declares macros."""
    names = {entry.name: entry for entry in entries}
    if TYPES in names:
        declared = _types(file, names[TYPES])
        if "macroenabled" in declared.lower() or "vbaproject" in declared.lower():
            raise DocumentRejected("macros")
        return next((kind for kind, part in MAIN_PARTS.items() if part in declared), "zip")
    if "mimetype" in names and _stored(file, names["mimetype"], 64) == _OPEN_DOCUMENT:
        return "odt"
    return "zip"


def check(file: BinaryFile, entries: list[Entry]) -> set[str]:
    """The findings in an Office archive. DocumentRejected if it has macros or is encrypted."""
    names = [entry.name.replace("\\", "/").lower() for entry in entries]
    if any(name.rsplit("/", 1)[-1] == "vbaproject.bin" for name in names):
        raise DocumentRejected("macros")
    if any(name.startswith(("basic/", "scripts/")) for name in names):
        raise DocumentRejected("macros")
    if "encrypted-package" in names or any(_is_encrypted_part(file, entry) for entry in entries):
        raise DocumentRejected("encrypted")
    loads_content = _loads_external_content(file, entries)  # always: it also checks the limits
    findings = {
        "embedded": any("/embeddings/" in name or name.startswith("object ") for name in names),
        "external": loads_content or any("/externallinks/" in name for name in names),
        "macro_like": any("/activex/" in name or "/ctrlprops/" in name for name in names),
        "odd_names": any(_is_odd(entry.name) for entry in entries),
    }
    return {code for code, present in findings.items() if present}


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


def _check_layout(file: BinaryFile, entries: list[Entry], end: int) -> None:
    """Reject entries that overlap, lie about their size, or are encrypted, links, or too large."""
    if len({entry.name.lower() for entry in entries}) != len(entries):
        raise DocumentRejected("broken")
    if any(entry.flags & 0x41 for entry in entries):
        raise DocumentRejected("encrypted")
    if any(stat.S_ISLNK(entry.mode) for entry in entries):
        raise DocumentRejected("symlink")
    if sum(entry.size for entry in entries) > settings.DOCUMENT_MAX_UNPACKED:
        raise DocumentRejected("bomb")
    free = 0
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
        free = entry.at + _HEAD.size + fields[9] + fields[10] + entry.packed
        if free > end:
            raise DocumentRejected("broken")


def _types(file: BinaryFile, entry: Entry) -> str:
    """The list of content types as text. It is searched, never parsed as XML."""
    text = _unpack(file, entry, TYPES_LIMIT)
    if b"<!" in text.replace(b"<!--", b""):
        raise DocumentRejected("broken")  # a genuine list declares no entities
    encoding = "utf-16" if text[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    return text.decode(encoding, "replace")


def _loads_external_content(file: BinaryFile, entries: list[Entry]) -> bool:
    """Whether a .rels part names external content, also a part that no other part refers to."""
    parts = [entry for entry in entries if entry.name.lower().endswith(".rels")]
    if len(parts) > RELATIONSHIP_PARTS_LIMIT:
        raise DocumentRejected("bomb")
    left, external = ALL_RELATIONSHIPS_LIMIT, False
    for entry in parts:
        part = _unpack(file, entry, min(left, RELATIONSHIPS_LIMIT))
        left -= len(part)
        if not part.startswith(_APPLE_DOUBLE):
            external = loads_external_content(part) or external
    return external


def _unpack(file: BinaryFile, entry: Entry, limit: int) -> bytes:
    """The content of an entry. DocumentRejected if it has more than `limit` bytes."""
    data = _data(file, entry, 2 * limit)
    if entry.method == _STORED:
        content = b"".join(data)
    elif entry.method == _DEFLATED:
        content = _inflate(data, limit)
    else:
        raise DocumentRejected("broken")
    if len(content) > limit:
        raise DocumentRejected("bomb")
    return content


def _inflate(data: Iterable[bytes], limit: int) -> bytes:
    """The unpacked data, up to one byte over `limit`."""
    inflate, content = zlib.decompressobj(-zlib.MAX_WBITS), b""
    try:
        for chunk in data:
            content += inflate.decompress(chunk, limit + 1 - len(content))
            if len(content) > limit:
                break
    except zlib.error:
        raise DocumentRejected("broken") from None
    return content


def _data(file: BinaryFile, entry: Entry, limit: int) -> Iterator[bytes]:
    """The packed bytes of an entry in chunks, at most `limit`."""
    at, left = _data_offset(file, entry), min(entry.packed, limit)
    while left and (chunk := peek(file, at, min(left, 16 * 1024))):
        yield chunk
        at, left = at + len(chunk), left - len(chunk)


def _stored(file: BinaryFile, entry: Entry, limit: int) -> bytes:
    """The first bytes of an uncompressed entry; b"" for a compressed one."""
    if entry.method != _STORED:
        return b""
    return peek(file, _data_offset(file, entry), min(entry.packed, limit))


def _data_offset(file: BinaryFile, entry: Entry) -> int:
    head = peek(file, entry.at, _HEAD.size)
    name_length, extra = _HEAD.unpack(head)[9:11]
    return entry.at + _HEAD.size + int(name_length + extra)


def _is_encrypted_part(file: BinaryFile, entry: Entry) -> bool:
    """Whether it is an encrypted OpenDocument part: stored data that is not XML."""
    return (
        entry.name == "content.xml"
        and entry.method == _STORED
        and not _stored(file, entry, 8).lstrip(b"\xef\xbb\xbf").startswith(b"<")
    )


def _is_odd(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return ".." in parts or parts[0] == "" or "\\" in name or ":" in name
