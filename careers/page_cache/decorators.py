"""Which views answer every visitor alike, so that this cache and proxies may store their pages.

A view without a decorator is never cached, and sees each request as it came.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, TypeVar

from django.conf import settings
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.translation import get_language_from_path

MAX_PATH_LENGTH = 300  # characters; the longest paths of the site have half as many

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class CachePolicy(NamedTuple):
    """Which query parameters a view reads, with which of them its page is for one visitor only,
    whether its page may be cached at all, and which requests are for the same page."""

    params: frozenset[str]
    bypass_params: frozenset[str]
    is_cacheable: bool = True
    canonical_values: Mapping[str, Callable[[str], str]] = {}
    has_optional_slash: bool = False


def cache_publicly(
    *,
    params: Iterable[str] = (),
    bypass_params: Iterable[str] = (),
    canonical_values: Mapping[str, Callable[[str], str]] | None = None,
    has_optional_slash: bool = False,
) -> Callable[[View], View]:
    """Decorate a view whose page is the same for every visitor until its content is edited.

    `params` names all query parameters that the view reads; it never sees others, nor a cookie.
    A request with one of `bypass_params`, which the view reads too, is answered without the cache.

    Requests that mean the same share one page: `canonical_values` has, for parameters with one value,
    the function that returns its canonical form ("" for the default). With `has_optional_slash` the
    view answers with and without a slash at the end of the path.
    """
    canonical_values = canonical_values or {}
    policy = CachePolicy(
        frozenset([*params, *bypass_params, *canonical_values]),
        frozenset(bypass_params),
        canonical_values=canonical_values,
        has_optional_slash=has_optional_slash,
    )

    def decorate(view: View) -> View:
        view.cache_policy = policy  # type: ignore[attr-defined]  # an attribute of a function
        return view

    return decorate


def never_cached(view: View) -> View:
    """Decorate a view that is rendered for each request, from the path alone: no query, no cookie.

    Its page is not stored but compressed like any other. Compression is safe here because the page
    repeats nothing that a third party can put into the URL (see breachattack.com).
    """
    policy = CachePolicy(frozenset(), frozenset(), is_cacheable=False)
    view.cache_policy = policy  # type: ignore[attr-defined]  # an attribute of a function
    return view


def may_be_page(path: str) -> bool:
    """Whether `path` can be a page of this site; only then is its policy worth looking up."""
    return len(path) <= MAX_PATH_LENGTH and path.isascii()


def policy_for(path: str) -> CachePolicy | None:
    """The `CachePolicy` of the view that answers at `path`, or None."""
    with translation.override(get_language_from_path(path) or settings.LANGUAGE_CODE):
        try:
            view = resolve(path).func
        except Resolver404:
            return None
    return getattr(view, "cache_policy", None)
