"""How gunicorn serves the site, on this machine and in production; it reads this file by itself.

The address it listens on, and whatever else differs between machines, comes from its command line.
"""

import os
import subprocess
import sys

# One process for each core of a small machine: what renders pages is Python, and Python uses one.
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)

# Threads let a worker answer while another of its requests waits for the database, the virus scanner or
# a slow client. Measured (docs/performance.md): with one thread a worker sends half as many cached pages
# again and renders a tenth faster, but a virus scan of some seconds would block everybody; eight threads
# are slower than four, and `sync` is no faster.
worker_class = "gthread"
threads = 4

# Seconds for which a browser or a proxy may reuse a connection: a fifth more pages than with one connection
# per request. An idle connection takes no thread, but a stopping worker waits for one without a request.
keepalive = 5

# Seconds without a heartbeat after which a worker is replaced. The heartbeat does not depend on requests:
# a long upload does not stop it.
timeout = 30

# Seconds for requests under way when the site is stopped; `docker stop` kills after ten seconds.
graceful_timeout = 8

# The heartbeat is the time of a file, and writing it to a busy disk can block.
_memory = "/dev/shm"  # noqa: S108 (gunicorn makes a private, unlinked file in it)
worker_tmp_dir = _memory if os.access(_memory, os.W_OK) else None

# Nothing controls gunicorn while it runs.
control_socket_disable = True

# X-Forwarded-Proto is trusted from a proxy on this machine and from the addresses in
# FORWARDED_ALLOW_IPS. No header may change the path of a request.
forwarder_headers = ""

# One line of JSON for each request, without personal data.
logger_class = "careers.logs.GunicornLogger"
accesslog = "-"


def on_starting(server):
    """Do not start with a wrong environment: each worker would print the message, again and again."""
    settings = "from django.conf import settings; settings.DEBUG"
    result = subprocess.run(  # noqa: S603 (fixed words only)
        [sys.executable, "-c", settings],
        env={"DJANGO_SETTINGS_MODULE": "careers.settings", **os.environ},
    )
    if result.returncode:
        sys.exit(result.returncode)
