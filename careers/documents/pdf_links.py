"""Links of a PDF: their targets, and whether one opens by itself (ISO 32000-1, 12.6.4.7)."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import islice

from .links import is_ordinary_link
from .pdf_text import GAP, OBJECT_HEAD, ObjectStream, Piece

TARGETS_LIMIT = 20_000  # targets that are decoded; those that begin with http: or so are not
ACTIONS_LIMIT = 20_000  # actions that open a link
TRIGGERS_LIMIT = 1_000  # actions that run by themselves
DICTIONARY_LIMIT = 512  # bytes of such an action

_TARGET = re.compile(
    rb"/(?:URI|Base)"
    + GAP
    + rb"(?:\((?!(?i:https?|mailto|tel):)([^)]{0,200})|<(?!<)([0-9A-Fa-f\s]{0,400})|([\d%]))"
)
_ESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|(\r\n|[\r\n])|([nrtbf])|(.?))", re.DOTALL)
_TRIGGER = re.compile(
    rb"/(?:OpenAction|AA)" + GAP + rb"(?:<<|(\d{1,10})[\s\0]{1,8}\d{1,5}[\s\0]{1,8}R)"
)
_OPENS = re.compile(rb"/S" + GAP + rb"/URI(?![A-Za-z0-9])")
_REFERENCE = re.compile(rb"(?<!\d)(\d{1,10})[\s\0]{1,8}\d{1,5}[\s\0]{1,8}R(?![A-Za-z])")
_BRACKET = re.compile(rb"<<|>>")
_OBJECTS_LIMIT = 10_000  # of one piece


class PdfLinks:
    """Collects what all pieces of a PDF say about links."""

    def __init__(self) -> None:
        self.has_targets = False  # that are not plainly ordinary
        self.has_unusual_target = False
        self.is_complete = True
        self._opens_link = False
        self._triggered: set[int] = set()  # numbers of objects
        self._opening: set[int] = set()
        self._targets = self._actions = self._triggers = 0
        self._object = 0  # the number of the object in which the next piece begins

    @property
    def opens_link(self) -> bool:
        """Whether a link opens when the document or a page is opened or closed."""
        return self._opens_link or bool(self._triggered & self._opening)

    def search(self, piece: Piece) -> None:
        if b"/URI" in piece.text or b"/Base" in piece.text:
            self._search_targets(piece.text)
        if b"/OpenAction" in piece.text or b"/AA" in piece.text:
            self._search_triggers(piece.text)
        self._search_actions(piece)

    def _search_targets(self, text: bytes) -> None:
        if self.has_unusual_target:
            return
        for match in islice(_TARGET.finditer(text), TARGETS_LIMIT - self._targets):
            self._targets += 1
            self.has_targets = True
            string, digits, elsewhere = match.groups()
            if elsewhere:  # in another object, or after a long comment
                self.is_complete = False
            elif not is_ordinary_link(_decode(string) if digits is None else _decode_hex(digits)):
                self.has_unusual_target = True
                return
        self.is_complete = self.is_complete and self._targets < TARGETS_LIMIT

    def _search_triggers(self, text: bytes) -> None:
        for match in islice(_TRIGGER.finditer(text), TRIGGERS_LIMIT - self._triggers):
            self._triggers += 1
            if match[1]:
                self._triggered.add(int(match[1]))
                continue
            dictionary = _dictionary(text, match.end())
            self._opens_link = self._opens_link or bool(_OPENS.search(dictionary))
            self._triggered.update(int(number) for number in _REFERENCE.findall(dictionary))
        self.is_complete = self.is_complete and self._triggers < TRIGGERS_LIMIT

    def _search_actions(self, piece: Piece) -> None:
        matches = list(islice(_OPENS.finditer(piece.text), ACTIONS_LIMIT - self._actions))
        if matches:
            self._actions += len(matches)
            self.is_complete = self.is_complete and self._actions < ACTIONS_LIMIT
            objects = list(self._objects(piece))
            offsets = [offset for offset, _ in objects]
            for match in matches:
                place = bisect_right(offsets, match.start()) - 1
                if place >= 0 or not piece.stream:
                    self._opening.add(objects[place][1] if place >= 0 else self._object)
        if not piece.stream and (last := _object_before(piece.text, piece.text.rfind(b" obj") + 1)):
            self._object = last

    def _objects(self, piece: Piece) -> Iterator[tuple[int, int]]:
        """(offset in the piece, number) of the objects, in the order of their offsets."""
        if piece.stream:
            yield from _objects_of_stream(piece.stream, piece.offset)
            return
        for match in islice(re.finditer(rb"obj", piece.text), _OBJECTS_LIMIT):
            if number := _object_before(piece.text, match.start()):
                yield match.start(), number


def _objects_of_stream(stream: ObjectStream, offset: int) -> list[tuple[int, int]]:
    numbers = [int(digits) for digits in re.findall(rb"(?<!\d)\d{1,10}(?!\d)", stream.header)]
    pairs = zip(numbers[::2], numbers[1::2], strict=False)
    return sorted((stream.first + at - offset, number) for number, at in pairs)


def _object_before(text: bytes, at: int) -> int | None:
    """The number before the keyword `obj` at an offset."""
    match = OBJECT_HEAD.search(text, max(at - 32, 0), max(at, 0))
    return int(match[1]) if match else None


def _dictionary(text: bytes, start: int) -> bytes:
    """The dictionary whose brackets open before `start`, up to DICTIONARY_LIMIT bytes."""
    depth = 1
    for match in _BRACKET.finditer(text, start, start + DICTIONARY_LIMIT):
        depth += 1 if match[0] == b"<<" else -1
        if not depth:
            return text[start : match.start()]
    return text[start : start + DICTIONARY_LIMIT]


def _decode(string: bytes) -> str:
    return _text(_ESCAPE.sub(_unescape, string))


def _unescape(match: re.Match[bytes]) -> bytes:
    octal, line_end, control, character = match.groups()
    if octal:
        return bytes([int(octal, 8) & 0xFF])
    if line_end:
        return b""
    return b" " if control else bytes(character)


def _decode_hex(digits: bytes) -> str:
    digits = b"".join(digits.split())
    return _text(bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii")))


def _text(string: bytes) -> str:
    """The text of a string object (ISO 32000-1, 7.9.2.2)."""
    if string.startswith(b"\xfe\xff"):
        return string[2:].decode("utf-16-be", "ignore")
    if string.startswith(b"\xff\xfe"):
        return string[2:].decode("utf-16-le", "ignore")
    return string.removeprefix(b"\xef\xbb\xbf").decode("latin-1")
