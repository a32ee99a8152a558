"""Reads parts of a file, without ever loading all of it."""

import os
import struct
from collections.abc import Iterator
from typing import Protocol

CHUNK = 64 * 1024
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


def tail(file: BinaryFile, length: int) -> bytes:
    """The last `length` bytes."""
    total = size(file)
    return peek(file, max(total - length, 0), length)


def read_from_start(file: BinaryFile) -> Iterator[bytes]:
    """The file from its beginning, in chunks."""
    file.seek(0)
    return chunks(file)


def chunks(file: BinaryFile) -> Iterator[bytes]:
    """The rest of the file, in chunks."""
    while chunk := file.read(CHUNK):
        yield chunk


def end_of_zip(file: BinaryFile) -> int | None:
    """The offset of the end record of a ZIP archive that ends with the last byte, or None.

    Programs find an archive by this record, whatever bytes come before it.
    """
    last = tail(file, _END.size + 0xFFFF)
    offset = size(file) - len(last)
    at = last.rfind(END_OF_ZIP)
    while at >= 0:
        if len(last) - at >= _END.size:
            comment = int.from_bytes(last[at + 20 : at + 22], "little")
            if at + _END.size + comment == len(last):
                return offset + at
        at = last.rfind(END_OF_ZIP, 0, at + 3)
    return None


def end_record(file: BinaryFile, at: int) -> tuple[int, int, int]:
    """(number of entries, size of the directory, offset of the directory) from the end record."""
    record = _END.unpack(peek(file, at, _END.size))
    return record[4], record[5], record[6]
