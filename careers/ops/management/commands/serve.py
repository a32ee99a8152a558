"""`manage.py serve`: serves the site on this machine until it is stopped.

It prepares the database, then runs the web server and the worker as a careers.ops.programs.ProgramGroup.
The web server is gunicorn, as in production; with DEBUG (`make dev`) it is Django's runserver.
"""

import contextlib
import errno
import http.client
import os
import secrets
import socket
import sys
import time
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connections, transaction

from careers.company.models import Company
from careers.ops.programs import ProgramGroup, exit_on_signals

RECRUITER = "recruiter@localhost"
PASSWORD_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # noqa: S105 (without look-alikes)
START_TIMEOUT = 60  # seconds until the first response
REQUEST_TIMEOUT = 3  # seconds for running requests when the site is stopped


class Command(BaseCommand):
    help = "Serve the site locally, the way production does, and run the worker."
    # `make check` has run them; here they would take a second of each start.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--port", default="8000", help="port on localhost (default: 8000)")
        parser.add_argument(
            "--no-demo",
            action="store_true",
            help="do not load the demo company into an empty database",
        )

    def handle(self, *, port, no_demo, **options):
        exit_on_signals()
        port = _whole_number("PORT", port, 65535)
        _whole_number("WEB_CONCURRENCY", os.environ.get("WEB_CONCURRENCY", "1"), 99)
        addresses = _free_addresses(port)
        self._prepare(demo=not no_demo)
        with ProgramGroup() as programs:
            if settings.DEBUG:
                programs.start("web server", *_runserver(port))
                programs.start("worker", sys.executable, "manage.py", "worker", "--reload")
            else:
                programs.start("web server", *_gunicorn(addresses))
                programs.start("worker", sys.executable, "manage.py", "worker")
            if not (exited := _wait_for_answer(port, programs)):
                self._print(
                    f"Careers is at http://localhost:{port}/en/ and /ja/, the admin at /admin/."
                    " Press Ctrl-C to stop it."
                )
                if settings.DEBUG:
                    self._print(
                        "Changes of Python, templates and CSS take effect on reload; emails are files in"
                        f" {settings.VAR_DIR / 'emails'}."
                    )
                exited = programs.wait()
        name, status = exited
        raise CommandError(
            f"The {name} ended unexpectedly, so Careers has stopped.", returncode=status or 1
        )

    def _prepare(self, *, demo):
        """Bring the database up to date; the first time, add a recruiter and the demo company."""
        try:
            call_command("migrate", interactive=False, verbosity=0)
            call_command("sync_permissions", verbosity=0)
            if not Company.objects.exists():
                self._first_start(demo=demo)
        except OSError as error:
            raise CommandError(f"VAR_DIR cannot be used: {error}") from None
        except OperationalError as error:
            raise CommandError(
                "The database cannot be used. Check DATABASE_URL and VAR_DIR."
                f" The error was: {str(error).strip().splitlines()[0]}"
            ) from None
        connections.close_all()  # the programs open their own

    def _first_start(self, *, demo):
        with transaction.atomic():  # if it is interrupted, the next start repeats all of it
            if demo:
                self._print("Loading the demo company (once)...")
                call_command("load_demo", verbosity=0)
            password = _make_recruiter()
        if password:
            self._print(
                "Sign in to the admin (shown only once):\n"
                f"  email     {RECRUITER}\n  password  {password}"
            )

    def _print(self, text):
        self.stdout.write(text)
        self.stdout.flush()  # at once, into a log file too


def _whole_number(name, value, largest):
    if not (value.isascii() and value.isdigit() and 1 <= int(value) <= largest):
        raise CommandError(f"{name} must be a whole number from 1 to {largest}, not {value!r}.")
    return int(value)


def _free_addresses(port):
    """The addresses of localhost to listen on: IPv4 and IPv6, as browsers try either first."""
    command = "make dev" if settings.DEBUG else "make run"
    addresses = []
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        with contextlib.closing(socket.socket(family, socket.SOCK_STREAM)) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as gunicorn does
            try:
                listener.bind((host, port))
                listener.listen()
            except OSError as error:
                if error.errno == errno.EADDRINUSE:
                    raise CommandError(
                        f"Port {port} is in use. Choose another one: {command} PORT={port + 1}"
                    ) from None
                if error.errno == errno.EACCES:
                    raise CommandError(
                        f"Port {port} is reserved. Choose one above 1023: {command} PORT=8001"
                    ) from None
                if family == socket.AF_INET:
                    raise
                continue  # a machine without IPv6
        addresses.append(f"[{host}]:{port}" if ":" in host else f"{host}:{port}")
    return addresses


def _make_recruiter():
    """Create the first account; returns its password, or None if there are accounts."""
    User = get_user_model()
    if User.objects.exists():
        return None
    groups = ("".join(secrets.choice(PASSWORD_ALPHABET) for _ in range(4)) for _ in range(4))
    password = "-".join(groups)  # 79 random bits
    User.objects.create_superuser(email=RECRUITER, password=password)
    return password


def _gunicorn(addresses):
    binds = [word for address in addresses for word in ("--bind", address)]
    # No line for each request, so that the sign-in printed above stays visible.
    options = ["--log-level", "warning", "--graceful-timeout", str(REQUEST_TIMEOUT)]
    return [sys.executable, "-m", "gunicorn", "careers.wsgi", *binds, *options]


def _runserver(port):
    # --nostatic: WhiteNoise serves static files, from their sources, with the headers of production.
    return [sys.executable, "manage.py", "runserver", "--nostatic", f"localhost:{port}"]


def _wait_for_answer(port, programs):
    """Wait for the first response; returns None, or `programs.poll()` if a program has exited."""
    deadline = time.monotonic() + START_TIMEOUT
    headers = {"Host": urlsplit(settings.SITE_URL).netloc}
    while time.monotonic() < deadline:
        if exited := programs.poll():
            return exited
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        with (
            contextlib.closing(connection),
            contextlib.suppress(OSError, http.client.HTTPException),
        ):
            connection.request("GET", "/healthz", headers=headers)
            connection.getresponse()
            return None
        time.sleep(0.05)
    raise CommandError(f"Careers did not answer within {START_TIMEOUT} seconds, so it has stopped.")
