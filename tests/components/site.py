"""The site itself with the demo company, served as in production, for tests that look from outside."""

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
from tests.components.environment import ROOT, local

PATIENCE = 30  # seconds for the first answer
# `python -c LATER 121 deliver` runs a command on a machine whose clock is so many seconds ahead.
LATER = """
import sys, time_machine
from datetime import datetime, timedelta, UTC
from django.core.management import execute_from_command_line
time_machine.travel(datetime.now(UTC) + timedelta(seconds=int(sys.argv.pop(1)))).start()
execute_from_command_line(["manage.py", *sys.argv[1:]])
"""


# Runs the programs that it reads, one in each line of JSON, and answers each with what was printed.
INTERPRETER = """
import contextlib, io, json, os, sys, traceback
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)  # the log
import django
django.setup()
from django.db import connections
for line in sys.stdin:
    printed, fault = io.StringIO(), ""
    try:
        with contextlib.redirect_stdout(printed):
            exec(json.loads(line), {"__name__": "__main__"})
    except Exception:
        fault = traceback.format_exc()
    connections.close_all()
    print(json.dumps([printed.getvalue(), fault]), file=answers, flush=True)
"""
_interpreters = {}  # by VAR_DIR


@contextlib.contextmanager
def running(**variables):
    """Yield the address of a site on the loopback, and the environment in which its commands run.

    Its VAR_DIR is a temporary folder. A DATABASE_URL among the variables names a database with the
    demo company; without one the site has a SQLite file of its own.
    """
    with tempfile.TemporaryDirectory(prefix="careers-site-") as folder:
        port = free_port()
        url = f"http://localhost:{port}"
        environment = local(folder, url, **variables)
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
            if interpreter := _interpreters.pop(folder, None):
                interpreter.communicate(timeout=20)
            server.terminate()
            server.wait(20)


def shell(environment, code):
    """Run Python in a running site; what it prints.

    One process does so for all calls: to start one for each would take half a second each time.
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
    printed, fault = json.loads(interpreter.stdout.readline())
    if fault:
        raise RuntimeError(fault)
    return printed


def manage(environment, *command):
    """Run a command of the site; what it prints."""
    return subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout


def free_port():
    """A port of the loopback that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait(url, server, **headers):
    """Until the site answers, which this process serves."""
    question = urllib.request.Request(f"{url}/healthz", headers=headers)
    for _ in range(PATIENCE * 10):
        if server.poll() is not None:
            break
        with contextlib.suppress(OSError):
            urllib.request.urlopen(question, timeout=5).close()
            return
        time.sleep(0.1)
    raise RuntimeError(f"The site did not answer at {url}.")
