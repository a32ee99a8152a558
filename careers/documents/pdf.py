"""Checks of PDF files, by searching for names outside streams and in object streams."""

import re

from .errors import DocumentRejected
from .pdf_encryption import needs_password
from .pdf_links import PdfLinks
from .pdf_text import GAP, PdfText
from .reading import BinaryFile, content_end, end_of_zip, peek, read_from_start

# PDF readers accept a header within the first 1,024 bytes: printers and mail programs add lines before it.
HEADER_LIMIT = 1024
# Bytes after the last %%EOF: of any kind, and of a web page that a server added to its download.
APPENDED_LIMIT = 2048
APPENDED_PAGE_LIMIT = 64 * 1024

_NAMES = {
    "javascript": rb"JavaScript|JS",
    "launch": rb"Launch",
    "embedded": rb"EmbeddedFiles?|EF|FileAttachment|GoToE",
    "external": rb"GoToR|SubmitForm|ImportData|FFilter|FS%s/URL" % GAP,
    "media": rb"RichMedia|Movie|Sound|Rendition|3D|GoTo3DView",
    "dynamic_form": rb"XFA",
}
FINDINGS = {code: re.compile(rb"/(?:%s)(?![A-Za-z0-9])" % names) for code, names in _NAMES.items()}
# Followed by a reference or a dictionary. It may still be part of a title or a comment.
ENCRYPTED = re.compile(rb"/Encrypt\s*(?:\d{1,10}\s+\d{1,5}\s+R|<<)")

# Signatures of other formats in front of the PDF header.
FOREIGN = re.compile(
    rb"\s*(?:MZ|\x7fELF|PK\x03\x04|PK\x05\x06|\xd0\xcf\x11\xe0|GIF8|\x89PNG|\xff\xd8\xff|BM|Rar!|7z|#!|\{\\rtf"
    rb"|<(?:\?|!|html|head|body|script|svg|iframe))",
    re.IGNORECASE,
)
PAGE = re.compile(rb"[\0\s]*<(?:!doctype\s+html|!--|[a-z][a-z0-9]{0,15}[\s/>])", re.IGNORECASE)
# #4A is J in a name. Only characters of names that are searched for, so that files with many # stay cheap.
_OTHER_NAMES = b"AABaseEncryptOpenActionSURI"
_CHARACTERS = sorted(
    {
        character
        for character in _OTHER_NAMES + b"".join(_NAMES.values()).replace(GAP, b"")
        if bytes([character]).isalnum()
    }
)
_ENCODED = [(form, bytes([c])) for c in _CHARACTERS for form in {b"#%02x" % c, b"#%02X" % c}]


def header_offset(file: BinaryFile) -> int:
    """The offset of the header, or -1."""
    return peek(file, 0, HEADER_LIMIT).find(b"%PDF-")


def check(file: BinaryFile) -> set[str]:
    """The findings in a PDF. DocumentRejected if it is truncated, a polyglot, or needs a password.

    Links that a reader clicks are findings only if they lead elsewhere than `links.is_ordinary_link`.
    """
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
    text, links, names_encryption = PdfText(read_from_start(file)), PdfLinks(), False
    for piece in text.pieces():
        piece = piece._replace(text=_decode_names(piece.text))
        if piece.stream is None:
            names_encryption = names_encryption or bool(ENCRYPTED.search(piece.text))
        findings |= {
            code
            for code, pattern in FINDINGS.items()
            if code not in findings and pattern.search(piece.text)
        }
        links.search(piece)
    if names_encryption and needs_password(file, start, end):
        raise DocumentRejected("encrypted")
    if not text.is_complete:
        findings.add("unexamined")
    return findings | _link_findings(links, names_encryption)


def _link_findings(links: PdfLinks, names_encryption: bool) -> set[str]:
    findings = set()
    if links.opens_link or (links.has_unusual_target and not names_encryption):
        findings.add("external")
    # The strings of an encrypted file are encrypted, and the targets are strings.
    if not links.is_complete or (links.has_targets and names_encryption):
        findings.add("unexamined")
    return findings


def _bytes_after(file: BinaryFile, end: int) -> bytes | None:
    """What follows the last %%EOF before `end`; None if the file does not end like a PDF."""
    start = max(end - APPENDED_PAGE_LIMIT, 0)
    last = peek(file, start, end - start)
    at = last.rfind(b"%%EOF")
    after = last[at + len(b"%%EOF") :]
    is_end = at >= 0 and (len(after) <= APPENDED_LIMIT or PAGE.match(after))
    return after if is_end else None


def _decode_names(text: bytes) -> bytes:
    if b"#" in text:
        for form, character in _ENCODED:
            text = text.replace(form, character)
    return text
