"""How every address below /v1/ answers: as JSON, errors too, and to programs on any site."""

from functools import wraps

from django.http import HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import conditional_page

from careers.languages import LANGUAGES

READING = ("GET", "HEAD", "OPTIONS")
TO_EVERYBODY = {
    "Access-Control-Allow-Origin": "*",  # there are no cookies, and so nothing of anybody's own
    "Access-Control-Expose-Headers": "ETag",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Robots-Tag": "noindex",  # what people look for are the pages
}
BEFORE_ASKING = {
    "Access-Control-Allow-Methods": ", ".join(READING),
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Max-Age": "86400",
}


class Refused(Exception):
    """What was asked for cannot be answered: the status, and a sentence for whoever wrote the program."""

    def __init__(self, status, error):
        super().__init__(error)
        self.status, self.error = status, error


def for_programs(view):
    """A view that only reads, for programs on any site. It may raise `Refused`; what has not changed
    is not sent twice."""
    read = conditional_page(view)

    @csrf_exempt  # so that writing is refused as JSON; there is nothing to forge
    @wraps(view)
    def answered(request, **address):
        try:
            response = _answer(read, request, address)
        except Refused as refused:
            status, error = refused.status, refused.error
            response = said({"status": status, "error": error}, status=status, language="en")
        if response.status_code == 405:
            response.headers["Allow"] = ", ".join(READING)
        for name, value in TO_EVERYBODY.items():
            response.headers[name] = value
        return response

    return answered


def _answer(read, request, address):
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers={"Allow": ", ".join(READING), **BEFORE_ASKING})
    if request.method not in READING:
        raise Refused(405, "This can only be read: please send GET, HEAD or OPTIONS.")
    return read(request, **address)


def said(data, *, status=200, language=None):
    """`data` as JSON, in one language or, with None, in whatever languages the openings are."""
    response = JsonResponse(data, status=status, json_dumps_params={"ensure_ascii": False})
    response.headers["Content-Language"] = language or ", ".join(LANGUAGES)
    return response


def one_of(request, name, choices):
    """The value of a parameter, the first of `choices` without one; any other value is refused."""
    value = request.GET.get(name, choices[0])
    if value not in choices:
        raise Refused(400, f"The parameter {name} is one of: {', '.join(choices)}.")
    return value


def flag(request, name):
    """Whether a parameter is `true`."""
    return one_of(request, name, ("false", "true")) == "true"
