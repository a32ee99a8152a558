"""What of an address makes a page another one: the path, and what its view reads of the query."""

from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

DEFAULT_PORTS = {"http": ":80", "https": ":443"}
LONGEST = 500  # letters of a query with which a page is still kept


class Query(NamedTuple):
    """What is left of a query, and whether a page with it is kept."""

    text: str
    is_cacheable: bool


def scheme_and_host(address):
    """How a request says that it means the site at `address`: its scheme and its Host header."""
    scheme, host, *_rest = urlsplit(address)
    return scheme, host.lower().removesuffix(DEFAULT_PORTS[scheme])


def known(query, mark):
    """A query with nothing in it but what a view reads, by name; the order of several values stays."""
    if not (query and mark.params):
        return Query("", mark.is_cacheable)
    pairs = parse_qsl(query.encode("latin-1").decode(errors="replace"))
    pairs = sorted((pair for pair in pairs if pair[0] in mark.params), key=lambda pair: pair[0])
    text = urlencode(pairs)
    names = {name for name, _value in pairs}
    return Query(text, len(text) <= LONGEST and not mark.bypass_params & names)
