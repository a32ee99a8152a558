"""The address that tells an operator's programs whether the site is ready."""

from ipaddress import ip_address

from django.conf import settings
from django.http import Http404, JsonResponse
from django.utils import translation

from . import readiness

# Every proxy sets one of these.
PROXY_HEADERS = ("X-Forwarded-For", "X-Real-IP", "Forwarded", "Via")


def readyz(request):
    """The state of each subsystem as JSON: 503 if any has an error, else 200.

    It is answered to direct requests from OPERATOR_NETWORKS only; to all others there is no such page.
    """
    if request.method not in ("GET", "HEAD") or not _is_from_operator(request):
        raise Http404
    with translation.override("en"):
        results = readiness.recent_results()
    has_errors = readiness.has_errors(results)
    content = {
        "status": "error" if has_errors else "ok",
        "checks": {
            result.name: {"state": result.state, "message": result.message} for result in results
        },
    }
    status = 503 if has_errors else 200
    return JsonResponse(content, status=status, headers={"Cache-Control": "no-store"})


def _is_from_operator(request):
    if any(name in request.headers for name in PROXY_HEADERS):
        return False  # behind a proxy, every visitor has the address of the proxy
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:  # the server listens on a Unix socket
        return False
    address = getattr(address, "ipv4_mapped", None) or address
    return any(address in network for network in settings.OPERATOR_NETWORKS)
