"""How gunicorn serves the site, on this machine and in production; it reads this file by itself.

The address it listens on, and whatever else differs between machines, comes from its command line.
"""

import os
import subprocess
import sys

# One process for each core of a small machine: what renders pages is Python, and Python uses one.
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)

# Threads let a worker answer while another of its requests waits for the database, the virus scanner or
# a slow reader. Measured (docs/performance.md): with one thread a worker sends half as many kept pages
# again and renders a tenth faster, but a file that is scanned for seconds would hold up everybody; eight
# are slower than four, and `sync` is no faster.
worker_class = "gthread"
threads = 4

# A browser, or the proxy in front, asks for a page's pictures over the connection it already has: a fifth
# more pages than with a connection for each.
# An idle connection costs no thread, but a stopping worker waits for one that never asked.
keepalive = 5

# A worker that has not given a sign of life for this long is stuck and is replaced. Threads give
# their own signs: a long upload is not a stuck worker.
timeout = 30

# Time for answers under way when the site is stopped; `docker stop` loses patience after ten seconds.
graceful_timeout = 8

# The signs of life are a file's times, and writing them to a busy disk can itself stick.
_memory = "/dev/shm"  # noqa: S108 (gunicorn makes a private, unlinked file in it)
worker_tmp_dir = _memory if os.access(_memory, os.W_OK) else None

# Nobody steers gunicorn while it runs: a door that nobody uses stays shut.
control_socket_disable = True

# Whether a visitor came by https is believed of a proxy on this machine, and of those whose addresses
# are in FORWARDED_ALLOW_IPS. Parts of the address in headers are believed of nobody.
forwarder_headers = ""

# One line of JSON for each request, without anything about a person.
logger_class = "careers.logs.GunicornLogger"
accesslog = "-"


def on_starting(server):
    """What the environment lacks is said once, and nothing starts; workers would say it for ever."""
    settings = "from django.conf import settings; settings.DEBUG"
    tried = subprocess.run(  # noqa: S603 (every word of it stands in this file)
        [sys.executable, "-c", settings],
        env={"DJANGO_SETTINGS_MODULE": "careers.settings", **os.environ},
    )
    if tried.returncode:
        sys.exit(tried.returncode)
