"""`manage.py worker`: runs the scheduled tasks of careers/ops/schedule.py until it is stopped."""

import logging
import signal
import sys
import threading
import time

from django.core.management import BaseCommand, CommandError, call_command
from django.db import close_old_connections

from careers.ops import heartbeat
from careers.ops.reload import run_reloading
from careers.ops.schedule import SCHEDULE

CHECK_INTERVAL = 0.5  # seconds between checks of the stop event
STOP_TIMEOUT = 3  # seconds for the running task after the signal; then it is aborted
LOG_INTERVAL = 60  # seconds between two log entries about the same failing task

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Send emails and run the scheduled tasks until SIGTERM or SIGINT. One process is enough."

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.logged_at = {}  # {command: when its failure was logged}
        self.beat_at = -heartbeat.HEARTBEAT_INTERVAL  # when the heartbeat was last recorded

    def add_arguments(self, parser):
        parser.add_argument(
            "--reload",
            action="store_true",
            help="start again when a source file changes (make dev)",
        )
        parser.add_argument(
            "--check",
            action="store_true",
            help="only tell whether the worker of this host is running: exit with status 1 if not",
        )

    def handle(self, *, reload, check, **options):
        if check:
            if not heartbeat.is_beating_here():
                raise CommandError("The worker of this host has no recent heartbeat.")
            return
        if reload:
            run_reloading(sys.executable, "manage.py", "worker")
        stop = _stop_on_signals()
        due_at = dict.fromkeys(SCHEDULE, time.monotonic())
        try:
            self.attempt("heartbeat", heartbeat.forget_old_hosts)
            while not stop.is_set():
                for task, moment in due_at.items():
                    self.beat()
                    if moment <= time.monotonic() and not stop.is_set():
                        self.run(task)
                        # A fixed interval, however long a run takes; missed runs are skipped.
                        next_at = moment + task.interval.total_seconds()
                        due_at[task] = max(next_at, time.monotonic())
                # Short waits, because a signal received by another thread does not end this wait.
                wait = max(min(due_at.values()) - time.monotonic(), 0)
                stop.wait(min(wait, CHECK_INTERVAL))
        finally:
            signal.alarm(0)

    def beat(self):
        """Record the heartbeat if it is time. A task that hangs stops it."""
        if time.monotonic() - self.beat_at >= heartbeat.HEARTBEAT_INTERVAL:
            self.beat_at = time.monotonic()
            self.attempt("heartbeat", heartbeat.beat)

    def run(self, task):
        """Run one task."""
        self.attempt(task.command, lambda: call_command(task.command, verbosity=0))

    def attempt(self, name, function):
        """Call a function. A failure is logged and does not stop the worker."""
        close_old_connections()
        try:
            function()
        except Exception:
            now = time.monotonic()
            if now - self.logged_at.get(name, -LOG_INTERVAL) >= LOG_INTERVAL:
                self.logged_at[name] = now
                log.exception("The scheduled task %s failed", name)
        finally:
            close_old_connections()


def _stop_on_signals():
    """An event that SIGTERM and SIGINT set. A task still running after STOP_TIMEOUT is aborted."""
    stop = threading.Event()

    def request_stop(*_):
        signal.alarm(STOP_TIMEOUT)  # first: the main thread may hold the lock that set() needs
        stop.set()

    signal.signal(signal.SIGALRM, lambda *_: sys.exit(0))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, request_stop)
    return stop
