"""What the site tells its operator: one JSON object a line on stdout, and nothing about a person.

A line names the route, never the query, the visitor's address, cookies or program. Where an address
holds a token, the line holds the pattern of the route in its place. What an exception says may quote
what somebody typed, so it is told only for kinds that speak of the machine or the code.
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

# Parameters of URL patterns that open something to whoever knows them.
TOKENS = {"token", "key", "uidb36", "uidb64"}

OF_THE_MACHINE = (
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

_E_MAIL = re.compile(r"[^\s\"'<>@/\\]+@[^\s\"'<>@/\\]+")
# gunicorn goes on with the visitor's address, or with what it was asked for.
_OF_STRANGERS = re.compile(r"(Invalid request|Error handling request)\b.*", re.DOTALL)

_request = ContextVar("request", default=None)


class RequestIDMiddleware:
    """Middleware: gives each request a name for the logs, and notes which route answered it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        name = request.environ["careers.request"] = _name()
        outside = _request.set(name)
        try:
            return self.get_response(request)
        finally:
            request.environ["careers.route"] = route(request.path, request.resolver_match)
            _request.reset(outside)


def route(path, match=None):
    """The address as the logs may hold it."""
    if match:
        return f"/{match.route}" if TOKENS & match.captured_kwargs.keys() else path
    if path.startswith(settings.STATIC_URL):
        return path
    # Nobody knows this address: it may be a link with a token that a letter has broken.
    parts = path.split("/")
    return "/".join([*parts[:3], "…"]) if any(parts[3:]) else path


class Gunicorn(Logger):
    """gunicorn's own lines, and one for every request it answers, those before Django included."""

    def setup(self, cfg):
        super().setup(cfg)
        # `--log-level warning` leaves the requests out.
        self.access_log.setLevel(self.loglevel)
        for log in (self.error_log, self.access_log):
            for handler in log.handlers:
                handler.setFormatter(Line())
                if type(handler) is logging.StreamHandler:
                    handler.setStream(sys.stdout)

    def access(self, resp, req, environ, request_time):
        status = int((resp.status or "0").split()[0])
        path = environ.get("PATH_INFO", "").encode("latin-1").decode(errors="replace")
        if path == "/healthz" and status == 200:
            return  # every few seconds, and never news
        method = environ.get("REQUEST_METHOD")
        # A file that the kernel sends is not counted in `sent`.
        empty = method == "HEAD" or status in (204, 304)
        size = resp.sent or (0 if empty else resp.response_length or 0)
        line = {
            "request": environ.get("careers.request") or _name(),
            "method": method,
            "route": environ.get("careers.route") or route(path),
            "status": status,
            "bytes": size,
            "milliseconds": round(request_time.total_seconds() * 1000),
        }
        if environ.get("careers.kept"):  # nothing was rendered for it (careers/page_cache/)
            line["kept"] = True
        self.access_log.info(line)


class Line(logging.Formatter):
    """Formatter: a record as one line of JSON."""

    def format(self, record):
        fields = {"time": _moment(record.created)}
        if isinstance(record.msg, dict):
            fields |= record.msg
        else:
            fields |= {"level": record.levelname, "logger": record.name, "text": _text(record)}
            if name := _request.get():
                fields["request"] = name
        if record.exc_info and record.exc_info[1]:
            fields["exception"] = _told(record.exc_info[1])
        return _E_MAIL.sub("(e-mail)", json.dumps(fields, ensure_ascii=False, default=str))


def _text(record):
    text = record.getMessage()
    request = getattr(record, "request", None)
    if path := getattr(request, "path", None):
        text = text.replace(path, route(path, request.resolver_match))
    return _OF_STRANGERS.sub(r"\1", text)


def _told(error):
    """Where it happened and what kind it was, beginning with the cause of all."""
    parts = []
    while error and len(parts) < 10:
        said = f": {error}" if isinstance(error, OF_THE_MACHINE) else ""
        where = "".join(traceback.format_tb(error.__traceback__))
        parts.insert(0, f"{where}{type(error).__qualname__}{said}")
        hidden = error.__cause__ is None and error.__suppress_context__
        error = None if hidden else error.__cause__ or error.__context__
    return "\n\n".join(parts)


def _moment(seconds):
    moment = datetime.fromtimestamp(seconds, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _name():
    return secrets.token_hex(8)
