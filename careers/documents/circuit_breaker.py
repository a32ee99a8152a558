"""A circuit breaker for the virus scanner: a scanner that hangs does not keep visitors waiting.

Its state belongs to one process: each process notices by itself that the scanner hangs.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache

from django.conf import settings
from django.utils import timezone

from .clamd import NotScanned, ScanTimeout
from .config import ClamdConfig

log = logging.getLogger(__name__)


class CircuitBreaker:
    """Decides whether a request may wait for the scanner.

    It opens for VIRUS_SCAN_PAUSE after VIRUS_SCAN_MAX_TIMEOUTS timeouts in a row: then no request waits.
    After the pause, one more timeout opens it again, and any answer closes it. At most
    VIRUS_SCANS_AT_ONCE threads wait at one time.
    """

    def __init__(self) -> None:
        self._slots = threading.BoundedSemaphore(settings.VIRUS_SCANS_AT_ONCE)
        self._lock = threading.Lock()
        self._timeouts = 0  # in a row
        self._opened_at: datetime | None = None

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Wait for the scanner in this block. Raises NotScanned at once if the request may not wait."""
        if self._is_open() or not self._slots.acquire(blocking=False):
            raise NotScanned
        try:
            yield
        except ScanTimeout:
            self._count_timeout()
            raise
        except NotScanned:  # it answered, or refused the connection
            self._reset()
            raise
        else:
            self._reset()
        finally:
            self._slots.release()

    def _is_open(self) -> bool:
        opened_at = self._opened_at
        # A clock that was set back does not prolong the pause.
        return (
            opened_at is not None
            and opened_at <= timezone.now() < opened_at + settings.VIRUS_SCAN_PAUSE
        )

    def _count_timeout(self) -> None:
        with self._lock:
            self._timeouts += 1
            if self._timeouts >= settings.VIRUS_SCAN_MAX_TIMEOUTS:
                self._opened_at = timezone.now()
                log.error(
                    "The virus scanner does not answer; documents are accepted without a scan for %s s",
                    settings.VIRUS_SCAN_PAUSE.total_seconds(),
                )

    def _reset(self) -> None:
        with self._lock:
            self._timeouts, self._opened_at = 0, None


@cache
def breaker_for(scanner: ClamdConfig) -> CircuitBreaker:
    """The circuit breaker of this scanner, the same for all threads of the process."""
    return CircuitBreaker()
