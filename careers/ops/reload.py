"""Runs a program again whenever a source file of the site changes, for `make dev`."""

import subprocess
import time

from django.conf import settings

from careers.ops.programs import STOP_TIMEOUT, exit_on_signals

# The worker renders emails, so templates and catalogues count too.
WATCHED_FOLDERS = ("careers", "templates", "locale")
WATCHED_SUFFIXES = {".py", ".html", ".txt", ".mo"}
POLL_INTERVAL = 1  # seconds


def run_reloading(*command):
    """Run a program until this process gets a signal; start it again after each change.

    A program that ended by itself, for example because of a syntax error, starts at the next change.
    """
    exit_on_signals()
    while True:
        files = _source_files()
        program = subprocess.Popen(command, cwd=settings.BASE_DIR)  # noqa: S603 (fixed words)
        try:
            while _source_files() == files:
                time.sleep(POLL_INTERVAL)
        finally:
            _stop(program)


def _source_files():
    """{path: time of the last change} of the source files."""
    modified_at = {}
    for folder in WATCHED_FOLDERS:
        for path in (settings.BASE_DIR / folder).rglob("*"):
            if path.suffix in WATCHED_SUFFIXES:
                try:
                    modified_at[path] = path.stat().st_mtime_ns
                except FileNotFoundError:  # an editor replaced it a moment ago
                    continue
    return modified_at


def _stop(program):
    program.terminate()
    try:
        program.wait(STOP_TIMEOUT)
    except subprocess.TimeoutExpired:
        program.kill()
        program.wait()
