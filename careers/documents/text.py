"""RTF and plain text."""

import codecs
import re

from .errors import DocumentRejected, too_large
from .reading import end_of_zip, peek, size, whole

TEXT_LIMIT = 1024 * 1024  # no résumé without pictures is longer
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# What Japanese and Western editors write, from the strictest to the one that takes nearly everything.
ENCODINGS = ("utf-8", "iso2022_jp_ext", "cp932", "euc_jis_2004", "cp1252")
CONTROLS = bytes({*range(32)} - set(b"\t\n\f\r\x1a\x1b"))
OVERLAP = 32

RTF = {
    "embedded": re.compile(rb"\\obj(?:data|emb)(?![a-z])"),
    "external": re.compile(rb"\\(?:objautlink|objlink|\*\\template)(?![a-z])"),
}


def check_rtf(file):
    """What is noticed in an RTF file, as codes."""
    if end_of_zip(file) is not None:
        raise DocumentRejected("polyglot")
    found, rest = set(), b""
    for chunk in whole(file):
        text = rest + chunk
        found |= {code for code, word in RTF.items() if code not in found and word.search(text)}
        rest = text[-OVERLAP:]
    return found


def check_txt(file):
    """Nothing is noticed in plain text: whatever it says, it is only ever saved as a file."""
    total = size(file)
    if total > TEXT_LIMIT:
        raise too_large(total, TEXT_LIMIT)
    if not is_text(file):
        raise DocumentRejected("broken")
    return set()


def is_text(file):
    """Whether it decodes as text, in one of the encodings that people's editors write."""
    if peek(file, 0, 2) in UTF_16:
        decoders = [_decoder("utf-16")]
    else:
        decoders = [_decoder(encoding) for encoding in ENCODINGS]
    for chunk in whole(file):
        if len(decoders) > 1 and len(chunk.translate(None, CONTROLS)) != len(chunk):
            return False
        decoders = [decoder for decoder in decoders if _takes(decoder, chunk)]
    return any(_takes(decoder, b"", final=True) for decoder in decoders)


def _decoder(encoding):
    return codecs.getincrementaldecoder(encoding)("strict")


def _takes(decoder, chunk, *, final=False):
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True
