"""What every answer tells the browser, beyond what Django and django-csp already say."""

from django.templatetags.static import static

from careers.languages import of_path

# Which pages a browser may fetch before somebody presses the link: what all see alike, and nothing with
# a form or a token (https://html.spec.whatwg.org/multipage/speculative-loading.html).
PREFETCH = "prefetch.speculationrules"
PERMISSIONS_POLICY = (
    "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()"
)


class SecurityHeadersMiddleware:
    """Middleware: no device for this site's pages, no foreign page that embeds its files.

    A view that has said something itself (a picture for other sites) is left alone.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if of_path(request.path) and response.headers.get("Content-Type", "").startswith(
            "text/html"
        ):
            response.headers.setdefault("Speculation-Rules", f'"{static(PREFETCH)}"')
        return response
