"""`manage.py worker`: does the duties of careers/ops/schedule.py, for as long as it runs."""

import logging
import signal
import sys
import threading
import time

from django.core.management import BaseCommand, call_command
from django.db import close_old_connections

from careers.ops.schedule import DUTIES

NAP = 0.5  # seconds; how late the end may be noticed
LAST_DUTY_WITHIN = 3  # seconds after the signal; then it is broken off, to be done again later
SILENCE = 60  # seconds in which a duty that fails again is not told again

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Do the duties of the background until SIGTERM or SIGINT; one process is enough."

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.told = {}  # duty → when its failure was told

    def handle(self, **options):
        stop = _stop_on_signals()
        start = time.monotonic()
        due = dict.fromkeys(DUTIES, start)
        try:
            while not stop.is_set():
                for duty, moment in due.items():
                    if moment <= time.monotonic() and not stop.is_set():
                        self.do(duty)
                        # From beat to beat, whatever the work took; what was missed is not made up for.
                        beat = moment + duty.every.total_seconds()
                        due[duty] = max(beat, time.monotonic())
                # In short naps: a signal that reaches another thread does not wake this one.
                stop.wait(min(max(min(due.values()) - time.monotonic(), 0), NAP))
        finally:
            signal.alarm(0)

    def do(self, duty):
        """One duty. Its failure is told, and does not keep the others from being done."""
        close_old_connections()
        try:
            call_command(duty.command, verbosity=0)
        except Exception:
            now = time.monotonic()
            if now - self.told.get(duty, -SILENCE) >= SILENCE:
                self.told[duty] = now
                log.exception("The duty %s failed", duty.command)
        finally:
            close_old_connections()


def _stop_on_signals():
    """An event that SIGTERM and SIGINT set. A duty that then goes on for too long is broken off."""
    stop = threading.Event()

    def ask(*_):
        signal.alarm(LAST_DUTY_WITHIN)  # first: the wait below may hold what set() asks for
        stop.set()

    signal.signal(signal.SIGALRM, lambda *_: sys.exit(0))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ask)
    return stop
