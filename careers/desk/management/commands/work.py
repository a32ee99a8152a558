"""`manage.py work`: does the duties of careers/desk/duties.py, for as long as it runs."""

import logging
import signal
import threading
import time

from django.core.management import BaseCommand, call_command
from django.db import close_old_connections

from careers.desk.duties import DUTIES

NAP = 0.5  # seconds; how late the end may be noticed

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Do the duties of the background until SIGTERM or SIGINT; one process is enough."

    def handle(self, **options):
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        due = dict.fromkeys(DUTIES, 0.0)
        while not stop.is_set():
            for duty, moment in due.items():
                if moment <= time.monotonic():
                    self.do(duty)
                    due[duty] = time.monotonic() + duty.every.total_seconds()
            # In short naps: a signal that reaches another thread does not wake this one.
            stop.wait(min(max(min(due.values()) - time.monotonic(), 0), NAP))

    def do(self, duty):
        """One duty. Its failure is told, and does not keep the others from being done."""
        close_old_connections()
        try:
            call_command(duty.command)
        except Exception:
            log.exception("The duty %s failed", duty.command)
        finally:
            close_old_connections()
