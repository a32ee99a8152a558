"""Judges a stranger's file by its structure and its name, before anybody opens it.

Nothing is unpacked, parsed as a document, or run. Reads are bounded, and a file is never held whole.
"""

from pathlib import PurePath
from typing import NamedTuple
from unicodedata import normalize

from django.conf import settings

from careers.japanese import display_filename

from . import ole, pdf, text, zip_archive
from .errors import DocumentRejected, listed
from .reading import end_of_zip, peek, size
from .types import NAMES, OTHERS

_BEGINNINGS = {
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


class Examined(NamedTuple):
    """What a file is, and what was noticed in it: codes of models.FINDINGS."""

    type: str
    findings: list


def inspect(file, name):
    """Examined, or Refused: a ValidationError with a code and a sentence that says what to do."""
    if not size(file):
        raise DocumentRejected("empty")
    extension = _extension(name)
    accepted = settings.DOCUMENT_TYPES
    kind, findings = _judged(file, extension)
    if kind in accepted:
        if kind == extension:
            return Examined(kind, sorted(findings))
        raise DocumentRejected("wrong_extension", seems=NAMES[kind], extension=f".{kind}")
    if seems := NAMES.get(kind) or OTHERS.get(kind):
        raise DocumentRejected("other_type", seems=seems, types=_accepted())
    if extension in accepted:
        raise DocumentRejected("broken")
    raise DocumentRejected("type", types=_accepted())


def _judged(file, extension):
    """What the bytes are, and what is noticed in them; (None, ∅) for what nobody knows."""
    head = peek(file, 0, 1024)
    start = head.lstrip(b"\xef\xbb\xbf\t\n\f\r ")
    # Lines before the header are usual in a PDF. In anything else, %PDF- is a word like others.
    if start.startswith(b"%PDF-") or (extension == "pdf" and pdf.starts(file) >= 0):
        return "pdf", pdf.check(file)
    if head.startswith(ole.MAGIC):
        return _old_office(file)
    if head.startswith(b"PK\x03\x04") or (extension != "txt" and end_of_zip(file) is not None):
        return _new_office(file)
    if head.startswith(b"{\\rtf"):
        return "rtf", text.check_rtf(file)
    if extension == "txt":
        return "txt", text.check_txt(file)
    for beginning, kind in _BEGINNINGS.items():
        if head.startswith(beginning):
            return kind, set()
    if start.lower().startswith(_HTML):
        return "html", set()
    return None, set()


def _old_office(file):
    names = ole.directory(file)
    kind = ole.kind(names)
    return kind, ole.check(file, names)


def _new_office(file):
    found = zip_archive.entries(file)
    kind = zip_archive.kind(file, found)
    return kind, zip_archive.check(file, found)


def _extension(name):
    """`.ＰＤＦ` too, and what a reader of the name will see at its end."""
    return PurePath(normalize("NFKC", display_filename(name))).suffix.lower().lstrip(".")


def _accepted():
    return listed(NAMES[name] for name in settings.DOCUMENT_TYPES)
