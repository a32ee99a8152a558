"""A whole site as in production, each part of which can be killed and started again."""

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
from tests.components.candidate import Site
from tests.components.site import LATER, ROOT, free_port, wait

ADDRESS = "https://careers.example.com"
WORKERS = 2
# How often each part is hit, compared with the others: what comes back quickly more often.
ODDS = {"a web worker": 4, "the background work": 3, "the web service": 1, "PostgreSQL": 1}


class Program:
    """One program of the site, in a group of its own with whatever it starts."""

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
        """The processes that it has started itself."""
        pid = self.process.pid
        with contextlib.suppress(OSError):
            return [
                int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
            ]
        return []


def _serves(process):
    """Whether it is a worker: gunicorn also starts a look at the settings, before it serves."""
    with contextlib.suppress(OSError):
        return b"gunicorn" in Path(f"/proc/{process}/cmdline").read_bytes()
    return False


_libc = ctypes.CDLL(None)
_PR_SET_PDEATHSIG = 1


def _end_with_parent():
    """In the child: whatever ends these tests ends it too."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


class Stage:
    """The web server, the background work, the mail server, and PostgreSQL where there is one."""

    def __init__(self, folder, mail_server, database, tracer):
        self.mail_server, self.database = mail_server, database
        self.port = free_port()
        self.kills = Counter()
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "careers.settings",
            "DEV": "no",
            "SITE_URL": ADDRESS,
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
        self.work = Program(self.environment, "manage.py", "worker")

    def start(self):
        """Serve the demo company, and wait until the site answers."""
        var_dir = Path(self.environment["VAR_DIR"])
        prebuilt.copy_files(var_dir)
        if not self.database:
            prebuilt.copy_database(var_dir / prebuilt.DATABASE, "demo")
        self.web.start()
        self.work.start()
        wait(f"http://127.0.0.1:{self.port}", self.web.process, Host="careers.example.com")

    def site(self, visitor):
        """The site as a visitor with this address sees it."""
        return Site(ADDRESS, self.port, visitor)

    def kill_something(self):
        """kill -9 to one part, which then starts again."""
        odds = {part: odds for part, odds in ODDS.items() if part != "PostgreSQL" or self.database}
        [part] = random.choices(list(odds), list(odds.values()))
        if part == "a web worker":
            workers = [child for child in self.web.children() if _serves(child)]
            if not workers:  # the service is just being started
                return
            with contextlib.suppress(ProcessLookupError):
                os.kill(random.choice(workers), signal.SIGKILL)  # gunicorn starts another one
        elif part == "PostgreSQL":
            self.database.kill()
            self.database.revive()
        else:
            program = self.web if part == "the web service" else self.work
            program.kill()
            program.start()
        self.kills[part] += 1

    def deliver_the_rest(self):
        """End the background work, and deliver what the leases of the dead have held back."""
        self.work.stop()
        later = [sys.executable, "-c", LATER, "121", "send_queued_mail"]
        subprocess.run(later, cwd=ROOT, env=self.environment, check=True, capture_output=True)

    def stop(self):
        """There is nobody left whom an abrupt end could hurt."""
        self.web.kill()
        self.work.kill()


@contextlib.contextmanager
def running(folder, *, on_postgresql, tracer=()):
    """Yield a Stage that lives as long as this block, with a company and its openings.

    `tracer` is a program that looks at the web server while that runs.
    """
    with contextlib.ExitStack() as stack:
        mail_server = stack.enter_context(smtp.running())
        data = prebuilt.cluster() if on_postgresql else None
        database = stack.enter_context(postgres.serving(data=data)) if on_postgresql else None
        stage = Stage(folder, mail_server, database, tracer)
        stack.callback(stage.stop)
        stage.start()
        yield stage
