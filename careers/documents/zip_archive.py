"""New Word, Excel and OpenDocument files, which are ZIP archives: their directory is read, and they
are never unpacked. One small part of them is: the list of their types."""

import stat
import struct
import zlib
from typing import NamedTuple

from django.conf import settings

from .errors import DocumentRejected
from .reading import end_of_zip, end_record, peek

TYPES = "[Content_Types].xml"
TYPES_LIMIT = 256 * 1024
DIRECTORY_LIMIT = 1024 * 1024  # more than as many entries as are allowed ever need
MAIN_PARTS = {
    "docx": "wordprocessingml.document.main+xml",  # whatever the part is called: Word Online has document2.xml
    "xlsx": "spreadsheetml.sheet.main+xml",
    "pptx": "presentationml.presentation.main+xml",
}
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument.text"
_LOCAL, _CENTRAL = b"PK\x03\x04", b"PK\x01\x02"
_CENTRAL_64 = b"PK\x06\x06"  # what writers for huge archives repeat here, needed or not
_SIZES_64 = (0xFFFFFFFF, 0xFFFFFFFF)
_ENTRY = struct.Struct("<4s6H3L5H2L")
_HEAD = struct.Struct("<4s5H3L2H")
_STORED, _DEFLATED = 0, 8


class Entry(NamedTuple):
    """One file in the archive, as the directory tells of it."""

    name: str
    flags: int
    method: int
    packed: int
    size: int
    mode: int
    at: int


def entries(file):
    """What the directory lists. Refused where it does not describe the whole file, and only it."""
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
    found = list(_listed(peek(file, start, length), count))
    if not found:
        raise DocumentRejected("broken")
    _measure(file, found, start)
    return found


def kind(file, found):
    """docx, xlsx, odt or pptx; zip for any other archive. Refused: macros, by what it calls itself."""
    names = {entry.name: entry for entry in found}
    if TYPES in names:
        declared = _types(file, names[TYPES])
        if "macroenabled" in declared.lower() or "vbaproject" in declared.lower():
            raise DocumentRejected("macros")
        return next((kind for kind, part in MAIN_PARTS.items() if part in declared), "zip")
    if "mimetype" in names and _stored(file, names["mimetype"], 64) == _OPEN_DOCUMENT:
        return "odt"
    return "zip"


def check(file, found):
    """What is noticed in an archive of a known kind, as codes."""
    names = [entry.name.replace("\\", "/").lower() for entry in found]
    if any(name.rsplit("/", 1)[-1] == "vbaproject.bin" for name in names):
        raise DocumentRejected("macros")
    if any(name.startswith(("basic/", "scripts/")) for name in names):
        raise DocumentRejected("macros")
    if "encrypted-package" in names or any(_is_encrypted_part(file, entry) for entry in found):
        raise DocumentRejected("encrypted")
    noticed = {
        "embedded": any("/embeddings/" in name or name.startswith("object ") for name in names),
        "external": any("/externallinks/" in name for name in names),
        "macro_like": any("/activex/" in name or "/ctrlprops/" in name for name in names),
        "odd_names": any(_is_odd(entry.name) for entry in found),
    }
    return {code for code, there in noticed.items() if there}


def _listed(records, count):
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


def _measure(file, found, end):
    """The entries stand one after the other, and are as large as they say."""
    if len({entry.name.lower() for entry in found}) != len(found):
        raise DocumentRejected("broken")
    if any(entry.flags & 0x41 for entry in found):
        raise DocumentRejected("encrypted")
    if any(stat.S_ISLNK(entry.mode) for entry in found):
        raise DocumentRejected("symlink")
    if sum(entry.size for entry in found) > settings.DOCUMENT_MAX_UNPACKED:
        raise DocumentRejected("bomb")
    free = 0
    for entry in sorted(found, key=lambda entry: entry.at):
        if free == 0 and entry.at:
            raise DocumentRejected("polyglot")  # something stands before the archive
        head = peek(file, entry.at, _HEAD.size)
        if len(head) < _HEAD.size or head[:4] != _LOCAL:
            raise DocumentRejected("broken")
        fields = _HEAD.unpack(head)
        told = fields[2] & 0x08 or fields[7:9] in ((entry.packed, entry.size), _SIZES_64)
        if entry.at < free or not told:
            raise DocumentRejected(
                "bomb"
            )  # entries that share their bytes, or that lie about their size
        free = entry.at + _HEAD.size + fields[9] + fields[10] + entry.packed
        if free > end:
            raise DocumentRejected("broken")


def _types(file, entry):
    """The list of types as text. It is searched for words, never parsed."""
    data = _data(file, entry)
    if entry.method == _STORED:
        text = b"".join(data)
    elif entry.method == _DEFLATED:
        text = _inflated(data)
    else:
        raise DocumentRejected("broken")
    if len(text) > TYPES_LIMIT:
        raise DocumentRejected("bomb")
    if b"<!" in text.replace(b"<!--", b""):
        raise DocumentRejected("broken")  # no such list declares entities
    encoding = "utf-16" if text[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    return text.decode(encoding, "replace")


def _inflated(data):
    inflate, text = zlib.decompressobj(-zlib.MAX_WBITS), b""
    try:
        for chunk in data:
            text += inflate.decompress(chunk, TYPES_LIMIT + 1 - len(text))
            if len(text) > TYPES_LIMIT:
                break
    except zlib.error:
        raise DocumentRejected("broken") from None
    return text


def _data(file, entry):
    """The packed bytes of an entry, in pieces, and not more of them than could matter."""
    at, left = _where(file, entry), min(entry.packed, 2 * TYPES_LIMIT)
    while left and (chunk := peek(file, at, min(left, 16 * 1024))):
        yield chunk
        at, left = at + len(chunk), left - len(chunk)


def _stored(file, entry, limit):
    """The first bytes of an entry that is not compressed; else nothing."""
    if entry.method != _STORED:
        return b""
    return peek(file, _where(file, entry), min(entry.packed, limit))


def _where(file, entry):
    head = peek(file, entry.at, _HEAD.size)
    return entry.at + _HEAD.size + sum(_HEAD.unpack(head)[9:11])


def _is_encrypted_part(file, entry):
    """OpenDocument encrypts the parts one by one: where XML should begin, it does not."""
    return (
        entry.name == "content.xml"
        and entry.method == _STORED
        and not _stored(file, entry, 8).lstrip(b"\xef\xbb\xbf").startswith(b"<")
    )


def _is_odd(name):
    parts = name.replace("\\", "/").split("/")
    return ".." in parts or parts[0] == "" or "\\" in name or ":" in name
