"""Cache keys: the path of a page, and those query parameters that its view reads, in canonical form."""

from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

from .decorators import CachePolicy

DEFAULT_PORTS = {"http": ":80", "https": ":443"}
MAX_QUERY_LENGTH = 500  # characters; a page with a longer query is not cached


class Query(NamedTuple):
    """A normalized query string, and whether a page with it may be cached."""

    text: str
    is_cacheable: bool


def scheme_and_host(url: str) -> tuple[str, str]:
    """The scheme and the Host header of requests for the site at `url`."""
    scheme, host, *_rest = urlsplit(url)
    return scheme, host.lower().removesuffix(DEFAULT_PORTS[scheme])


def normalize_path(path: str, policy: CachePolicy) -> str:
    """The path without its slash at the end, if the view answers with and without it."""
    return path.removesuffix("/") if policy.has_optional_slash else path


def normalize_query(query: str, policy: CachePolicy) -> Query:
    """The parameters of `query` that the view reads, sorted by name.

    Values of one parameter keep their order; of a parameter with a canonical form, the last one
    counts. Other parameters are dropped, so that visitors cannot fill the cache with copies of one page.
    """
    if not (query and policy.params):
        return Query("", policy.is_cacheable)
    pairs = parse_qsl(query.encode("latin-1").decode(errors="replace"))
    last = dict(pairs)
    canonical = [
        (name, value)
        for name, to_canonical in policy.canonical_values.items()
        if name in last and (value := to_canonical(last[name]))
    ]
    others = policy.params - policy.canonical_values.keys()
    pairs = sorted(
        [*canonical, *(pair for pair in pairs if pair[0] in others)], key=lambda pair: pair[0]
    )
    text = urlencode(pairs)
    names = {name for name, _value in pairs}
    return Query(text, len(text) <= MAX_QUERY_LENGTH and not policy.bypass_params & names)
