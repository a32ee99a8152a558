"""Checks of OLE2 files (Word and Excel up to 2003): olefile reads their directory."""

import os
import struct
from collections.abc import Iterator
from functools import partial
from typing import Any, NamedTuple

import olefile

from . import excel_binary, word_binary
from .errors import DocumentRejected, NotExamined
from .reading import CHUNK, BinaryFile, end_of_zip, peek, size

MAGIC = olefile.MAGIC
# Bytes that olefile may read. Its tables have 1 byte for 128 of the file, and a directory is small.
# olefile follows cycles and copies what it reads, so this bounds its time and memory as well.
READ_BUDGET = 384 * 1024
STREAMS = {"worddocument": "doc", "workbook": "xls", "book": "xls"}
# [MS-OFFCRYPTO]: a new Office file with a password, and a file under rights management.
ENCRYPTED = {"encryptedpackage", "encryption"}
PROTECTED = {"\x06dataspaces", "\tdrmcontent", "\tdrmviewercontent"}
MACROS = {"macros", "vba", "_vba_project_cur", "_vba_project"}
EMBEDDED = {"objectpool", "package", "\x01ole10native"}
CONTROLS = ("ocxname", "ocxdata", "ctls")  # the last part of the names of their streams
RUNS_LIMIT = 1_000  # places of a file from which a stream is read; programs write it in a few
_BEGINNING = 512  # bytes of a stream that are searched for encryption
_SECTORS, _MINI_SECTOR = (512, 4096), 64  # bytes
_FILE_PASS = 0x2F  # [MS-XLS] FilePass: the records that follow are encrypted


class Directory(NamedTuple):
    """The directory of an OLE2 file. Names are in lower case."""

    ole: olefile.OleFileIO
    root: dict[str, Any]  # {name: entry of olefile} of the root storage
    names: set[str]  # of all storages and streams, also those of embedded files


def read_directory(file: BinaryFile) -> Directory:
    """The directory; DocumentRejected if it is broken."""
    try:
        ole = olefile.OleFileIO(_BoundedReader(file))
        if ole.sectorsize not in _SECTORS or ole.minisectorsize != _MINI_SECTOR:
            raise ValueError
        return Directory(
            ole,
            {entry.name.lower(): entry for entry in ole.root.kids},
            {entry.name.lower() for entry in ole.direntries if entry},
        )
    except Exception:  # olefile raises all kinds of errors for broken files
        raise DocumentRejected("broken") from None


def kind(directory: Directory) -> str | None:
    """doc, xls, `encrypted` for a new Office file with a password, or None."""
    if directory.root.keys() & ENCRYPTED:
        return "encrypted"
    return next((kind for name, kind in STREAMS.items() if name in directory.root), None)


def check(file: BinaryFile, directory: Directory) -> set[str]:
    """The findings in an OLE2 file. DocumentRejected if it is encrypted, has macros, or is a polyglot.

    Links that a reader clicks are findings only if they lead elsewhere than `links.is_ordinary_link`.
    """
    is_protected = bool(directory.root.keys() & (ENCRYPTED | PROTECTED))
    if is_protected or _has_password(file, directory):
        raise DocumentRejected("encrypted")
    if directory.names & MACROS:
        raise DocumentRejected("macros")
    if end_of_zip(file) is not None:
        raise DocumentRejected("polyglot")
    return _storage_findings(directory.names) | _stream_findings(file, directory)


def _storage_findings(names: set[str]) -> set[str]:
    findings = {
        "embedded": names & EMBEDDED or any(name.startswith("mbd") for name in names),
        "external": any(name.startswith("lnk") for name in names),
        "macro_like": any(name.endswith(CONTROLS) for name in names),
    }
    return {code for code, present in findings.items() if present}


def _stream_findings(file: BinaryFile, directory: Directory) -> set[str]:
    """The findings in the main streams, and `unexamined` if they are over the limits."""
    findings: set[str] = set()
    for name in STREAMS.keys() & directory.root.keys():
        pieces = _pieces(file, directory, directory.root[name])
        try:
            if STREAMS[name] == "xls":
                excel_binary.collect(pieces, findings)
            else:
                word_binary.collect(pieces, findings)
                findings |= _template_findings(file, directory)
        except NotExamined:
            findings.add("unexamined")
    return findings


def _template_findings(file: BinaryFile, directory: Directory) -> set[str]:
    beginning = _beginning(file, directory, directory.root["worddocument"])
    table = directory.root.get(word_binary.table_name(beginning))
    if table is None:
        return set()
    return word_binary.template_findings(beginning, partial(_read, file, directory, table))


def _has_password(file: BinaryFile, directory: Directory) -> bool:
    stream = next((name for name in STREAMS if name in directory.root), None)
    if stream is None:
        return False
    beginning = _beginning(file, directory, directory.root[stream])
    if STREAMS[stream] == "doc":
        if len(beginning) < 12:
            raise DocumentRejected("broken")
        # [MS-DOC] FibBase: fEncrypted is one bit of the flags.
        return bool(int.from_bytes(beginning[10:12], "little") & 0x0100)
    at = 0
    while at + 4 <= len(beginning):
        number, length = struct.unpack_from("<HH", beginning, at)
        if number == _FILE_PASS:
            return True
        at += 4 + length
    return False


def _beginning(file: BinaryFile, directory: Directory, entry: Any) -> bytes:
    """The first bytes of a stream. DocumentRejected if they are not in the file."""
    length = min(entry.size, _BEGINNING)
    data = _read(file, directory, entry, 0, length)
    if len(data) < length:
        raise DocumentRejected("broken")
    return data


def _pieces(file: BinaryFile, directory: Directory, entry: Any) -> Iterator[bytes]:
    """A stream in the order of its sectors. NotExamined over the limits."""
    ole = directory.ole
    if entry.size < ole.minisectorcutoff:
        yield _read(file, directory, entry, 0, entry.size)
        return
    left = min(entry.size, size(file))
    for number, (first, count) in enumerate(_runs(ole, entry.isectStart)):
        if number == RUNS_LIMIT:
            raise NotExamined
        data = peek(file, ole.sectorsize * (first + 1), min(count * ole.sectorsize, left))
        yield data
        left -= len(data)
        if left <= 0:
            break
    if left > 0 or entry.size > size(file):
        raise NotExamined


def _runs(ole: olefile.OleFileIO, first: int) -> Iterator[tuple[int, int]]:
    """(first sector, number of sectors) of each part of a chain that is in one piece, up to CHUNK bytes."""
    start, count = first, 0
    for sector in _chain(ole.fat, first):
        if count and (sector != start + count or (count + 1) * ole.sectorsize > CHUNK):
            yield start, count
            start, count = sector, 0
        count += 1
    if count:
        yield start, count


def _read(file: BinaryFile, directory: Directory, entry: Any, start: int, length: int) -> bytes:
    """Up to `length` bytes from `start` of a stream; fewer if they are not in the file.

    [MS-CFB] 2.2 and 2.4: a stream below the cutoff is in sectors of the mini stream, which is the
    stream of the root entry. Both kinds of sectors are chained by a table.
    """
    ole, length = directory.ole, max(min(entry.size - start, length), 0)
    if not length:  # `start` may be any number
        return b""
    if entry.size >= ole.minisectorcutoff:
        return _read_chain(file, ole, entry.isectStart, start, length)
    data, sector, end = b"", entry.isectStart, start + length
    for at in range(0, end, _MINI_SECTOR):
        if at + _MINI_SECTOR > start:
            data += _read_chain(file, ole, ole.root.isectStart, sector * _MINI_SECTOR, _MINI_SECTOR)
        following = _read_chain(file, ole, ole.minifatsect, sector * 4, 4)
        sector = int.from_bytes(following, "little")
    skipped = start % _MINI_SECTOR
    return data[skipped : skipped + length]


def _read_chain(
    file: BinaryFile, ole: olefile.OleFileIO, first: int, start: int, length: int
) -> bytes:
    """Up to `length` bytes from `start` of the chain of sectors that begins with `first`."""
    skipped, at = divmod(start, ole.sectorsize)
    data = b""
    for number, sector in enumerate(_chain(ole.fat, first)):
        if number >= skipped:
            offset = ole.sectorsize * (sector + 1) + at
            data += peek(file, offset, min(length - len(data), ole.sectorsize - at))
            at = 0
            if len(data) >= length:
                break
    return data


def _chain(table: Any, sector: int) -> Iterator[int]:
    """The numbers of a chain, no more than the table has."""
    for _ in table:
        if not 0 <= sector < len(table):
            return
        yield sector
        sector = table[sector]


class _BoundedReader:
    """A file that raises OSError after READ_BUDGET bytes."""

    closed = False

    def __init__(self, file: BinaryFile) -> None:
        self.file = file
        self.remaining = READ_BUDGET
        self.size = size(file)

    def seek(self, offset: int, whence: int = 0) -> int:
        return self.file.seek(offset, whence)

    def tell(self) -> int:
        return self.file.seek(0, os.SEEK_CUR)

    def read(self, length: int) -> bytes:
        if not 0 <= length <= self.remaining:
            raise OSError("read budget exceeded")
        self.remaining -= length
        return self.file.read(length)
