"""Serves the site on this machine as production does, until it is told to stop.

One process starts two others, the web server and the background work, and answers for them: after
any stop, wanted or not, none of them is left.
"""

import contextlib
import ctypes
import errno
import http.client
import os
import secrets
import select
import signal
import socket
import subprocess
import sys
import time
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connections, transaction

from careers.company.models import Company

RECRUITER = "recruiter@localhost"
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # without those that look alike
FIRST_ANSWER_WITHIN = 60  # seconds
LAST_ANSWER_WITHIN = 3  # seconds, for requests under way when the site is stopped
STOPS_WITHIN = 5  # seconds; then the rest is killed


class Command(BaseCommand):
    help = "Serves the site on this machine as production does, and does its background work."
    # `make check` has looked at the code already; a second look at each start takes a second.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--port", default="8000", help="where on localhost (default: 8000)")
        parser.add_argument(
            "--no-demo", action="store_true", help="leave an empty database without a company"
        )

    def handle(self, *, port, no_demo, **options):
        _end_quietly_on_signals()
        port = _whole_number("PORT", port, 65535)
        _whole_number("WEB_CONCURRENCY", os.environ.get("WEB_CONCURRENCY", "1"), 99)
        addresses = _free_addresses(port)
        try:
            self._prepare(demo=not no_demo)
        except OSError as fault:
            raise CommandError(f"VAR_DIR cannot be used: {fault}") from None
        except OperationalError as fault:
            raise CommandError(
                "The database cannot be used; please check DATABASE_URL and VAR_DIR."
                f" It said: {str(fault).strip().splitlines()[0]}"
            ) from None
        programs = []
        try:
            programs += [_start_web(addresses), _start_work()]
            if _answers(port):
                self._say(
                    f"Careers is at http://localhost:{port}/en/ and /ja/; the admin at /admin/."
                    " Ctrl-C stops it."
                )
            died = _wait_for_one_to_end()
        finally:
            _stop(programs)
        name = "web server" if died == programs[0].pid else "background work"
        raise CommandError(f"The {name} has ended by itself, so Careers has stopped.")

    def _prepare(self, *, demo):
        """Bring the database up to date; the first time, also the demo company and a recruiter."""
        settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
        call_command("migrate", interactive=False, verbosity=0)
        call_command("sync_permissions", verbosity=0)
        if not Company.objects.exists():
            # All or nothing: an interrupted first time is a first time again.
            with transaction.atomic():
                if demo:
                    self._say("Loading the demo company (once)...")
                    call_command("load_demo", verbosity=0)
                password = _make_recruiter()
            if password:
                self._say(
                    "Sign in to the admin (said only this once):\n"
                    f"  e-mail    {RECRUITER}\n  password  {password}"
                )
        connections.close_all()  # the programs open their own

    def _say(self, text):
        self.stdout.write(text)
        self.stdout.flush()  # at once, into a log file too


def _whole_number(name, value, largest):
    if not (value.isascii() and value.isdigit() and 1 <= int(value) <= largest):
        raise CommandError(f"{name} must be a whole number from 1 to {largest}, not {value!r}.")
    return int(value)


def _free_addresses(port):
    """Where to listen on this machine: both kinds of address, as browsers may try either first."""
    addresses = []
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        with contextlib.closing(socket.socket(family, socket.SOCK_STREAM)) as door:
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as gunicorn will
            try:
                door.bind((host, port))
                door.listen()
            except OSError as fault:
                if fault.errno == errno.EADDRINUSE:
                    raise CommandError(
                        f"Port {port} is taken: choose another one with make run PORT={port + 1}"
                    ) from None
                if fault.errno == errno.EACCES:
                    raise CommandError(
                        f"Port {port} is reserved: choose one above 1023, make run PORT=8001"
                    ) from None
                if family == socket.AF_INET:
                    raise
                continue  # a machine without IPv6
        addresses.append(f"[{host}]:{port}" if ":" in host else f"{host}:{port}")
    return addresses


def _make_recruiter():
    """The first account, and its password; None where somebody can sign in already."""
    User = get_user_model()
    if User.objects.exists():
        return None
    groups = ("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))
    password = "-".join(groups)  # 79 random bits
    User.objects.create_superuser(email=RECRUITER, password=password)
    return password


# --- The two programs --------------------------------------------------------------------------


def _start_web(addresses):
    binds = [word for address in addresses for word in ("--bind", address)]
    # Whoever tries the site looks for the sign-in in this terminal, not for a line of each request.
    quiet = ["--log-level", "warning", "--graceful-timeout", str(LAST_ANSWER_WITHIN)]
    return _start("-m", "gunicorn", "careers.wsgi", *binds, *quiet)


def _start_work():
    return _start("manage.py", "worker")


def _start(*command):
    return subprocess.Popen(  # noqa: S603 (every word of it stands in this file)
        [sys.executable, *command],
        cwd=settings.BASE_DIR,  # where gunicorn.conf.py is
        stdin=subprocess.DEVNULL,
        # Ctrl-C in a terminal reaches this process only, which then stops the others in order.
        start_new_session=True,
        preexec_fn=_end_with_parent,
    )


_libc = ctypes.CDLL(None)
_PR_SET_PDEATHSIG = 1


def _end_with_parent():
    """In the child: where the kernel is Linux, it ends this program should its parent be killed."""
    with contextlib.suppress(AttributeError):
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _answers(port):
    """Wait until the site answers: True. False: one of the programs has ended instead."""
    limit = time.monotonic() + FIRST_ANSWER_WITHIN
    headers = {"Host": urlsplit(settings.SITE_URL).netloc}
    while time.monotonic() < limit:
        if _ended():
            return False
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        with (
            contextlib.closing(connection),
            contextlib.suppress(OSError, http.client.HTTPException),
        ):
            connection.request("GET", "/healthz", headers=headers)
            connection.getresponse()
            return True
        time.sleep(0.05)
    raise CommandError(
        f"Careers did not answer for {FIRST_ANSWER_WITHIN} seconds, so it has stopped."
    )


def _wait_for_one_to_end():
    """The number of the program that ended. A terminal that has gone is a wish to stop."""
    terminal = select.poll()
    if sys.stdin and sys.stdin.isatty():
        terminal.register(sys.stdin, 0)  # make is told of its end, and keeps that to itself
    while not (ended := _ended()):
        if terminal.poll(500):
            sys.exit(0)
    return ended.si_pid


def _ended():
    """A program that has ended, if any; it is left for _stop() to bury."""
    return os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT | os.WNOHANG)


# --- The end -----------------------------------------------------------------------------------


def _end_quietly_on_signals():
    def end(number, frame):
        sys.exit(0)  # an exception: what is under way is tidied up

    signal.signal(signal.SIGINT, end)
    signal.signal(signal.SIGTERM, end)
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # nohup means it
        signal.signal(signal.SIGHUP, end)


def _stop(programs):
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # once is enough
    for program in programs:
        program.terminate()
    limit = time.monotonic() + STOPS_WITHIN
    for program in programs:
        with contextlib.suppress(subprocess.TimeoutExpired):
            program.wait(max(0, limit - time.monotonic()))
        with contextlib.suppress(ProcessLookupError):
            os.killpg(program.pid, signal.SIGKILL)  # whoever is left of its family
        program.wait()
