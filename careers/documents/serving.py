"""Sends a document as a download, never as a page.

The caller decides who may read it. The download is recorded before the first byte is sent.
"""

import logging
import re
from urllib.parse import quote

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string

from careers.japanese import display_filename
from careers.staff.models import User

from .models import Document, DocumentAccess
from .storage import StorageUnavailable, document_storage

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "no-store",
}
_ASCII_NAME = re.compile(r"[A-Za-z0-9 ._-]+")

log = logging.getLogger(__name__)


def download(document: Document, reader: User, filename: str | None = None) -> HttpResponseBase:
    """The response with the bytes, under `filename` or under the name that the candidate gave.

    An HTML page instead if the document is infected (403), missing (410), or if the storage is
    unreachable (503).
    """
    if not document.is_downloadable:
        return _error_page("infected", 403)
    try:
        file = document_storage().open(document.key)
    except FileNotFoundError:
        log.error("Document %s is missing from storage", document.key)
        return _error_page("gone", 410)
    except (StorageUnavailable, OSError):
        log.exception("Document %s cannot be read", document.key)
        return _error_page("unavailable", 503)
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


def disposition(name: str, type: str) -> str:
    """A Content-Disposition header that every browser understands (RFC 6266, RFC 5987)."""
    name = display_filename(name)
    if not name.lower().endswith(f".{type}"):
        name = f"{name}.{type}"
    ascii_name = name if _ASCII_NAME.fullmatch(name) else f"document.{type}"
    return f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name, safe='')}"


def _error_page(reason: str, status: int) -> HttpResponse:
    page = render_to_string("documents/no_download.html", {"reason": reason, "status": status})
    return HttpResponse(page, status=status, headers={"Cache-Control": "no-store"})
