"""Which views answer everybody alike, so that their pages are kept, here and by proxies.

A view without the mark is never kept; it sees every request as it came.
"""

from typing import NamedTuple

from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils import translation

from careers.languages import of_path

SAFE = ("GET", "HEAD")
KEPT = (200, 410)  # with what statuses a page is kept
NO_PAGE = (301, 302, 404)
# A proxy may keep the page for a second, and for STALE_IF_ERROR while the site does not answer.
FOR_EVERYBODY = "public, max-age=0, s-maxage=1, stale-while-revalidate=1, stale-if-error={:.0f}"
# That there is no page, or where it is now, replaces in a proxy the page that was there.
IN_ITS_PLACE = "public, max-age=0, s-maxage=1"
FOR_ONE = "private, max-age=0"
LONGEST = 300  # letters of a path; ours have at most half of them


class Mark(NamedTuple):
    """All that a view reads of a query, with which of these its page is for one person only, and
    whether it is not anyway."""

    params: frozenset
    bypass_params: frozenset
    is_cacheable: bool = True


def cache_publicly(*, params=(), bypass_params=()):
    """A view whose page is the same for everybody until what it shows is edited.

    `params` names all parameters of the address that it reads; it never sees others, nor a cookie.
    With one of `bypass_params`, which it reads too, its page is made anew for everybody who asks.
    """
    mark = Mark(frozenset([*params, *bypass_params]), frozenset(bypass_params))

    def marked(view):
        view.mark = mark
        return view

    return marked


def never_cached(view):
    """A view whose page is made anew for everybody who asks, of the address alone: no query, no cookie.

    Nobody keeps it, but it is sent as small as the others. Nothing that a stranger has put into the
    address stands in it, so what it holds cannot be guessed from its size (breachattack.com).
    """
    view.mark = Mark(frozenset(), frozenset(), is_cacheable=False)
    return view


def can_be_ours(path):
    """Whether a page can have this path; what cannot is not worth remembering."""
    return len(path) <= LONGEST and path.isascii()


def mark_of(path):
    """The mark of the view that answers at a path, or None."""
    with translation.override(of_path(path) or settings.LANGUAGE_CODE):
        try:
            view = resolve(path).func
        except Resolver404:
            return None
    return getattr(view, "mark", None)


class CacheControlMiddleware:
    """Middleware: a marked view's answer says who may keep it, unless it has said so itself."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        match = request.resolver_match
        if mark := getattr(match and match.func, "mark", None):
            response.headers.setdefault("Cache-Control", _said(request, response, mark))
        return response


def _said(request, response, mark):
    if (
        not mark.is_cacheable
        or request.method not in SAFE
        or mark.bypass_params & request.GET.keys()
        or response.cookies
        or response.has_header("Vary")
    ):
        return FOR_ONE
    if response.status_code in KEPT:
        return FOR_EVERYBODY.format(settings.STALE_IF_ERROR.total_seconds())
    return IN_ITS_PLACE if response.status_code in NO_PAGE else FOR_ONE
