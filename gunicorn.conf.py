"""gunicorn's configuration, in development and in production. gunicorn finds this file by its name.

The address to listen on, and other options that differ between machines, are on the command line.
"""

import os
import subprocess
import sys

# One process for each core of a small machine: rendering is Python, and a Python process uses one core.
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)

# Threads let a worker answer while another of its requests waits for the database, the virus scanner or
# a slow client. Measured (docs/performance.md): with one thread a worker serves 1.6 times as many cached
# pages and renders a tenth faster, but a virus scan of some seconds would block all other requests. Eight
# threads are slower than four, and `sync` is no faster.
worker_class = "careers.gunicorn_worker.Worker"  # `gthread` with our own page for invalid requests
threads = 4

# Seconds for which a browser or a proxy may reuse an idle connection: a fifth more pages than with one
# connection per request. An idle connection takes no thread, but a stopping worker waits for it.
keepalive = 5

# Seconds without a heartbeat after which a worker is replaced. The heartbeat is independent of requests,
# so a long upload does not stop it.
timeout = 30

# Seconds for requests in progress when the site is stopped; `docker stop` kills after ten seconds.
graceful_timeout = 8

# The heartbeat is the timestamp of a file, and writing it to a busy disk can block.
_memory = "/dev/shm"  # noqa: S108 (gunicorn makes a private, unlinked file in it)
worker_tmp_dir = _memory if os.access(_memory, os.W_OK) else None

# gunicorn's control socket is not used.
control_socket_disable = True

# X-Forwarded-Proto is trusted from a proxy on this machine and from the addresses in
# FORWARDED_ALLOW_IPS. No header can change the path of a request.
forwarder_headers = ""

# One line of JSON for each request, without personal data.
logger_class = "careers.logs.GunicornLogger"
accesslog = "-"


def on_starting(server):
    """Check the environment once, before workers start: each of them would print the error, repeatedly."""
    settings = "from django.conf import settings; settings.DEBUG"
    result = subprocess.run(  # noqa: S603 (fixed words only)
        [sys.executable, "-c", settings],
        env={"DJANGO_SETTINGS_MODULE": "careers.settings", **os.environ},
    )
    if result.returncode:
        sys.exit(result.returncode)
