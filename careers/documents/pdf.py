"""Is this a PDF, and what does it bring along? Its parts are named, never opened."""

import re

from .errors import DocumentRejected
from .reading import end_of_zip, peek, tail, whole

# Readers find the header within the first 1,024 bytes: printers and mail programs put lines before it.
HEADER = 1024
END = 2048
OVERLAP = 64  # longer than any word that is looked for

FINDINGS = {
    "javascript": re.compile(rb"/(?:JavaScript|JS)(?![A-Za-z0-9])"),
    "launch": re.compile(rb"/Launch(?![A-Za-z0-9])"),
    "embedded": re.compile(rb"/EmbeddedFiles?(?![A-Za-z0-9])"),
    "external": re.compile(rb"/(?:GoToR|SubmitForm|ImportData)(?![A-Za-z0-9])"),
    "media": re.compile(rb"/RichMedia(?![A-Za-z0-9])"),
}
# A reference to the dictionary, or the dictionary itself: the name alone may stand in a title.
ENCRYPTED = re.compile(rb"/Encrypt\s*(?:\d{1,10}\s+\d{1,5}\s+R|<<)")
# What is between these words is compressed or drawn; names in it mean nothing.
STREAM = re.compile(rb">>\s{0,8}stream ?\r?\n.*?(endstream|\Z)", re.DOTALL)

# Beginnings of what is something else first, and a PDF only by the way.
FOREIGN = re.compile(
    rb"\s*(?:MZ|\x7fELF|PK\x03\x04|PK\x05\x06|\xd0\xcf\x11\xe0|GIF8|\x89PNG|\xff\xd8\xff|BM|Rar!|7z|#!|\{\\rtf"
    rb"|<(?:\?|!|html|head|body|script|svg|iframe))",
    re.IGNORECASE,
)
# #4A is J in a name. Only letters of the words above, so that a file full of signs costs no time.
_LETTERS = sorted(set(b"JavaScriptLaunchEmbeddedFilesGoToRSubmitFormImportDataRichMediaEncrypt"))
_ENCODED = [(form, bytes([c])) for c in _LETTERS for form in {b"#%02x" % c, b"#%02X" % c}]


def starts(file):
    """Where the header stands, or -1."""
    return peek(file, 0, HEADER).find(b"%PDF-")


def check(file):
    """What is noticed in a PDF, as codes. Refused: encrypted, cut off, or something else besides."""
    start = starts(file)
    if start < 0 or b"%%EOF" not in tail(file, END):
        raise DocumentRejected("broken")
    before = peek(file, 0, start)
    if FOREIGN.match(before) or end_of_zip(file) is not None:
        raise DocumentRejected("polyglot")
    found = {"odd_start"} if before.strip(b"\xef\xbb\xbf\0\t\n\f\r ") else set()
    for words in _outside_streams(whole(file)):
        words = _decoded(words)
        if ENCRYPTED.search(words):
            raise DocumentRejected("encrypted")
        found |= {
            code
            for code, pattern in FINDINGS.items()
            if code not in found and pattern.search(words)
        }
    return found


def _outside_streams(pieces):
    """The text between the streams, each piece with the end of the one before."""
    rest, inside = b"", False
    for piece in pieces:
        text = rest + piece
        if inside:
            end = text.find(b"endstream")
            if end < 0:
                rest = text[-OVERLAP:]
                continue
            text = text[end + len(b"endstream") :]
        parts = STREAM.split(text)  # outside, how the stream ended, outside, …
        inside = len(parts) > 1 and not parts[-2]
        rest = (text if inside else parts[-1])[-OVERLAP:]
        yield b" ".join(parts[::2])


def _decoded(words):
    if b"#" in words:
        for form, letter in _ENCODED:
            words = words.replace(form, letter)
    return words
