"""Runs `make check`, then the tests on SQLite, on PostgreSQL and in a real browser; or one part of them.

`python -m tests.run` runs everything, each part also after a failure of another one; the last line lists
what failed. A part that cannot run on this machine counts as failed. BROWSER=no skips the browser.

`python -m tests.run tests/roles -k search` runs one part on SQLite, in one process; browser tests are
skipped if there is no browser.
"""

import argparse
import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests import coverage
from tests.components import Unavailable, chromium, postgres, prebuilt

BROWSER = Path(__file__).resolve().parent / "browser"
TIME_LIMIT = 30 * 60  # seconds for one part: a test that hangs is a test that fails
PYTEST = (sys.executable, "-m", "pytest", "-q", "-o", "faulthandler_timeout=300")
# In the order of collection, which begins with slow tests (tests/conftest.py). Tests that share a
# running site stay in one process (`xdist_group`).
PARALLEL = ("-n", "2", "--dist", "loadgroup", "--no-loadscope-reorder")
# `make check` has run tests/house, which reads files only.
ON_A_DATABASE = (*PYTEST, *PARALLEL, "--ignore=tests/house")


def main():
    arguments = argparse.ArgumentParser(description="Run the tests.")
    arguments.add_argument("paths", nargs="*", help="one part: files or folders")
    arguments.add_argument("-k", dest="expression", help="one part: as pytest -k")
    options = arguments.parse_args()
    prebuilt.folder()  # for all parts
    if options.paths or options.expression:
        return run_part(options.paths, options.expression)
    return run_everything()


def run_part(paths, expression):
    command = [*PYTEST, *paths, *(["-k", expression] if expression else [])]
    environment = {}
    if _contain_browser_tests(paths):
        try:
            _path, environment = chromium.find()
        except Unavailable as reason:
            print(f"Skipped browser tests: {reason}", flush=True)
            command += ["-m", "not browser"]
    return 0 if _succeeds(*command, **environment) else 1


def _contain_browser_tests(paths):
    resolved = [Path(path.partition("::")[0]).resolve() for path in paths or ["tests"]]
    return any(BROWSER in (path, *path.parents) or path in BROWSER.parents for path in resolved)


def run_everything():
    without_browser = os.environ.get("BROWSER") == "no"
    passed_parts, failures = [], []
    for name, part in PARTS.items():
        if name == "browser" and without_browser:
            continue
        print(f"\n=== {name}", flush=True)
        start = time.monotonic()
        try:
            succeeded = part()
        except Unavailable as reason:
            failures.append(f"{name} could not run: {reason}")
        except subprocess.TimeoutExpired:
            failures.append(f"{name} did not end within {TIME_LIMIT // 60} minutes")
        else:
            print(f"{name}: {time.monotonic() - start:.0f} s")
            passed_parts.append(name) if succeeded else failures.append(f"{name} failed")
    note = " Skipped: browser (BROWSER=no)." if without_browser else ""
    if not failures:
        print(f"\nAll green: {', '.join(passed_parts)}.{note}", flush=True)
        return 0
    print(f"\nGreen: {', '.join(passed_parts) or 'nothing'}.")
    print(f"Not green: {'; '.join(failures)}.{note}", flush=True)
    return 1


def on_sqlite():
    """Also prints the coverage of `careers/`; below its floor (pyproject.toml) the part has failed."""
    coverage.erase()
    passed = _succeeds(*ON_A_DATABASE, "-m", "not browser", **coverage.PLUGIN)
    return coverage.report() and passed


def on_postgresql():
    with postgres.running() as url:
        marker = "not browser and not one_database"
        return _succeeds(*ON_A_DATABASE, "-m", marker, DATABASE_URL=url)


def in_the_browser():
    _path, environment = chromium.find()
    return _succeeds(*PYTEST, *PARALLEL, "-m", "browser", BROWSER, **environment)


PARTS = {
    "check": lambda: _succeeds("make", "--no-print-directory", "check"),
    "SQLite": on_sqlite,
    "PostgreSQL": on_postgresql,
    "browser": in_the_browser,
}


def _succeeds(*command, **variables):
    """Run a command; whether its exit status is 0, which it is not if pytest finds no test."""
    environment = {**os.environ, **variables}
    for name in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL"):  # from the calling make
        environment.pop(name, None)
    if "DATABASE_URL" not in variables:
        environment.pop("DATABASE_URL", None)
    # In a separate process group, so that a signal reaches all of its processes once.
    process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, process_group=0)
    try:
        return process.wait(TIME_LIMIT) == 0
    except BaseException:
        os.killpg(process.pid, signal.SIGINT)  # the tests stop what they started
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
