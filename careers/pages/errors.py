"""Error pages: 400, 403, 404 and 500, and 503 while the database does not answer."""

import sqlite3
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.shortcuts import render


def page_not_found(request, exception):
    """404: page not found, with links to other pages."""
    return render(request, "404.html", {"languages": ()}, status=404)


def permission_denied(request, exception=None, reason=""):
    """403: no permission, or a form without a valid CSRF cookie. Says what to do, not the reason."""
    return render(request, "403.html", {"languages": ()}, status=403)


def bad_request(request, exception):
    """400: an invalid request, such as one with another host name."""
    return HttpResponse("Bad Request\n", content_type="text/plain", status=400)


def server_error(request):
    """500: an unexpected error. The page is in both languages and makes no query.

    503 with Retry-After if the database did not answer.
    """
    if _is_database_outage(sys.exception()):
        response = render(None, "503.html", status=503)
        response.headers["Retry-After"] = "10"
        return response
    return render(None, "500.html", status=500)


def _is_database_outage(error):
    # SQLITE_ERROR means that our SQL is wrong; other codes mean locks, full disks and the like.
    code = getattr(error and error.__cause__, "sqlite_errorcode", None)
    return isinstance(error, OperationalError | InterfaceError) and code != sqlite3.SQLITE_ERROR
