"""Checks of OLE2 files (Word and Excel up to 2003): olefile reads their directory."""

import os
import struct
from typing import Any

import olefile

from .errors import DocumentRejected
from .reading import BinaryFile, end_of_zip, peek, size

MAGIC = olefile.MAGIC
# Bytes that olefile may read. Its tables have 1 byte for 128 of the file, and a directory is small.
# olefile follows cycles and copies what it reads, so this bounds its time and memory as well.
READ_BUDGET = 384 * 1024
STREAMS = {"worddocument": "doc", "workbook": "xls", "book": "xls"}
ENCRYPTED = {"encryptedpackage", "encryption"}
MACROS = {"macros", "vba", "_vba_project_cur", "_vba_project"}
EMBEDDED = {"objectpool", "\x01ole10native"}
_FILE_PASS = 0x2F  # [MS-XLS] FilePass: the records that follow are encrypted

Directory = dict[str, Any]  # the entries of olefile


def read_directory(file: BinaryFile) -> Directory:
    """{name in lower case: entry} of all storages and streams; DocumentRejected if it is broken."""
    try:
        with olefile.OleFileIO(_BoundedReader(file)) as ole:
            return {entry.name.lower(): entry for entry in ole.direntries if entry}
    except Exception:  # olefile raises all kinds of errors for broken files
        raise DocumentRejected("broken") from None


def kind(names: Directory) -> str | None:
    """doc, xls, `encrypted` for a new Office file with a password, or None."""
    if names.keys() & ENCRYPTED:
        return "encrypted"
    return next((kind for name, kind in STREAMS.items() if name in names), None)


def check(file: BinaryFile, names: Directory) -> set[str]:
    """The findings in an OLE2 file. DocumentRejected if it is encrypted, has macros, or is a polyglot."""
    if names.keys() & ENCRYPTED or _has_password(file, names):
        raise DocumentRejected("encrypted")
    if names.keys() & MACROS:
        raise DocumentRejected("macros")
    if end_of_zip(file) is not None:
        raise DocumentRejected("polyglot")
    return {"embedded"} if names.keys() & EMBEDDED else set()


def _has_password(file: BinaryFile, names: Directory) -> bool:
    if "worddocument" in names:
        # [MS-DOC] FibBase: fEncrypted is one bit of the flags.
        flags = _first_sector(file, names["worddocument"])[10:12]
        return bool(int.from_bytes(flags, "little") & 0x0100)
    book = names.get("workbook") or names.get("book")
    records, at = _first_sector(file, book) if book else b"", 0
    while at + 4 <= len(records):
        number, length = struct.unpack_from("<HH", records, at)
        if number == _FILE_PASS:
            return True
        at += 4 + length
    return False


def _first_sector(file: BinaryFile, entry: Any) -> bytes:
    """The first sector of a stream. Word and Excel keep these streams in ordinary sectors."""
    shift = int.from_bytes(peek(file, 30, 2), "little")
    sector = 4096 if shift == 12 else 512
    return peek(file, sector * (entry.isectStart + 1), sector)


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
