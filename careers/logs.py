"""Logging: one JSON object a line on stdout, without personal data.

A line holds the path of a request, never its query, the client's IP address, cookies or user agent. If
the path holds a token, the line holds the URL pattern instead. Exception messages may quote
user input, so they are logged only for exceptions about the machine or the code.
"""

import json
import logging
import re
import secrets
import sys
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from gunicorn.glogging import Logger

# URL parameters that are secrets.
SECRET_PARAMETERS = {"token", "key", "uidb36", "uidb64"}

LOGGED_MESSAGES = (
    OSError,
    OperationalError,
    ImproperlyConfigured,
    ImportError,
    AttributeError,
    NameError,
    TypeError,
    TemplateDoesNotExist,
    TemplateSyntaxError,
)

_EMAIL_ADDRESS = re.compile(r"[^\s\"'<>@/\\]+@[^\s\"'<>@/\\]+")
# gunicorn appends the client's address or the request line to these messages.
_CLIENT_DETAILS = re.compile(r"(Invalid request|Error handling request)\b.*", re.DOTALL)

_request_id = ContextVar("request_id", default=None)


class RequestIDMiddleware:
    """Gives each request an ID for the logs, and records which route answered it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request_id = request.environ["careers.request_id"] = _new_id()
        token = _request_id.set(request_id)
        try:
            return self.get_response(request)
        finally:
            request.environ["careers.route"] = route(request.path, request.resolver_match)
            _request_id.reset(token)


def route(path, match=None):
    """The path as it may be logged."""
    if match and SECRET_PARAMETERS & match.captured_kwargs.keys():
        return f"/{match.route}"
    if match and match.url_name:
        return path
    if path.startswith(settings.STATIC_URL):
        return path
    # An unknown path may be a link with a token that a mail program has cut off.
    parts = path.split("/")
    return "/".join([*parts[:3], "…"]) if any(parts[3:]) else path


class GunicornLogger(Logger):
    """gunicorn's messages, and one line for every request, including those that never reach Django."""

    def setup(self, cfg):
        super().setup(cfg)
        # `--log-level warning` turns the access log off.
        self.access_log.setLevel(self.loglevel)
        for log in (self.error_log, self.access_log):
            for handler in log.handlers:
                handler.setFormatter(JSONFormatter())
                if type(handler) is logging.StreamHandler:
                    handler.setStream(sys.stdout)

    def access(self, resp, req, environ, request_time):
        status = int((resp.status or "0").split()[0])
        path = environ.get("PATH_INFO", "").encode("latin-1").decode(errors="replace")
        if path == "/healthz" and status == 200:
            return  # asked every few seconds by health checks
        method = environ.get("REQUEST_METHOD")
        # `sent` does not count files sent with sendfile().
        empty = method == "HEAD" or status in (204, 304)
        size = resp.sent or (0 if empty else resp.response_length or 0)
        line = {
            "request_id": environ.get("careers.request_id") or _new_id(),
            "method": method,
            "route": environ.get("careers.route") or route(path),
            "status": status,
            "bytes": size,
            "duration_ms": round(request_time.total_seconds() * 1000),
        }
        if cache := environ.get("careers.cache"):
            line["cache"] = cache
        self.access_log.info(line)


class JSONFormatter(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record):
        fields = {"time": _timestamp(record.created)}
        if isinstance(record.msg, dict):
            fields |= record.msg
            if request_id := _request_id.get():
                fields["request_id"] = request_id
        else:
            fields |= {
                "level": record.levelname,
                "logger": record.name,
                "message": _message(record),
            }
            if request_id := _request_id.get():
                fields["request_id"] = request_id
        if record.exc_info and record.exc_info[1]:
            fields["exception"] = _traceback(record.exc_info[1])
        return _EMAIL_ADDRESS.sub("(email)", json.dumps(fields, ensure_ascii=False, default=str))


def _message(record):
    text = record.getMessage()
    request = getattr(record, "request", None)
    if path := getattr(request, "path", None):
        text = text.replace(path, route(path, request.resolver_match))
    return _CLIENT_DETAILS.sub(r"\1", text)


def _traceback(error):
    """The tracebacks and types of an exception and its causes, the first cause first."""
    parts = []
    while error and len(parts) < 10:
        message = f": {error}" if isinstance(error, LOGGED_MESSAGES) else ""
        frames = "".join(traceback.format_tb(error.__traceback__))
        parts.insert(0, f"{frames}{type(error).__qualname__}{message}")
        hidden = error.__cause__ is None and error.__suppress_context__
        error = None if hidden else error.__cause__ or error.__context__
    return "\n\n".join(parts)


def _timestamp(seconds):
    moment = datetime.fromtimestamp(seconds, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _new_id():
    return secrets.token_hex(8)
