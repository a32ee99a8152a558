"""The Cache-Control header of views that are decorated with a cache policy."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from .decorators import CachePolicy

SAFE_METHODS = ("GET", "HEAD")
CACHEABLE_STATUSES = (200, 410)
REPLACING_STATUSES = (301, 302, 404)
# Proxies keep a page for a second, and for STALE_IF_ERROR while this site does not answer (RFC 5861).
# Browsers always ask.
PUBLIC = "public, max-age=0, s-maxage=1, stale-while-revalidate=1, stale-if-error={:.0f}"
# Cache 301, 302 and 404 too, so that they overwrite a page that a proxy still holds.
PUBLIC_BRIEFLY = "public, max-age=0, s-maxage=1"
PRIVATE = "private, max-age=0"


class CacheControlMiddleware:
    """Sets Cache-Control for views with a cache policy, unless the view has set it itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        match = request.resolver_match
        if policy := getattr(match and match.func, "cache_policy", None):
            response.headers.setdefault("Cache-Control", _cache_control(request, response, policy))
        return response


def _cache_control(request: HttpRequest, response: HttpResponse, policy: CachePolicy) -> str:
    if (
        not policy.is_cacheable
        or request.method not in SAFE_METHODS
        or policy.bypass_params & request.GET.keys()
        or response.cookies
        or response.has_header("Vary")
    ):
        return PRIVATE
    if response.status_code in CACHEABLE_STATUSES:
        return PUBLIC.format(settings.STALE_IF_ERROR.total_seconds())
    return PUBLIC_BRIEFLY if response.status_code in REPLACING_STATUSES else PRIVATE
