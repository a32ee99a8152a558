"""Runs everything: the checks, then the tests on SQLite, on PostgreSQL and in a real browser.

Every part runs, whatever became of the one before. The last line says that all is green, or what is
not; a part that this machine could not run is not green. BROWSER=no leaves the browser out.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time

from tests.components import Unavailable, chromium, postgres

LIMIT = 20 * 60  # seconds for one part: a test that hangs is a test that fails
PYTEST = (sys.executable, "-m", "pytest", "-q", "-o", "faulthandler_timeout=300")
# `make check` has run the house rules; they read files, and no database changes what they say.
# What shares a site that has been started for it (`xdist_group`) stays in one process.
ON_A_DATABASE = (
    *(*PYTEST, "-n", "2", "--dist", "loadgroup"),
    *("-m", "not browser", "--ignore=tests/house"),
)
# These bring their own SQLite, or need no database: a second time they would show nothing new.
SHOWN_ALREADY = (
    "tests/backoffice/test_running.py",
    "tests/documents/test_checking.py",
    "tests/pages/test_proxy.py",
    "tests/compose",
)


def main():
    without_browser = os.environ.get("BROWSER") == "no"
    green, faults = [], []
    for name, part in PARTS.items():
        if name == "browser" and without_browser:
            continue
        print(f"\n=== {name}", flush=True)
        start = time.monotonic()
        try:
            passed = part()
        except Unavailable as reason:
            faults.append(f"{name} could not run: {reason}")
        except subprocess.TimeoutExpired:
            faults.append(f"{name} did not end within {LIMIT // 60} minutes")
        else:
            print(f"{name}: {time.monotonic() - start:.0f} s")
            green.append(name) if passed else faults.append(f"{name} failed")
    left_out = " The browser was left out (BROWSER=no)." if without_browser else ""
    if not faults:
        print(f"\nAll green: {', '.join(green)}.{left_out}", flush=True)
        return 0
    print(f"\nGreen: {', '.join(green) or 'nothing'}.")
    print(f"Not green: {'; '.join(faults)}.{left_out}", flush=True)
    return 1


def on_sqlite():
    return _succeeds(*ON_A_DATABASE)


def on_postgresql():
    with postgres.running() as url:
        once = (f"--ignore={path}" for path in SHOWN_ALREADY)
        return _succeeds(*ON_A_DATABASE, *once, DATABASE_URL=url)


def in_the_browser():
    _path, environment = chromium.find()
    # Whole files, so that what a module keeps open is opened once; each process has a site of its own.
    return _succeeds(*PYTEST, "-n", "2", "--dist", "loadfile", "-m", "browser", **environment)


PARTS = {
    "check": lambda: _succeeds("make", "--no-print-directory", "check"),
    "SQLite": on_sqlite,
    "PostgreSQL": on_postgresql,
    "browser": in_the_browser,
}


def _succeeds(*command, **variables):
    """Run it. Its success is its exit status: pytest that finds no test has not succeeded."""
    environment = {**os.environ, **variables}
    for name in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL"):  # of the make that called
        environment.pop(name, None)
    if "DATABASE_URL" not in variables:
        environment.pop("DATABASE_URL", None)
    # In a group of its own, so that an end from outside reaches all of it, and only once.
    process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, process_group=0)
    try:
        return process.wait(LIMIT) == 0
    except BaseException:
        os.killpg(process.pid, signal.SIGINT)  # the tests tidy up what they started
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        raise


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("Stopped.")
