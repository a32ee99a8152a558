"""The least that gunicorn can serve: one answer, read once. `gunicorn tests.bench.bare` with BARE_ANSWER,
a file that holds its headers and its body."""

import os
import pickle
from pathlib import Path

HEADERS, BODY = pickle.loads(Path(os.environ["BARE_ANSWER"]).read_bytes())


def application(environ, start_response):
    """The same, whatever is asked for."""
    start_response("200 OK", HEADERS)
    return (BODY,)
