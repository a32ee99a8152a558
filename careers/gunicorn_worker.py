"""The worker class of gunicorn, with the site's own page for requests that gunicorn cannot parse.

A request line with unencoded kanji is invalid (RFC 9112, 3.2), so it never reaches Django.
"""

import contextlib
import re

from gunicorn import util
from gunicorn.http.errors import InvalidHTTPVersion, InvalidRequestLine, LimitRequestLine
from gunicorn.workers.gthread import ThreadWorker

STATUSES = {
    InvalidRequestLine: "400 Bad Request",
    InvalidHTTPVersion: "400 Bad Request",  # an unencoded space in the URL
    LimitRequestLine: "414 URI Too Long",
}
HEADERS = (
    "Content-Type: text/html; charset=utf-8",
    "Content-Security-Policy: default-src 'none'; style-src 'self'; img-src 'self'",
    "X-Content-Type-Options: nosniff",
    "Referrer-Policy: same-origin",
    "Cache-Control: private, no-store",
    "Connection: close",
)
_METHOD_AND_PATH = re.compile(r"([A-Z]+) (/\S*)")


class Worker(ThreadWorker):
    """gunicorn's worker with threads."""

    def handle_error(self, req, client, addr, exc):
        """Send the page about a request that cannot be parsed; gunicorn handles other errors."""
        status = STATUSES.get(type(exc))
        if not status:
            super().handle_error(req, client, addr, exc)
            return
        self.log.warning("Invalid request")
        line = getattr(exc, "req", "")  # decoded as Latin-1
        match = _METHOD_AND_PATH.match(line) if isinstance(line, str) else None
        method, path = match.groups() if match else ("GET", "/")
        try:
            response = _response(status, path, has_body=method != "HEAD")
        except Exception:
            self.log.exception("The page about an invalid request could not be rendered")
            super().handle_error(req, client, addr, exc)
            return
        with contextlib.suppress(OSError):  # the connection was lost
            util.write_nonblock(client, response)


def _response(status, path, has_body):
    # Django is configured once the application is loaded, after this module.
    from careers.pages.errors import (  # noqa: PLC0415
        BAD_REQUEST,
        path_languages,
        request_error_page,
    )

    error = BAD_REQUEST._replace(status=int(status[:3]))
    body = request_error_page(error, path_languages(path)).encode()
    lines = [f"HTTP/1.1 {status}", *HEADERS, f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + (body if has_body else b"")
