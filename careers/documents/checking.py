"""Checks an upload by its structure and its name.

Nothing is run or rendered, and only small parts are parsed. Reads are bounded, and a file is never
loaded whole.
"""

import re
from typing import NamedTuple

from django.conf import settings
from django.utils.functional import Promise

from . import office, ole, pdf, rtf, text, zip_archive
from .errors import DocumentRejected, lazy_list
from .filenames import extension as extension_of
from .filenames import extension_of_copy
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
# Programs write these as .doc and .xls: MHTML (RFC 2557), and the XML formats of Office 2003.
_WEB_ARCHIVE = re.compile(rb"(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?MIME-Version:", re.IGNORECASE)
_OFFICE_XML = {
    b'progid="Word.Document"': "word_xml",
    b'progid="Excel.Sheet"': "excel_xml",
}
_HTML = (b"<!doctype html", b"<html", b"<head", b"<script", b"<body")


class Inspection(NamedTuple):
    """The type of a file, and what it contains: codes of `models.FINDINGS`."""

    type: str
    findings: list[str]


def inspect(file: BinaryFile, name: str) -> Inspection:
    """The `Inspection` of an acceptable file; DocumentRejected for any other.

    A name without a known extension is accepted, a wrong extension is not: neither `resume.docx` nor
    `resume.docx (1)` for a PDF.
    """
    if not size(file):
        raise DocumentRejected("empty")
    extension = extension_of(name)
    accepted = settings.DOCUMENT_TYPES
    kind, findings = _detect(file, extension)
    if kind is not None and kind in accepted:
        if {extension, extension_of_copy(name)} <= {kind, ""}:
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
    if start.startswith(b"%PDF-") or _is_pdf_with_prefix(file, extension):
        return "pdf", pdf.check(file)
    if head.startswith(ole.MAGIC):
        return _check_ole(file)
    if head.startswith(b"PK\x03\x04") or (extension != "txt" and end_of_zip(file) is not None):
        return _check_zip(file)
    if head.startswith(b"{\\rtf"):
        return "rtf", rtf.check(file)
    if extension == "txt":
        return "txt", text.check_txt(file)
    if kind := _other_type(head, start):
        return kind, set()
    # Markup without an extension is not accepted as text.
    if not extension and not start.startswith(b"<") and text.is_text(file):
        return "txt", text.check_txt(file)
    return None, set()


def _is_pdf_with_prefix(file: BinaryFile, extension: str) -> bool:
    """Whether it is a PDF with lines before its header. In other files, %PDF- is just text."""
    if extension not in ("pdf", "") or pdf.header_offset(file) < 0:
        return False
    return extension == "pdf" or not text.is_text(file)


def _other_type(head: bytes, start: bytes) -> str | None:
    """The type of OTHERS that a file begins like."""
    for signature, kind in _SIGNATURES.items():
        if head.startswith(signature):
            return kind
    for name, kind in _OFFICE_XML.items():
        if start.startswith(b"<?xml") and b"<?mso-application" in start and name in start:
            return kind
    if start.lower().startswith(_HTML):
        return "html"
    is_web_archive = _WEB_ARCHIVE.match(start) and b"multipart/related" in start.lower()
    return "web_archive" if is_web_archive else None


def _check_ole(file: BinaryFile) -> tuple[str | None, set[str]]:
    directory = ole.read_directory(file)
    return ole.kind(directory), ole.check(file, directory)


def _check_zip(file: BinaryFile) -> tuple[str, set[str]]:
    entries = zip_archive.read_entries(file)
    kind = zip_archive.kind(file, entries)
    return kind, office.check(file, entries, kind)


def _accepted_types() -> str | Promise:
    return lazy_list(NAMES[name] for name in settings.DOCUMENT_TYPES)
