"""The pages for errors: 400, 403, 404 and 500, and 503 while the database does not answer."""

import sqlite3
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.shortcuts import render


def page_not_found(request, exception):
    """404: nothing here, and where to go instead."""
    return render(request, "404.html", {"languages": ()}, status=404)


def permission_denied(request, exception=None, reason=""):
    """403: no permission, or a form without a valid CSRF cookie. Tells what to do, never the reason."""
    return render(request, "403.html", {"languages": ()}, status=403)


def bad_request(request, exception):
    """400: asked for in a way that cannot be answered, such as under another host name."""
    return HttpResponse("Bad Request\n", content_type="text/plain", status=400)


def server_error(request):
    """500: something of ours failed. Says so in both languages and asks no database.

    503, when it was the database that did not answer: then trying again helps, and says so.
    """
    if _database_is_away(sys.exception()):
        response = render(None, "503.html", status=503)
        response.headers["Retry-After"] = "10"
        return response
    return render(None, "500.html", status=500)


def _database_is_away(fault):
    # With SQLite's plainest code it is our SQL that is wrong; other codes tell of locks and full disks.
    code = getattr(fault and fault.__cause__, "sqlite_errorcode", None)
    return isinstance(fault, OperationalError | InterfaceError) and code != sqlite3.SQLITE_ERROR
