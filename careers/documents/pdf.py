"""Checks of PDF files, by searching for the names of their objects outside streams."""

import re
from collections.abc import Iterable, Iterator

from .errors import DocumentRejected
from .pdf_encryption import needs_password
from .reading import BinaryFile, content_end, end_of_zip, peek, read_from_start

# PDF readers accept a header within the first 1,024 bytes: printers and mail programs add lines before it.
HEADER_LIMIT = 1024
# Bytes after the last %%EOF: of any kind, and of a web page that a server added to its download.
APPENDED_LIMIT = 2048
APPENDED_PAGE_LIMIT = 64 * 1024
OVERLAP = 64  # bytes; longer than any pattern

FINDINGS = {
    "javascript": re.compile(rb"/(?:JavaScript|JS)(?![A-Za-z0-9])"),
    "launch": re.compile(rb"/Launch(?![A-Za-z0-9])"),
    "embedded": re.compile(rb"/EmbeddedFiles?(?![A-Za-z0-9])"),
    "external": re.compile(rb"/(?:GoToR|SubmitForm|ImportData)(?![A-Za-z0-9])"),
    "media": re.compile(rb"/RichMedia(?![A-Za-z0-9])"),
}
# Followed by a reference or a dictionary. It may still be part of a title or a comment.
ENCRYPTED = re.compile(rb"/Encrypt\s*(?:\d{1,10}\s+\d{1,5}\s+R|<<)")
# Streams are compressed data or drawing commands; names in them mean nothing.
STREAM_START = re.compile(rb">>\s{0,8}stream ?\r?\n")
STREAM_END = b"endstream"

# Signatures of other formats in front of the PDF header.
FOREIGN = re.compile(
    rb"\s*(?:MZ|\x7fELF|PK\x03\x04|PK\x05\x06|\xd0\xcf\x11\xe0|GIF8|\x89PNG|\xff\xd8\xff|BM|Rar!|7z|#!|\{\\rtf"
    rb"|<(?:\?|!|html|head|body|script|svg|iframe))",
    re.IGNORECASE,
)
PAGE = re.compile(rb"[\0\s]*<(?:!doctype\s+html|!--|[a-z][a-z0-9]{0,15}[\s/>])", re.IGNORECASE)
# #4A is J in a name. Only characters of the names above, so that files with many # stay cheap.
_CHARACTERS = sorted(set(b"JavaScriptLaunchEmbeddedFilesGoToRSubmitFormImportDataRichMediaEncrypt"))
_ENCODED = [(form, bytes([c])) for c in _CHARACTERS for form in {b"#%02x" % c, b"#%02X" % c}]


def header_offset(file: BinaryFile) -> int:
    """The offset of the header, or -1."""
    return peek(file, 0, HEADER_LIMIT).find(b"%PDF-")


def check(file: BinaryFile) -> set[str]:
    """The findings in a PDF. DocumentRejected if it is truncated, a polyglot, or needs a password."""
    start, end = header_offset(file), content_end(file)
    after = _bytes_after(file, end)
    if start < 0 or after is None:
        raise DocumentRejected("broken")
    before = peek(file, 0, start)
    if FOREIGN.match(before) or end_of_zip(file, end) is not None:
        raise DocumentRejected("polyglot")
    findings = {"odd_start"} if before.strip(b"\xef\xbb\xbf\0\t\n\f\r ") else set()
    if PAGE.match(after):
        findings.add("odd_end")
    names_encryption = False
    for text in _outside_streams(read_from_start(file)):
        text = _decode_names(text)
        names_encryption = names_encryption or bool(ENCRYPTED.search(text))
        findings |= {
            code
            for code, pattern in FINDINGS.items()
            if code not in findings and pattern.search(text)
        }
    if names_encryption and needs_password(file, start, end):
        raise DocumentRejected("encrypted")
    return findings


def _bytes_after(file: BinaryFile, end: int) -> bytes | None:
    """What follows the last %%EOF before `end`; None if the file does not end like a PDF."""
    start = max(end - APPENDED_PAGE_LIMIT, 0)
    last = peek(file, start, end - start)
    at = last.rfind(b"%%EOF")
    after = last[at + len(b"%%EOF") :]
    is_end = at >= 0 and (len(after) <= APPENDED_LIMIT or PAGE.match(after))
    return after if is_end else None


def _outside_streams(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The bytes outside streams, each chunk with the end of the chunk before."""
    rest, inside = b"", False
    for chunk in chunks:
        text, position, outside = rest + chunk, 0, []
        while True:
            if inside:
                end = text.find(STREAM_END, position)
                if end < 0:
                    break
                position, inside = end + len(STREAM_END), False
            start = STREAM_START.search(text, position)
            if not start:
                outside.append(text[position:])
                break
            outside.append(text[position : start.start()])
            position, inside = start.end(), True
        rest = text[position:][-OVERLAP:]
        yield b" ".join(outside)


def _decode_names(text: bytes) -> bytes:
    if b"#" in text:
        for form, character in _ENCODED:
            text = text.replace(form, character)
    return text
