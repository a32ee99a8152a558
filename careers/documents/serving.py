"""Gives a document to somebody who may read it: as a file to save, never as a page.

Who may read it is decided by the caller. That it was opened is written down before the first byte.
"""

import logging
import re
from urllib.parse import quote

from django.http import FileResponse, HttpResponse
from django.template.loader import render_to_string

from careers.japanese import display_filename

from .models import DocumentAccess
from .storage import StoreUnavailable, store

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "no-store",
}
_PLAIN = re.compile(r"[A-Za-z0-9 ._-]+")

log = logging.getLogger(__name__)


def download(document, reader, filename=None):
    """The bytes as a download under `filename`, or under the name that the candidate gave.

    A page instead: 403 for an infected one, 410 where the bytes are gone, 503 where the store is
    out of reach.
    """
    if not document.open_to_readers:
        return _page("infected", 403)
    try:
        file = store().open(document.key)
    except FileNotFoundError:
        log.error("Document %s is not in the store", document.key)
        return _page("gone", 410)
    except (StoreUnavailable, OSError):
        log.exception("Document %s cannot be read", document.key)
        return _page("unavailable", 503)
    try:
        DocumentAccess.objects.create(document=document, reader=reader)
    except BaseException:
        file.close()
        raise
    response = FileResponse(file, content_type="application/octet-stream")
    response.headers["Content-Length"] = str(document.size)
    response.headers["Content-Disposition"] = disposition(filename or document.name, document.type)
    for name, value in HEADERS.items():
        response.headers[name] = value
    return response


def disposition(name, type):
    """A header that makes every browser save the file under this name (RFC 6266, RFC 5987)."""
    name = display_filename(name)
    if not name.lower().endswith(f".{type}"):
        name = f"{name}.{type}"
    plain = name if _PLAIN.fullmatch(name) else f"document.{type}"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _page(reason, status):
    page = render_to_string("documents/no_download.html", {"reason": reason, "status": status})
    return HttpResponse(page, status=status, headers={"Cache-Control": "no-store"})
