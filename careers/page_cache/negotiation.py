"""Which encoding somebody takes, and whether they have the page already (RFC 9110, 12.5.3 and 13.1.2)."""

import re
from functools import lru_cache

ENCODINGS = ("br", "gzip", "identity")  # the smallest first
_QUALITY = re.compile(r"q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)", re.IGNORECASE)
_LEAST = 0.0001  # of what nobody has asked for, nor refused


@lru_cache(maxsize=256)
def acceptable(header):
    """The encodings in which something may be sent, the best first; `header` is None where it is missing."""
    said = dict(_parts(header or ""))
    quality = {
        name: said.get(name, said.get("*", _LEAST if name == "identity" else 0))
        for name in ENCODINGS
    }
    # Sorting keeps our order among equals.
    return tuple(sorted(filter(quality.get, ENCODINGS), key=lambda name: -quality[name]))


def is_there(header, etag):
    """Whether If-None-Match names this page."""
    if header.strip() == "*":
        return True
    return etag in (tag.strip().removeprefix("W/") for tag in header.split(","))


def _parts(header):
    for part in header.lower().split(","):
        name, *parameters = (word.strip() for word in part.split(";"))
        if name and not parameters:
            yield name, 1
        elif name:
            match = _QUALITY.fullmatch(parameters[0])
            yield name, float(match[1]) if match else 0
