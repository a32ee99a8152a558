"""Splits a PDF into what is outside streams, and what object streams contain (ISO 32000-1, 7.5.7).

Other streams are compressed data or drawing commands; names in them mean nothing.
"""

import re
import zlib
from collections.abc import Iterable, Iterator
from typing import NamedTuple

OVERLAP = 1024  # bytes that a piece repeats of the piece before: longer than any pattern
UNPACKED_LIMIT = 8 * 1024 * 1024  # bytes of all object streams
STREAMS_LIMIT = 2_000  # object streams; programs write 100 or more objects into each
HEADER_LIMIT = 64 * 1024  # bytes: the numbers of 6,000 objects
# White space and short comments. Possessive, so that no part is tried twice.
GAP = rb"(?:[\s\0]|%[^\r\n]{0,24}+[\r\n]){0,16}+"

_PIECE = 64 * 1024
_START = re.compile(rb">>" + GAP + rb"stream[ \t]{0,8}(?:\r\n|\n|\r)")
_END = b"endstream"
_HELD = 32  # bytes that are kept until more is read: longer than _END and the head of an object
OBJECT_HEAD = re.compile(rb"(\d{1,10})[\s\0]{1,8}\d{1,5}[\s\0]{1,8}\Z")
_OBJECT_TRIES = 10_000  # places of one file that may be the head of an object
_OBJECT_STREAM = re.compile(
    rb"/(?:O|#4[fF])(?:b|#62)(?:j|#6[aA])(?:S|#53)(?:t|#74)(?:m|#6[dD])(?![A-Za-z0-9])"
)
_FIRST = re.compile(rb"/First" + GAP + rb"(\d{1,8})(?![\d\s]{1,12}R)")
# The numbers of the objects, and the beginning of the first one. Of data in another encoding, such as
# ASCIIHexDecode or a predictor, letters or control characters come first.
_OBJECTS = re.compile(rb"[\s\0\d]*+(?:[<\[(/%+.-]|true|false|null|\Z)")


class ObjectStream:
    """The stream that a piece is from: the numbers and offsets of its objects are in its header."""

    def __init__(self, first: int) -> None:
        self.first = first  # offset of the first object, or 0 if it is not known
        self.header = b""


class Piece(NamedTuple):
    """A part of the text; `offset` counts from the beginning of the object stream."""

    text: bytes
    stream: ObjectStream | None = None  # None: outside streams
    offset: int = 0


class PdfText:
    """The searchable text of a PDF. Afterwards, `is_complete` says whether all of it was readable."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self.is_complete = True
        self._chunks = chunks
        self._left = UNPACKED_LIMIT
        self._streams = 0
        self._tries = _OBJECT_TRIES

    def pieces(self) -> Iterator[Piece]:
        """The text in bounded pieces. Each repeats the end of the one before, so none hides a pattern."""
        rest, is_inside, is_objects = b"", False, False
        unpacker: _Unpacker | None = None
        for chunk in self._chunks:
            text, position, outside = rest + chunk, 0, list[bytes]()
            while True:
                if is_inside:
                    end = self._end_of_stream(text, position)
                    stop = end if end >= 0 else max(position, len(text) - _HELD)
                    if unpacker:
                        yield from self._unpacked(unpacker, text[position:stop], is_end=end >= 0)
                    position = stop
                    if end < 0:
                        break
                    position += len(_END) if text.startswith(_END, end) else 0
                    is_inside, unpacker = False, None
                start = _START.search(text, position)
                part = text[position : start.start() if start else None]
                outside.append(part)
                is_objects = is_objects or bool(_OBJECT_STREAM.search(part))
                if is_objects and _END in part:  # its start was not recognized
                    self.is_complete = False
                if not start:
                    break
                if is_objects:
                    unpacker = self._unpacker(part)
                position, is_inside, is_objects = start.end(), True, False
            rest = text[position:] if is_inside else text[position:][-OVERLAP:]
            yield Piece(b" ".join(outside))
        if unpacker:
            yield from self._unpacked(unpacker, rest, is_end=True)

    def _end_of_stream(self, text: bytes, start: int) -> int:
        """Where a stream ends, or -1. It also ends where an object begins.

        The keywords may be in a string or a comment, to hide objects; real streams contain no objects.
        After _OBJECT_TRIES places that may be one, every `obj` counts.
        """
        end = text.find(_END, start)
        stop = end if end >= 0 else len(text)
        at = text.find(b"obj", start, stop)
        while at >= 0:
            if head := OBJECT_HEAD.search(text, max(at - _HELD, start), at):
                return head.start()
            self._tries -= 1
            if self._tries < 0:
                return at
            at = text.find(b"obj", at + 3, stop)
        return end

    def _unpacker(self, dictionary: bytes) -> "_Unpacker | None":
        """For an object stream after its dictionary; None over the limits."""
        self._streams += 1
        if self._left < 0 or self._streams > STREAMS_LIMIT:
            self.is_complete = False
            return None
        first = _FIRST.findall(dictionary)
        self.is_complete = self.is_complete and bool(first)
        return _Unpacker(ObjectStream(int(first[-1]) if first else 0))

    def _unpacked(self, unpacker: "_Unpacker", data: bytes, *, is_end: bool) -> Iterator[Piece]:
        for piece in unpacker.feed(data):
            self._left -= len(piece.text)
            if self._left < 0:
                self.is_complete = False
                return
            yield piece
        if is_end and not unpacker.is_complete:
            self.is_complete = False


class _Unpacker:
    """Inflates one object stream, whatever filter it names, and falls back to its bytes."""

    def __init__(self, stream: ObjectStream) -> None:
        self._stream = stream
        self._inflate = zlib.decompressobj()
        self._is_broken = False
        self._is_plain: bool | None = None  # None: nothing is unpacked yet
        self._rest = b""
        self._offset = 0  # of _rest

    @property
    def is_complete(self) -> bool:
        return self._inflate.eof and bool(self._is_plain) and not self._is_broken

    def feed(self, data: bytes) -> Iterator[Piece]:
        while data and not self._is_broken and not self._inflate.eof:
            try:
                unpacked = self._inflate.decompress(data, _PIECE)
            except zlib.error:
                self._is_broken = True
                break
            data = self._inflate.unconsumed_tail
            if unpacked:
                yield self._piece(unpacked)
        if data and self._is_broken:
            yield self._piece(data)

    def _piece(self, new: bytes) -> Piece:
        if self._is_plain is None:
            self._is_plain = bool(_OBJECTS.match(new))
        missing = min(self._stream.first, HEADER_LIMIT) - len(self._stream.header)
        self._stream.header += new[: max(missing, 0)]
        text, offset = self._rest + new, self._offset
        self._rest = text[-OVERLAP:]
        self._offset += len(text) - len(self._rest)
        return Piece(text, self._stream, offset)
