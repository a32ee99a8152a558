"""Checks of Word, Excel and OpenDocument files: what they contain and load from elsewhere.

Parts are recognized by content and by relationship, because the names of folders are free. Of the
large parts, only as much is unpacked and parsed as the limits allow; the rest is `unexamined`.
"""

from collections.abc import Iterable, Iterator
from itertools import chain

from . import ooxml, opendocument, relationships
from .errors import DocumentRejected, NotExamined
from .reading import BinaryFile
from .xml_parts import has_known_encoding, is_picture, is_xml, parse
from .zip_archive import STORED, Entry, beginning, pieces, unpack

RELATIONSHIPS_LIMIT = 1024 * 1024  # bytes of one part: 5,000 links
ALL_RELATIONSHIPS_LIMIT = 4 * 1024 * 1024
RELATIONSHIP_PARTS_LIMIT = 400
PARTS_LIMIT = 800  # parts that are searched
SEARCH_LIMIT = 32 * 1024 * 1024  # unpacked bytes of all parts that are searched
PARSE_LIMIT = 4 * 1024 * 1024  # unpacked bytes of all parts that are parsed: a text of 100 pages
OVERLAP = 32  # bytes; longer than any name that is searched for
# The attributes of a file, which macOS adds to archives as `__MACOSX/…/._name`. Recognized by content,
# because Office would load a part of that name.
_APPLE_DOUBLE = b"\0\x05\x16\x07"


def check(file: BinaryFile, entries: list[Entry], kind: str) -> set[str]:
    """The findings in an Office archive. DocumentRejected if it has macros or is encrypted.

    Links that a reader clicks are findings only if they lead elsewhere than `links.is_ordinary_link`.
    """
    names = [entry.name.replace("\\", "/").lower() for entry in entries]
    if any(name.rsplit("/", 1)[-1] == "vbaproject.bin" for name in names):
        raise DocumentRejected("macros")
    if any(name.startswith(("basic/", "scripts/")) for name in names):
        raise DocumentRejected("macros")
    if "encrypted-package" in names or any(_is_encrypted_part(file, entry) for entry in entries):
        raise DocumentRejected("encrypted")
    findings = _relationship_findings(file, entries)
    findings |= _part_findings(file, entries, kind)
    by_name = {
        "embedded": any("/embeddings/" in name or name.startswith("object ") for name in names),
        "external": any("/externallinks/" in name for name in names),
        "macro_like": any("/activex/" in name or "/ctrlprops/" in name for name in names),
        "odd_names": any(_is_odd(entry.name) for entry in entries),
    }
    return findings | {code for code, present in by_name.items() if present}


def _relationship_findings(file: BinaryFile, entries: list[Entry]) -> set[str]:
    """The findings of all .rels parts, also of a part that no other part refers to."""
    parts = [entry for entry in entries if _is_relationships(entry)]
    if len(parts) > RELATIONSHIP_PARTS_LIMIT:
        raise DocumentRejected("bomb")
    left, findings = ALL_RELATIONSHIPS_LIMIT, set[str]()
    for entry in parts:
        part = unpack(file, entry, min(left, RELATIONSHIPS_LIMIT))
        left -= len(part)
        if not part.startswith(_APPLE_DOUBLE):
            findings |= relationships.findings(part)
    return findings


def _part_findings(file: BinaryFile, entries: list[Entry], kind: str) -> set[str]:
    """The findings of all other parts that are XML."""
    parts = [entry for entry in entries if entry.packed and not _is_relationships(entry)]
    search = _PartSearch(file, kind)
    for entry in parts[:PARTS_LIMIT]:
        try:
            search.examine(entry)
        except NotExamined:
            search.findings.add("unexamined")
    if len(parts) > PARTS_LIMIT:
        search.findings.add("unexamined")
    return search.findings


class _PartSearch:
    """Collects the `findings` of parts, within the limits of one file."""

    def __init__(self, file: BinaryFile, kind: str) -> None:
        self.findings: set[str] = set()
        self._file = file
        self._is_open_document = kind == "odt"
        self._names = opendocument.NAMES if self._is_open_document else ooxml.NAMES
        self._to_search, self._to_parse = SEARCH_LIMIT, PARSE_LIMIT

    def examine(self, entry: Entry) -> None:
        """Add the findings of a part. NotExamined if some of it is over the limits or not XML."""
        content = pieces(self._file, entry)
        try:
            first = next(content, b"")
            if not is_xml(first) or is_picture(first):
                return
            if not has_known_encoding(first):
                raise NotExamined
            if not self._names_anything(chain([first], content)):
                return
        except DocumentRejected:  # Office reports a damaged part, and repairs the others
            raise NotExamined from None
        self._parse(entry)

    def _names_anything(self, content: Iterable[bytes]) -> bool:
        rest = b""
        for piece in content:
            self._to_search -= len(piece)
            if self._to_search < 0:
                raise NotExamined
            text = rest + piece.replace(b"\0", b"")  # UTF-16 as ASCII
            if self._names.search(text):
                return True
            rest = text[-OVERLAP:]
        return False

    def _parse(self, entry: Entry) -> None:
        part = opendocument.OpenDocumentPart() if self._is_open_document else ooxml.OfficePart()
        try:
            parse(self._limited(pieces(self._file, entry)), part)
        except DocumentRejected:
            raise NotExamined from None
        finally:
            part.finish()
            self.findings |= part.findings

    def _limited(self, content: Iterable[bytes]) -> Iterator[bytes]:
        for piece in content:
            self._to_parse -= len(piece)
            if self._to_parse < 0:
                raise NotExamined
            yield piece


def _is_relationships(entry: Entry) -> bool:
    return entry.name.lower().endswith(".rels")


def _is_encrypted_part(file: BinaryFile, entry: Entry) -> bool:
    """Whether it is an encrypted OpenDocument part: stored data that is not XML."""
    return (
        entry.name == "content.xml"
        and entry.method == STORED
        and not beginning(file, entry, 8).lstrip(b"\xef\xbb\xbf").startswith(b"<")
    )


def _is_odd(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return ".." in parts or parts[0] == "" or "\\" in name or ":" in name
