"""A whole site as in production; each part can be killed and started again."""

import contextlib
import ctypes
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

from tests.components import postgres, prebuilt, smtp
from tests.components.candidate import SiteClient
from tests.components.site import LATER, ROOT, free_port, wait

SITE_URL = "https://careers.example.com"
WORKERS = 2
# Relative frequency of kills: parts that restart quickly are killed more often.
WEIGHTS = {"a web worker": 4, "the worker": 3, "the web service": 1, "PostgreSQL": 1}


class Program:
    """One program of the site, in a process group with its child processes."""

    def __init__(self, environment, *command, tracer=()):
        self.environment, self.command = environment, [*tracer, sys.executable, *command]
        self.process = None

    def start(self):
        self.process = subprocess.Popen(
            self.command,
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_end_with_parent,
        )

    def kill(self):
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def stop(self):
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(15)
        self.kill()

    def children(self):
        """Process ids of its direct children."""
        pid = self.process.pid
        with contextlib.suppress(OSError):
            return [
                int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
            ]
        return []


def _serves(process):
    """Whether it is a web worker; before serving, gunicorn also starts a process that checks the settings."""
    with contextlib.suppress(OSError):
        return b"gunicorn" in Path(f"/proc/{process}/cmdline").read_bytes()
    return False


_libc = ctypes.CDLL(None)
_PR_SET_PDEATHSIG = 1


def _end_with_parent():
    """In the child: the kernel kills it when the test process ends."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


class KillableSite:
    """The web server, the worker, a mail server, and PostgreSQL if it is used."""

    def __init__(self, folder, mail_server, database, tracer):
        self.mail_server, self.database = mail_server, database
        self.port = free_port()
        self.kills = Counter()
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "careers.settings",
            "DEV": "no",
            "SITE_URL": SITE_URL,
            "SECRET_KEY": "a-key-for-one-run-" + os.urandom(32).hex(),
            "VAR_DIR": str(folder),
            "DATABASE_URL": f"sqlite:///{folder / 'careers.sqlite3'}",
            "SMTP_URL": f"smtp+plain://127.0.0.1:{mail_server.port}",
            "MAIL_FROM": "careers@example.com",
            "TRUSTED_PROXIES": "1",
            "WEB_CONCURRENCY": str(WORKERS),
        }
        if database:
            self.environment["DATABASE_URL"] = database.url
            self.environment["PATH"] = f"{database.programs}{os.pathsep}{os.environ['PATH']}"
        bind = f"127.0.0.1:{self.port}"
        self.web = Program(
            self.environment, "-m", "gunicorn", "careers.wsgi", "--bind", bind, tracer=tracer
        )
        self.worker = Program(self.environment, "manage.py", "worker")

    def start(self):
        """Serve the demo company, and wait until the site responds."""
        var_dir = Path(self.environment["VAR_DIR"])
        prebuilt.copy_files(var_dir)
        if not self.database:
            prebuilt.copy_database(var_dir / prebuilt.DATABASE, "demo")
        self.web.start()
        self.worker.start()
        wait(f"http://127.0.0.1:{self.port}", self.web.process, Host="careers.example.com")

    def client(self, ip_address):
        """A client of the site with this IP address."""
        return SiteClient(SITE_URL, self.port, ip_address)

    def kill_something(self):
        """Kill one part with SIGKILL; it starts again."""
        weights = {
            part: weight
            for part, weight in WEIGHTS.items()
            if part != "PostgreSQL" or self.database
        }
        [part] = random.choices(list(weights), list(weights.values()))
        if part == "a web worker":
            workers = [child for child in self.web.children() if _serves(child)]
            if not workers:  # gunicorn is just starting
                return
            with contextlib.suppress(ProcessLookupError):
                os.kill(random.choice(workers), signal.SIGKILL)  # gunicorn starts another one
        elif part == "PostgreSQL":
            self.database.kill()
            self.database.revive()
        else:
            program = self.web if part == "the web service" else self.worker
            program.kill()
            program.start()
        self.kills[part] += 1

    def deliver_remaining(self):
        """Stop the worker, and deliver what killed workers still hold leases on."""
        self.worker.stop()
        command = [sys.executable, "-c", LATER, "121", "send_queued_mail"]
        subprocess.run(command, cwd=ROOT, env=self.environment, check=True, capture_output=True)

    def stop(self):
        """Kill everything."""
        self.web.kill()
        self.worker.kill()


@contextlib.contextmanager
def running(folder, *, on_postgresql, tracer=()):
    """Yield a running KillableSite with the demo company.

    `tracer` is a command prefix, such as strace, for the web server.
    """
    with contextlib.ExitStack() as stack:
        mail_server = stack.enter_context(smtp.running())
        data = prebuilt.cluster() if on_postgresql else None
        database = (
            stack.enter_context(postgres.running_server(data=data)) if on_postgresql else None
        )
        site = KillableSite(folder, mail_server, database, tracer)
        stack.callback(site.stop)
        site.start()
        yield site
