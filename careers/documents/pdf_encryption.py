"""Whether a PDF opens without a password (ISO 32000-1, 7.6.3).

A PDF that only forbids copying or printing is encrypted too, with an empty user password. pypdf tries
that, but it reads only the encryption dictionary, in a small document made here: its work on the
cross-reference table of a hostile file would have no bound.
"""

import logging
import re
from collections import deque
from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import accumulate
from types import SimpleNamespace
from typing import TypeVar

from pypdf import PasswordType, PdfReader
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    PdfObject,
    read_object,
)

from .errors import DocumentRejected
from .reading import BinaryFile, peek, read_from_start

TAIL = 66 * 1024  # bytes before the end in which the last `startxref` is
TABLE_LIMIT = 1024 * 1024  # bytes of a cross-reference table: 50,000 objects
TRAILERS_LIMIT = 1024 * 1024  # bytes before the end in which trailers are searched for
DICTIONARY_LIMIT = 16 * 1024
NESTING_LIMIT = 50  # dictionaries and arrays inside of each other; a trailer has 3
STRING_LIMIT = 256  # bytes; the longest string of an encryption dictionary has 127
MATCH_LIMIT = 10_000  # places that may be the object or the trailer
PARSE_LIMIT = 4  # places at the end of the file that are parsed
OVERLAP = 512  # bytes; longer than the pattern of an object

# White space and one comment, before a dictionary. Possessive, so that no part is tried twice.
_GAP = rb"\s{0,64}+(?:%[^\r\n]{0,50}+[\r\n]\s{0,64}+)?+"

_STARTXREF = re.compile(rb"startxref\s{1,8}(\d{1,10})")
_TABLE = re.compile(rb"\s{0,8}xref\s")
_TRAILER = re.compile(rb"trailer%s(?=<<)" % _GAP)
_TRAILERS = re.compile(_TRAILER.pattern + rb"|/Type\s{0,8}/XRef(?![A-Za-z])")
_OBJECT = re.compile(rb"\s{0,8}\d{1,10}\s{1,8}\d{1,5}\s{1,8}obj%s(?=<<)" % _GAP)
_STREAM = re.compile(rb">>\s{0,8}stream\r?\n")
_BRACKET = re.compile(rb"<<|>>|[\[\]]")
_EMPTY = b"%PDF-1.7\nxref\n0 1\n0000000000 65535 f \ntrailer\n"

T = TypeVar("T")

# Its warnings repeat parts of the file.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


def needs_password(file: BinaryFile, start: int, end: int) -> bool:
    """Whether a PDF from `start` to `end` does not open without a password.

    DocumentRejected if the file is too damaged to tell.
    """
    try:
        return _needs_password(file, start, end)
    except DocumentRejected:
        raise
    except Exception:  # as in _parse
        raise DocumentRejected("broken") from None


def _needs_password(file: BinaryFile, start: int, end: int) -> bool:
    trailer = _last_trailer(file, start, end)
    if trailer is None:
        trailer = next((row for row in _trailers(file, end) if "/Root" in row), None)
    if trailer is None:
        raise DocumentRejected("broken")
    if "/Encrypt" not in trailer:
        return False
    encryption: PdfObject | None = trailer.raw_get("/Encrypt")
    if isinstance(encryption, IndirectObject):
        encryption = _object(file, encryption)
    if not isinstance(encryption, DictionaryObject):
        raise DocumentRejected("broken")
    if encryption.get("/Filter") != "/Standard":
        return True  # with a certificate
    if _encrypts_attachments_only(encryption):
        return False
    try:
        return not _opens(encryption, trailer.get("/ID"))
    except NotImplementedError:
        return True


def _last_trailer(file: BinaryFile, start: int, end: int) -> DictionaryObject | None:
    """The trailer that the last `startxref` points to; None if it does not point to one."""
    offsets = _STARTXREF.findall(peek(file, max(end - TAIL, 0), min(end, TAIL)))
    # Offsets count from the header; some programs count from the start of the file.
    for base in sorted({start, 0}, reverse=True) if offsets else ():
        at = base + int(offsets[-1])
        head = peek(file, at, DICTIONARY_LIMIT)
        if _TABLE.match(head):
            trailer = _TRAILER.search(peek(file, at, TABLE_LIMIT))
            return trailer and _parse(peek(file, at + trailer.end(), DICTIONARY_LIMIT))
        if match := _OBJECT.match(head):
            value = _parse(head[match.end() :])
            if value and value.get("/Type") == "/XRef":
                return value
    return None


def _trailers(file: BinaryFile, end: int) -> list[DictionaryObject]:
    """The last trailers, the newest first: programs search for them if `startxref` is wrong."""
    text = peek(file, max(end - TRAILERS_LIMIT, 0), min(end, TRAILERS_LIMIT))
    found = []
    for match in reversed(_last(_TRAILERS.finditer(text))):
        at = match.end()
        if not match[0].startswith(b"trailer"):  # in the dictionary of a cross-reference stream
            at = text.find(b"<<", text.rfind(b"obj", 0, match.start()), match.start())
        if at >= 0 and (value := _parse(text[at : at + DICTIONARY_LIMIT])):
            found.append(value)
    return found


def _object(file: BinaryFile, reference: IndirectObject) -> DictionaryObject | None:
    """The newest dictionary with this number. An encryption dictionary is in no object stream."""
    parts = reference.idnum, reference.generation, _GAP
    pattern = re.compile(rb"(?<!\d)%d\s{1,8}%d\s{1,8}obj%s(?=<<)" % parts)
    for at in reversed(_last(_offsets(file, pattern))):
        if value := _parse(peek(file, at, DICTIONARY_LIMIT)):
            return value
    return None


def _offsets(file: BinaryFile, pattern: re.Pattern[bytes]) -> Iterator[int]:
    """The offsets after each match of `pattern`, which is shorter than OVERLAP."""
    read, rest = 0, b""
    for chunk in read_from_start(file):
        text = rest + chunk
        for match in pattern.finditer(text):
            # At the start of `rest`, the beginning of a longer number may be missing.
            if match.start() or not rest:
                yield read - len(rest) + match.end()
        read, rest = read + len(chunk), text[-OVERLAP:]


def _last(matches: Iterable[T]) -> list[T]:
    """The last PARSE_LIMIT of `matches`; DocumentRejected if there are too many."""
    last: deque[T] = deque(maxlen=PARSE_LIMIT)
    for number, match in enumerate(matches):
        if number == MATCH_LIMIT:
            raise DocumentRejected("broken")
        last.append(match)
    return list(last)


def _parse(text: bytes) -> DictionaryObject | None:
    """The dictionary at the start of `text`, without the stream after it; None if it is broken."""
    if stream := _STREAM.search(text):
        text = text[: stream.start() + 2]
    if _nesting(text) > NESTING_LIMIT:  # pypdf's parser is recursive
        return None
    try:
        value = read_object(BytesIO(text), SimpleNamespace(strict=False))
    except Exception:  # pypdf raises all kinds of errors for broken files
        return None
    return value if isinstance(value, DictionaryObject) else None


def _nesting(text: bytes) -> int:
    """The greatest depth of dictionaries and arrays."""
    depths = accumulate(1 if mark[0] in (b"<<", b"[") else -1 for mark in _BRACKET.finditer(text))
    return max(depths, default=0)


def _encrypts_attachments_only(encryption: DictionaryObject) -> bool:
    filters = {encryption.get(name, "/Identity") for name in ("/StmF", "/StrF")}
    return encryption.get("/V") in (4, 5) and filters == {"/Identity"}


def _opens(encryption: DictionaryObject, identifier: PdfObject | None) -> bool:
    """Whether an empty password decrypts it.

    `identifier` is the /ID of the trailer. An encrypted file must have it as a direct object (ISO
    32000-1, table 15): with a reference in its place, revisions 2 to 4 are taken for locked.
    """
    trailer = DictionaryObject({NameObject("/Encrypt"): _with_raw_strings(encryption)})
    if isinstance(identifier, ArrayObject):
        trailer[NameObject("/ID")] = ArrayObject(map(_with_raw_strings, identifier))
    document = BytesIO()
    document.write(_EMPTY)
    trailer.write_to_stream(document)
    document.write(b"\nstartxref\n9\n%%EOF")
    return PdfReader(document).decrypt("") != PasswordType.NOT_DECRYPTED


def _with_raw_strings(value: PdfObject) -> PdfObject:
    """The same with its strings as bytes: as text, they would be written in another encoding."""
    if isinstance(value, DictionaryObject):
        return DictionaryObject({key: _with_raw_strings(value.raw_get(key)) for key in value})
    raw = getattr(value, "original_bytes", None)
    if raw is None:
        return value
    if len(raw) > STRING_LIMIT:
        raise DocumentRejected("broken")
    return ByteStringObject(raw)
