"""Content negotiation: Accept-Encoding (RFC 9110, 12.5.3) and If-None-Match (RFC 9110, 13.1.2)."""

import re
from collections.abc import Iterator
from functools import lru_cache

ENCODINGS = ("br", "gzip", "identity")  # the smallest first
_QUALITY = re.compile(r"q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)", re.IGNORECASE)
_LOWEST_QUALITY = 0.0001  # of `identity` where the header neither names nor forbids it


@lru_cache(maxsize=256)
def acceptable_encodings(header: str | None) -> tuple[str, ...]:
    """The encodings that Accept-Encoding allows, best first; `header` is None where it is missing."""
    given = dict(_parse(header or ""))
    quality: dict[str, float] = {
        name: given.get(name, given.get("*", _LOWEST_QUALITY if name == "identity" else 0))
        for name in ENCODINGS
    }
    # The sort is stable: among equals the smaller encoding comes first.
    return tuple(sorted(filter(quality.get, ENCODINGS), key=lambda name: -quality[name]))


def etag_matches(header: str, etag: str) -> bool:
    """Whether If-None-Match holds `etag`."""
    if header.strip() == "*":
        return True
    return etag in (tag.strip().removeprefix("W/") for tag in header.split(","))


def _parse(header: str) -> Iterator[tuple[str, float]]:
    for part in header.lower().split(","):
        name, *parameters = (word.strip() for word in part.split(";"))
        if name and not parameters:
            yield name, 1
        elif name:
            match = _QUALITY.fullmatch(parameters[0])
            yield name, float(match[1]) if match else 0
