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
# A proxy keeps it for a second, and for a day while nobody here answers; a browser always asks.
FOR_EVERYBODY = "public, max-age=0, s-maxage=1, stale-while-revalidate=1, stale-if-error=86400"
FOR_ONE = "private, max-age=0"
LONGEST = 300  # letters of a path; ours have at most half of them


class Mark(NamedTuple):
    """All that a view reads of a query, with which of these its page is for one person only, and
    whether it is not anyway."""

    reads: frozenset
    but_not_with: frozenset
    is_kept: bool = True


def for_everybody(*, reads=(), but_not_with=()):
    """A view whose page is the same for everybody until what it shows is edited.

    `reads` names all parameters of the address that it reads; it never sees others, nor a cookie.
    With one of `but_not_with`, which it reads too, its page is made anew for everybody who asks.
    """
    mark = Mark(frozenset([*reads, *but_not_with]), frozenset(but_not_with))

    def marked(view):
        view.mark = mark
        return view

    return marked


def made_anew(view):
    """A view whose page is made anew for everybody who asks, of the address alone: no query, no cookie.

    Nobody keeps it, but it is sent as small as the others. Nothing that a stranger has put into the
    address stands in it, so what it holds cannot be guessed from its size (breachattack.com).
    """
    view.mark = Mark(frozenset(), frozenset(), is_kept=False)
    return view


def mark_of(path):
    """The mark of the view that answers at a path, or None."""
    if len(path) > LONGEST or not path.isascii():
        return None
    with translation.override(of_path(path) or settings.LANGUAGE_CODE):
        try:
            view = resolve(path).func
        except Resolver404:
            return None
    return getattr(view, "mark", None)


class SharedCaches:
    """Middleware: a marked view's answer says who may keep it, unless it has said so itself."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        match = request.resolver_match
        if mark := getattr(match and match.func, "mark", None):
            said = FOR_EVERYBODY if _is_for_everybody(request, response, mark) else FOR_ONE
            response.headers.setdefault("Cache-Control", said)
        return response


def _is_for_everybody(request, response, mark):
    return (
        mark.is_kept
        and request.method in SAFE
        and response.status_code in KEPT
        and not mark.but_not_with & request.GET.keys()
        and not response.cookies
        and not response.has_header("Vary")
    )
