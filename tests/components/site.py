"""The site with the demo company in a process of its own, served as in production."""

import contextlib
import json
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from tests.components import prebuilt
from tests.components.environment import ROOT, development_environment

START_TIMEOUT = 30  # seconds until the first response
# `python -c LATER 121 send_queued_mail` runs a command with a clock that is 121 seconds ahead.
LATER = """
import sys, time_machine
from datetime import datetime, timedelta, UTC
from django.core.management import execute_from_command_line
time_machine.travel(datetime.now(UTC) + timedelta(seconds=int(sys.argv.pop(1)))).start()
execute_from_command_line(["manage.py", *sys.argv[1:]])
"""


# Runs programs from its input, one per line of JSON, and replies to each with its output.
INTERPRETER = """
import contextlib, io, json, os, sys, traceback
replies = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)  # the log
import django
django.setup()
from django.db import connections
for line in sys.stdin:
    output, error = io.StringIO(), ""
    try:
        with contextlib.redirect_stdout(output):
            exec(json.loads(line), {"__name__": "__main__"})
    except Exception:
        error = traceback.format_exc()
    connections.close_all()
    print(json.dumps([output.getvalue(), error]), file=replies, flush=True)
"""
_interpreters = {}  # by VAR_DIR


@contextlib.contextmanager
def running(**variables):
    """Yield the URL of a running site on the loopback, and the environment for its commands.

    Its VAR_DIR is a temporary folder. DATABASE_URL names a database with the demo company; without
    it, the site has its own SQLite file.
    """
    with tempfile.TemporaryDirectory(prefix="careers-site-") as folder:
        port = free_port()
        url = f"http://localhost:{port}"
        environment = development_environment(folder, url, **variables)
        prebuilt.copy_files(Path(folder))
        if "DATABASE_URL" not in variables:
            prebuilt.copy_database(Path(folder) / prebuilt.DATABASE, "demo")
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "careers.wsgi", "--bind", f"127.0.0.1:{port}"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
        )
        try:
            wait(url, server)
            yield url, environment
        finally:
            stop_shell(environment)
            server.terminate()
            server.wait(20)


def shell(environment, code):
    """Run Python code in the environment of a running site; return its output.

    One process runs the code of all calls, because starting a process takes half a second.
    """
    var_dir = environment["VAR_DIR"]
    if var_dir not in _interpreters:
        _interpreters[var_dir] = subprocess.Popen(
            [sys.executable, "-c", INTERPRETER],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
    interpreter = _interpreters[var_dir]
    print(json.dumps(code), file=interpreter.stdin, flush=True)
    output, error = json.loads(interpreter.stdout.readline())
    if error:
        raise RuntimeError(error)
    return output


def stop_shell(environment):
    """Stop the process of `shell`, if it was started."""
    if interpreter := _interpreters.pop(environment["VAR_DIR"], None):
        interpreter.communicate(timeout=20)


def call(environment, *command):
    """Run a management command in the process of `shell`; return its output."""
    code = f"from django.core.management import call_command\ncall_command(*{command!r})"
    return shell(environment, code)


def manage(environment, *command):
    """Run a management command of the site in a process of its own; return its output."""
    return subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout


def free_port():
    """A free port of the loopback."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait(url, server, **headers):
    """Wait until the site that this server process runs responds; RuntimeError if it does not."""
    request = urllib.request.Request(f"{url}/healthz", headers=headers)
    for _ in range(START_TIMEOUT * 10):
        if server.poll() is not None:
            break
        with contextlib.suppress(OSError):
            urllib.request.urlopen(request, timeout=5).close()
            return
        time.sleep(0.1)
    raise RuntimeError(f"The site does not respond at {url}.")
