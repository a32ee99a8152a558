"""Reads parts of a file, without ever loading all of it."""

import hashlib
import os
import struct
from collections.abc import Iterable, Iterator
from typing import Protocol

CHUNK = 64 * 1024
PADDING = b"\0\t\n\f\r "  # scanners, disks and web servers add it at the end of files
END_OF_ZIP = b"PK\x05\x06"
_END = struct.Struct("<4s4H2LH")


class BinaryFile(Protocol):
    """What the checks need of an upload, of a stored file or of an open one."""

    def read(self, length: int, /) -> bytes: ...

    def seek(self, offset: int, whence: int = 0, /) -> int: ...


def size(file: BinaryFile) -> int:
    """The size in bytes."""
    return file.seek(0, os.SEEK_END)


def peek(file: BinaryFile, start: int, length: int) -> bytes:
    """Up to `length` bytes from `start` on; fewer at the end, none outside the file."""
    if start < 0 or length <= 0:
        return b""
    file.seek(start)
    return file.read(length)


def read_from_start(file: BinaryFile) -> Iterator[bytes]:
    """The file from its beginning, in chunks."""
    file.seek(0)
    return chunks(file)


def chunks(file: BinaryFile) -> Iterator[bytes]:
    """The rest of the file, in chunks."""
    while chunk := file.read(CHUNK):
        yield chunk


def digest(chunks: Iterable[bytes]) -> tuple[int, str]:
    """The size in bytes and the SHA-256 of a file in chunks."""
    total, sha256 = 0, hashlib.sha256()
    for chunk in chunks:
        total += len(chunk)
        sha256.update(chunk)
    return total, sha256.hexdigest()


def content_end(file: BinaryFile) -> int:
    """The size without the PADDING at the end."""
    end = size(file)
    while end:
        start = max(end - CHUNK, 0)
        if content := peek(file, start, end - start).rstrip(PADDING):
            return start + len(content)
        end = start
    return 0


def end_of_zip(file: BinaryFile, end: int | None = None) -> int | None:
    """The offset of the end record of a ZIP archive at the end of the file, or None.

    Programs find an archive by this record, whatever bytes come before it, and many ignore padding
    after it. `end` is the `content_end`, if the caller has it.
    """
    end = content_end(file) if end is None else end
    start = max(end - _END.size - 0xFFFF, 0)
    # The record itself may end with NULs.
    last = peek(file, start, end + _END.size - start)
    at = last.rfind(END_OF_ZIP)
    while at >= 0:
        if len(last) - at >= _END.size:
            comment = int.from_bytes(last[at + 20 : at + 22], "little")
            if end <= start + at + _END.size + comment <= size(file):
                return start + at
        at = last.rfind(END_OF_ZIP, 0, at + 3)
    return None


def end_record(file: BinaryFile, at: int) -> tuple[int, int, int]:
    """(number of entries, size of the directory, offset of the directory) from the end record."""
    record = _END.unpack(peek(file, at, _END.size))
    return record[4], record[5], record[6]
