"""JSON responses of the job board API: read-only, with errors as JSON, and open to any origin (CORS)."""

from functools import wraps

from django.http import HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import conditional_page

from careers.languages import LANGUAGES
from careers.page_cache.decorators import cache_publicly

METHODS = ("GET", "HEAD", "OPTIONS")
HEADERS = {
    "Access-Control-Allow-Origin": "*",  # safe: there are no cookies, and nothing is personal
    "Access-Control-Expose-Headers": "ETag",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Robots-Tag": "noindex",  # search engines should list the pages instead
}
PREFLIGHT_HEADERS = {
    "Allow": ", ".join(METHODS),
    "Access-Control-Allow-Methods": ", ".join(METHODS),
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Max-Age": "86400",
}


class ApiError(Exception):
    """An error response: its status, and a message for developers."""

    def __init__(self, status, message):
        super().__init__(message)
        self.status, self.message = status, message


def api_view(view):
    """Decorator of read-only endpoints: conditional requests, CORS, and errors as `ApiError`."""
    conditional_view = conditional_page(view)

    @csrf_exempt  # so that POST gets the 405 as JSON; the API is read-only
    @wraps(view)
    def endpoint(request, **kwargs):
        try:
            response = _respond(conditional_view, request, kwargs)
        except ApiError as error:
            data = {"status": error.status, "error": error.message}
            response = json_response(data, status=error.status, language="en")
        if response.status_code == 405:
            response.headers["Allow"] = ", ".join(METHODS)
        for name, value in HEADERS.items():
            response.headers[name] = value
        return response

    return endpoint


def _respond(view, request, kwargs):
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers=PREFLIGHT_HEADERS)
    if request.method not in METHODS:
        raise ApiError(405, "This API is read-only: send GET, HEAD or OPTIONS.")
    return view(request, **kwargs)


def json_response(data, *, status=200, language=None):
    """`data` as JSON. Without a `language`, Content-Language names both."""
    response = JsonResponse(data, status=status, json_dumps_params={"ensure_ascii": False})
    response.headers["Content-Language"] = language or ", ".join(LANGUAGES)
    return response


class ChoiceParameter:
    """A query parameter with one of `values`, in any case; without a value, the first of them."""

    def __init__(self, name, *values, aliases=None):
        self.name, self.values = name, values
        spellings = {value: value for value in values} | (aliases or {})
        self._canonical = {
            text: "" if value == values[0] else value for text, value in spellings.items()
        }

    def canonical(self, text):
        """The canonical form of a value: in lower case, "" for the default."""
        return self._canonical.get(text.lower(), text)

    def read(self, request):
        """The value in a request; a value that is not allowed is a 400."""
        value = self.canonical(request.GET.get(self.name, "")) or self.values[0]
        if value not in self.values:
            message = f"The parameter {self.name} must be one of: {', '.join(self.values)}."
            raise ApiError(400, message)
        return value


class BooleanParameter(ChoiceParameter):
    """A query parameter that is false or true: also `True`, which Python writes, and `1`."""

    def __init__(self, name):
        super().__init__(name, "false", "true", aliases={"0": "false", "1": "true"})

    def read(self, request):
        return super().read(request) == "true"


def cached_endpoint(*parameters):
    """Decorator of an endpoint whose response is cached, and which reads these parameters.

    It answers with and without a slash at the end of its path.
    """
    return cache_publicly(
        canonical_values={parameter.name: parameter.canonical for parameter in parameters},
        has_optional_slash=True,
    )
