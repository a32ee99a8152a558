"""Old Word and Excel files (OLE2): their directory is read, by olefile, and nothing in them is opened."""

import struct

import olefile

from .errors import DocumentRejected
from .reading import end_of_zip, peek, size

MAGIC = olefile.MAGIC
# What olefile may read: its tables grow with the file, 1 byte in 128, and a directory is small.
# It copies them as it reads, and follows circles, so this bounds its time and its memory too.
BUDGET = 384 * 1024
STREAMS = {"worddocument": "doc", "workbook": "xls", "book": "xls"}
ENCRYPTED = {"encryptedpackage", "encryption"}
MACROS = {"macros", "vba", "_vba_project_cur", "_vba_project"}
EMBEDDED = {"objectpool", "\x01ole10native"}
_FILE_PASS = 0x2F  # the record of Excel that says that what follows is encrypted


def directory(file):
    """{name in lower case: entry} of all storages and streams; Refused where none can be read."""
    try:
        with olefile.OleFileIO(_Frugal(file)) as ole:
            return {entry.name.lower(): entry for entry in ole.direntries if entry}
    except Exception:  # olefile raises whatever broken bytes provoke, and Frugal stops it
        raise DocumentRejected("broken") from None


def kind(names):
    """doc, xls, `encrypted` for what Office has put a password on, or None."""
    if names.keys() & ENCRYPTED:
        return "encrypted"
    return next((found for name, found in STREAMS.items() if name in names), None)


def check(file, names):
    """What is noticed in an old Office file, as codes."""
    if names.keys() & ENCRYPTED or _has_password(file, names):
        raise DocumentRejected("encrypted")
    if names.keys() & MACROS:
        raise DocumentRejected("macros")
    if end_of_zip(file) is not None:
        raise DocumentRejected("polyglot")
    return {"embedded"} if names.keys() & EMBEDDED else set()


def _has_password(file, names):
    if "worddocument" in names:
        # [MS-DOC] FibBase: fEncrypted is one bit of the flags.
        flags = _beginning(file, names["worddocument"])[10:12]
        return bool(int.from_bytes(flags, "little") & 0x0100)
    book = names.get("workbook") or names.get("book")
    records, at = _beginning(file, book) if book else b"", 0
    while at + 4 <= len(records):
        number, length = struct.unpack_from("<HH", records, at)
        if number == _FILE_PASS:
            return True
        at += 4 + length
    return False


def _beginning(file, entry):
    """The first sector of a stream. Both programs write theirs into sectors of their own."""
    shift = int.from_bytes(peek(file, 30, 2), "little")
    sector = 4096 if shift == 12 else 512
    return peek(file, sector * (entry.isectStart + 1), sector)


class _Frugal:
    """A file that can be read for a while only."""

    closed = False

    def __init__(self, file):
        self.file = file
        self.left = BUDGET
        self.size = size(file)

    def seek(self, offset, whence=0):
        return self.file.seek(offset, whence)

    def tell(self):
        return self.file.tell()

    def read(self, length):
        if not 0 <= length <= self.left:
            raise OSError("more than a document needs")
        self.left -= length
        return self.file.read(length)
