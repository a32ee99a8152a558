"""The minimum for gunicorn: one response, read once. `gunicorn tests.bench.bare` with BARE_RESPONSE, the
path of a file with its headers and body."""

import os
import pickle
from pathlib import Path

HEADERS, BODY = pickle.loads(Path(os.environ["BARE_RESPONSE"]).read_bytes())


def application(environ, start_response):
    """The same response for every request."""
    start_response("200 OK", HEADERS)
    return (BODY,)
