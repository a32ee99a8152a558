"""Checks of OLE2 files (Word and Excel up to 2003): olefile reads their directory."""

import os
import struct
from collections.abc import Iterator
from typing import Any, NamedTuple

import olefile

from .errors import DocumentRejected
from .reading import BinaryFile, end_of_zip, peek, size

MAGIC = olefile.MAGIC
# Bytes that olefile may read. Its tables have 1 byte for 128 of the file, and a directory is small.
# olefile follows cycles and copies what it reads, so this bounds its time and memory as well.
READ_BUDGET = 384 * 1024
STREAMS = {"worddocument": "doc", "workbook": "xls", "book": "xls"}
# [MS-OFFCRYPTO]: a new Office file with a password, and a file under rights management.
ENCRYPTED = {"encryptedpackage", "encryption"}
PROTECTED = {"\x06dataspaces", "\tdrmcontent", "\tdrmviewercontent"}
MACROS = {"macros", "vba", "_vba_project_cur", "_vba_project"}
EMBEDDED = {"objectpool", "\x01ole10native"}
_BEGINNING = 512  # bytes of a stream that are read
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
    """The findings in an OLE2 file. DocumentRejected if it is encrypted, has macros, or is a polyglot."""
    is_protected = bool(directory.root.keys() & (ENCRYPTED | PROTECTED))
    if is_protected or _has_password(file, directory):
        raise DocumentRejected("encrypted")
    if directory.names & MACROS:
        raise DocumentRejected("macros")
    if end_of_zip(file) is not None:
        raise DocumentRejected("polyglot")
    return {"embedded"} if directory.names & EMBEDDED else set()


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
    """The first bytes of a stream. DocumentRejected if they are not in the file.

    [MS-CFB] 2.2 and 2.4: a stream below the cutoff is in sectors of the mini stream, which is the
    stream of the root entry. Both kinds of sectors are chained by a table.
    """
    ole, length = directory.ole, min(entry.size, _BEGINNING)
    if entry.size >= ole.minisectorcutoff:
        data = _read_chain(file, ole, entry.isectStart, 0, length)
    else:
        data, sector = b"", entry.isectStart
        for _ in range(0, length, _MINI_SECTOR):
            data += _read_chain(file, ole, ole.root.isectStart, sector * _MINI_SECTOR, _MINI_SECTOR)
            following = _read_chain(file, ole, ole.minifatsect, sector * 4, 4)
            sector = int.from_bytes(following, "little")
    if len(data) < length:
        raise DocumentRejected("broken")
    return data[:length]


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
