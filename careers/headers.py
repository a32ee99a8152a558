"""Response headers that neither Django nor django-csp sets."""

from django.templatetags.static import static
from django.utils.translation import get_language_from_path

# Rules for which links browsers prefetch: public pages without a form or a token
# (https://html.spec.whatwg.org/multipage/speculative-loading.html).
SPECULATION_RULES = "prefetch.speculationrules"
PERMISSIONS_POLICY = (
    "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()"
)


class SecurityHeadersMiddleware:
    """Sets Permissions-Policy, Cross-Origin-Resource-Policy and Speculation-Rules, unless a view has."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        content_type = response.headers.get("Content-Type", "")
        if get_language_from_path(request.path) and content_type.startswith("text/html"):
            response.headers.setdefault("Speculation-Rules", f'"{static(SPECULATION_RULES)}"')
        return response
