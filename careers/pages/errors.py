"""Error pages: 400, 403, 404, 413 and 500, and 503 while the database does not answer."""

import contextlib
import sqlite3
import sys
from typing import NamedTuple

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language_from_path
from django.utils.translation import gettext_lazy as _

from careers.languages import LANGUAGES

MAX_DRAINED = 64 * 1024**2  # bytes of a rejected form that are read; more than the proxy accepts


class RequestError(NamedTuple):
    """The page about a request that cannot be answered: its status and its texts.

    `in_form` is the text in a form that is still open, because a script has sent it.
    """

    status: int
    heading: str
    text: str
    advice: str
    in_form: str


BAD_REQUEST = RequestError(
    400,
    _("We can’t open this page"),
    _("The URL may be incomplete or mistyped. Check it, or start from the home page."),
    _("If you were sending a form, go back. Your browser usually still has what you entered."),
    _(
        "Nothing was sent. Send the form again. If that fails, copy what you wrote and reload the page."
    ),
)
TOO_LARGE = RequestError(
    413,
    _("There is too much in this form"),
    _("Nothing was saved. Go back to the form. Your browser usually still has what you entered."),
    _("Shorten the longest text or choose fewer files. Then send the form again."),
    _(
        "Nothing was sent. Shorten the longest text or choose fewer files. Then send the form again."
    ),
)


def page_not_found(request, exception):
    """404: page not found, with links to other pages."""
    return render(request, "404.html", {"languages": ()}, status=404)


def permission_denied(request, exception=None, reason=""):
    """403: no permission, or a form without a valid CSRF cookie. Says what to do, not the reason."""
    return render(request, "403.html", {"languages": ()}, status=403)


def bad_request(request, exception):
    """400: an invalid request, such as one with another host name. 413: a form with too much data.

    The page is in the language of the URL, otherwise in both languages.
    """
    error = request_error(request, exception)
    if wants_json(request):
        texts = {"heading": str(error.heading), "text": str(error.in_form)}
        return JsonResponse({"summary": {**texts, "errors": []}}, status=error.status)
    page = request_error_page(error, path_languages(request.path))
    response = HttpResponse(page, status=error.status)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def request_error(request, exception):
    """The `RequestError` of an exception. Reads the rest of a request that is too large."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        _drain(request)
        return TOO_LARGE
    return BAD_REQUEST


def wants_json(request):
    """Whether a script sent the form: apply.js shows the answer in the form."""
    return request.headers.get("Accept") == "application/json"


def path_languages(path):
    """The language of a path as a tuple, or both."""
    language = get_language_from_path(path)
    return (language,) if language else LANGUAGES


def request_error_page(error, languages):
    """The HTML of a page about a request, in each of `languages`. It makes no query."""
    return render_to_string("request_error.html", {"error": error, "languages": languages})


def _drain(request):
    """Read the rest of the request: a browser may not show a response that arrives while it is sending."""
    with contextlib.suppress(OSError):  # the connection was lost
        for _chunk in range(MAX_DRAINED // 2**16):
            if not request.read(2**16):
                break


def server_error(request):
    """500: an unexpected error. The page is in both languages and makes no query.

    503 with Retry-After if the database did not answer.
    """
    if is_database_outage(sys.exception()):
        response = render(None, "503.html", status=503)
        response.headers["Retry-After"] = "10"
        return response
    return render(None, "500.html", status=500)


def is_database_outage(error):
    """Whether an exception means that the database did not answer."""
    # SQLITE_ERROR means that our SQL is wrong; other codes mean locks, full disks and the like.
    code = getattr(error and error.__cause__, "sqlite_errorcode", None)
    return isinstance(error, OperationalError | InterfaceError) and code != sqlite3.SQLITE_ERROR
