"""Checks of RTF and plain text files."""

import codecs
import re

from .errors import DocumentRejected, too_large
from .reading import BinaryFile, end_of_zip, peek, read_from_start, size

TEXT_LIMIT = 1024 * 1024  # bytes; a résumé without pictures is shorter
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# Encodings of Japanese and Western editors, the strictest first; cp1252 accepts nearly everything.
ENCODINGS = ("utf-8", "iso2022_jp_ext", "cp932", "euc_jis_2004", "cp1252")
CONTROLS = bytes({*range(32)} - set(b"\t\n\f\r\x1a\x1b"))
OVERLAP = 32

RTF = {
    "embedded": re.compile(rb"\\obj(?:data|emb)(?![a-z])"),
    "external": re.compile(rb"\\(?:objautlink|objlink|\*\\template)(?![a-z])"),
}


def check_rtf(file: BinaryFile) -> set[str]:
    """The findings in an RTF file. DocumentRejected if it is a polyglot."""
    if end_of_zip(file) is not None:
        raise DocumentRejected("polyglot")
    findings: set[str] = set()
    rest = b""
    for chunk in read_from_start(file):
        text = rest + chunk
        findings |= {code for code, pattern in RTF.items() if pattern.search(text)}
        rest = text[-OVERLAP:]
    return findings


def check_txt(file: BinaryFile) -> set[str]:
    """No findings; DocumentRejected if it is too long or not text in a known encoding."""
    total = size(file)
    if total > TEXT_LIMIT:
        raise too_large(total, TEXT_LIMIT)
    if not is_text(file):
        raise DocumentRejected("broken")
    return set()


def is_text(file: BinaryFile) -> bool:
    """Whether it decodes in one of ENCODINGS or UTF-16."""
    if peek(file, 0, 2) in UTF_16:
        decoders = [_decoder("utf-16")]
    else:
        decoders = [_decoder(encoding) for encoding in ENCODINGS]
    for chunk in read_from_start(file):
        if len(decoders) > 1 and len(chunk.translate(None, CONTROLS)) != len(chunk):
            return False
        decoders = [decoder for decoder in decoders if _decodes(decoder, chunk)]
    return any(_decodes(decoder, b"", final=True) for decoder in decoders)


def _decoder(encoding: str) -> codecs.IncrementalDecoder:
    return codecs.getincrementaldecoder(encoding)("strict")


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True
