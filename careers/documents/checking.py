"""Checks an upload by its structure and its name.

Nothing is unpacked, parsed as a document, or run. Reads are bounded, and a file is never loaded whole.
"""

from pathlib import PurePath
from typing import NamedTuple
from unicodedata import normalize

from django.conf import settings
from django.utils.functional import Promise

from careers.japanese import display_filename

from . import ole, pdf, text, zip_archive
from .errors import DocumentRejected, lazy_list
from .reading import BinaryFile, end_of_zip, peek, size
from .types import NAMES, OTHERS

_SIGNATURES = {
    b"\xff\xd8\xff": "picture",
    b"\x89PNG": "picture",
    b"GIF8": "picture",
    b"II*\0": "picture",
    b"MM\0*": "picture",
    b"MZ": "program",
    b"\x7fELF": "program",
    b"#!": "program",
}
_HTML = (b"<!doctype html", b"<html", b"<head", b"<script", b"<body")


class Inspection(NamedTuple):
    """The type of a file, and what it contains: codes of `models.FINDINGS`."""

    type: str
    findings: list[str]


def inspect(file: BinaryFile, name: str) -> Inspection:
    """The `Inspection` of an acceptable file; DocumentRejected for any other."""
    if not size(file):
        raise DocumentRejected("empty")
    extension = _extension(name)
    accepted = settings.DOCUMENT_TYPES
    kind, findings = _detect(file, extension)
    if kind is not None and kind in accepted:
        if kind == extension:
            return Inspection(kind, sorted(findings))
        raise DocumentRejected("wrong_extension", seems=NAMES[kind], extension=f".{kind}")
    if seems := NAMES.get(kind or "") or OTHERS.get(kind or ""):
        raise DocumentRejected("other_type", seems=seems, types=_accepted_types())
    if extension in accepted:
        raise DocumentRejected("broken")
    raise DocumentRejected("type", types=_accepted_types())


def _detect(file: BinaryFile, extension: str) -> tuple[str | None, set[str]]:
    """The type of the bytes and the findings; (None, set()) for an unknown type."""
    head = peek(file, 0, 1024)
    start = head.lstrip(b"\xef\xbb\xbf\t\n\f\r ")
    # A PDF may have lines before its header. In other files, %PDF- is just text.
    if start.startswith(b"%PDF-") or (extension == "pdf" and pdf.header_offset(file) >= 0):
        return "pdf", pdf.check(file)
    if head.startswith(ole.MAGIC):
        return _check_ole(file)
    if head.startswith(b"PK\x03\x04") or (extension != "txt" and end_of_zip(file) is not None):
        return _check_zip(file)
    if head.startswith(b"{\\rtf"):
        return "rtf", text.check_rtf(file)
    if extension == "txt":
        return "txt", text.check_txt(file)
    for signature, kind in _SIGNATURES.items():
        if head.startswith(signature):
            return kind, set()
    if start.lower().startswith(_HTML):
        return "html", set()
    return None, set()


def _check_ole(file: BinaryFile) -> tuple[str | None, set[str]]:
    names = ole.read_directory(file)
    kind = ole.kind(names)
    return kind, ole.check(file, names)


def _check_zip(file: BinaryFile) -> tuple[str, set[str]]:
    entries = zip_archive.read_entries(file)
    kind = zip_archive.kind(file, entries)
    return kind, zip_archive.check(file, entries)


def _extension(name: str) -> str:
    """The extension as people see it, `.ＰＤＦ` included."""
    return PurePath(normalize("NFKC", display_filename(name))).suffix.lower().lstrip(".")


def _accepted_types() -> str | Promise:
    return lazy_list(NAMES[name] for name in settings.DOCUMENT_TYPES)
