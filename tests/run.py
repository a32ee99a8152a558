"""Runs the checks, then the tests on SQLite, on PostgreSQL and in a real browser; or one part of them.

`python -m tests.run` is everything: each part runs, whatever became of the one before, and the last
line says that all is green or what is not. A part that this machine could not run is not green.
BROWSER=no leaves the browser out.

`python -m tests.run tests/roles -k search` is one part on SQLite, in one process; tests that need a
browser are left out where there is none.
"""

import argparse
import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.components import Unavailable, chromium, postgres, prebuilt

BROWSER = Path(__file__).resolve().parent / "browser"
LIMIT = 20 * 60  # seconds for one part: a test that hangs is a test that fails
PYTEST = (sys.executable, "-m", "pytest", "-q", "-o", "faulthandler_timeout=300")
# In the order of collection: what takes long comes first (tests/conftest.py). Tests that share a
# site which their module has started stay in one process (`xdist_group`).
PARALLEL = ("-n", "2", "--dist", "loadgroup", "--no-loadscope-reorder")
# `make check` has run the house rules; they read files, and no database changes what they say.
ON_A_DATABASE = (*PYTEST, *PARALLEL, "--ignore=tests/house")


def main():
    arguments = argparse.ArgumentParser(description="Run the tests.")
    arguments.add_argument("paths", nargs="*", help="one part: files or folders")
    arguments.add_argument("-k", dest="expression", help="one part: as pytest -k")
    chosen = arguments.parse_args()
    prebuilt.folder()  # for all parts
    if chosen.paths or chosen.expression:
        return one_part(chosen.paths, chosen.expression)
    return everything()


def one_part(paths, expression):
    command = [*PYTEST, *paths, *(["-k", expression] if expression else [])]
    environment = {}
    if _hold_browser_tests(paths):
        try:
            _path, environment = chromium.find()
        except Unavailable as reason:
            print(f"Tests that need a browser are left out: {reason}", flush=True)
            command += ["-m", "not browser"]
    return 0 if _succeeds(*command, **environment) else 1


def _hold_browser_tests(paths):
    chosen = [Path(path.partition("::")[0]).resolve() for path in paths or ["tests"]]
    return any(BROWSER in (path, *path.parents) or path in BROWSER.parents for path in chosen)


def everything():
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
    return _succeeds(*ON_A_DATABASE, "-m", "not browser")


def on_postgresql():
    with postgres.running() as url:
        selected = "not browser and not one_database"
        return _succeeds(*ON_A_DATABASE, "-m", selected, DATABASE_URL=url)


def in_the_browser():
    _path, environment = chromium.find()
    return _succeeds(*PYTEST, *PARALLEL, "-m", "browser", **environment)


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
