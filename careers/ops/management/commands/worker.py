"""`manage.py worker`: runs the scheduled tasks of careers/ops/schedule.py until it is stopped."""

import logging
import signal
import sys
import threading
import time

from django.core.management import BaseCommand, call_command
from django.db import close_old_connections

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
        self.logged_at = {}  # {task: when its failure was logged}

    def add_arguments(self, parser):
        parser.add_argument(
            "--reload",
            action="store_true",
            help="start again when a source file changes (make dev)",
        )

    def handle(self, *, reload, **options):
        if reload:
            run_reloading(sys.executable, "manage.py", "worker")
        stop = _stop_on_signals()
        due_at = dict.fromkeys(SCHEDULE, time.monotonic())
        try:
            while not stop.is_set():
                for task, moment in due_at.items():
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

    def run(self, task):
        """Run one task. A failure is logged and does not stop the other tasks."""
        close_old_connections()
        try:
            call_command(task.command, verbosity=0)
        except Exception:
            now = time.monotonic()
            if now - self.logged_at.get(task, -LOG_INTERVAL) >= LOG_INTERVAL:
                self.logged_at[task] = now
                log.exception("The scheduled task %s failed", task.command)
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
