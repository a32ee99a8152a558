"""Runs several programs as a group: when one of them exits, or on a signal, all are stopped.

Not honcho: its programs keep running when it is killed, or when its terminal is closed (SIGHUP).
"""

import contextlib
import ctypes
import os
import select
import signal
import subprocess
import sys
import time

from django.conf import settings

STOP_TIMEOUT = 5  # seconds between SIGTERM and SIGKILL


class ProgramGroup:
    """A context manager that starts programs, and stops them all at the end of its block."""

    def __init__(self):
        self._programs = {}  # {name: Popen}

    def __enter__(self):
        return self

    def start(self, name, *command):
        """Start a program in the folder of the source, which holds gunicorn.conf.py."""
        self._programs[name] = subprocess.Popen(  # noqa: S603 (callers give fixed words)
            command,
            cwd=settings.BASE_DIR,
            stdin=subprocess.DEVNULL,
            # Ctrl-C reaches this process only, and its group can be killed with its children.
            start_new_session=True,
            preexec_fn=_end_with_parent,
        )

    def poll(self):
        """`(name, exit status)` of a program that has exited, None while all run.

        The status is 128 + n after signal n.
        """
        for name, program in self._programs.items():
            if (status := program.poll()) is not None:
                return name, status if status >= 0 else 128 - status
        return None

    def wait(self):
        """Wait until a program exits; returns the same as `poll`. SystemExit if the terminal is closed."""
        terminal = select.poll()
        if sys.stdin and sys.stdin.isatty():
            terminal.register(sys.stdin, 0)  # make does not pass SIGHUP on
        while not (exited := self.poll()):
            if terminal.poll(500):
                sys.exit(0)
        return exited

    def __exit__(self, *error):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)  # a second Ctrl-C interrupts nothing
        for program in self._programs.values():
            program.terminate()
        deadline = time.monotonic() + STOP_TIMEOUT
        for program in self._programs.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                program.wait(max(0, deadline - time.monotonic()))
            with contextlib.suppress(ProcessLookupError):
                os.killpg(program.pid, signal.SIGKILL)  # with the children that are left
            program.wait()


def exit_on_signals():
    """Make SIGINT, SIGTERM and SIGHUP raise SystemExit, so that `with` blocks clean up."""

    def end(number, frame):
        sys.exit(0)

    signal.signal(signal.SIGINT, end)
    signal.signal(signal.SIGTERM, end)
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # nohup ignores it
        signal.signal(signal.SIGHUP, end)


_libc = ctypes.CDLL(None)
_PR_SET_PDEATHSIG = 1


def _end_with_parent():
    """In the child, on Linux: the kernel sends SIGTERM when the parent dies, even by SIGKILL."""
    with contextlib.suppress(AttributeError):
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
