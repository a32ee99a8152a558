"""Notices when cached pages become stale: a thread asks the database twice a second.

Requests never wait for it. They read the epoch that it saw last: a number of this process that grows
with each edit, and at each moment at which pages change by schedule.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import Event, Lock, Thread
from time import monotonic, time
from typing import NamedTuple

from django.db import DEFAULT_DB_ALIAS, Error, connection, connections, transaction

from .models import Generation

POLL_INTERVAL = 0.5  # seconds; an edit is noticed within a second
QUERY_TIMEOUT = 2  # seconds until a database that does not answer counts as unavailable
RETRY_SCHEDULE_AFTER = 60  # seconds, if the next scheduled change cannot be computed
MIN_WAIT = 0.01  # seconds between two queries, however near the next scheduled change is

log = logging.getLogger(__name__)


class State(NamedTuple):
    """The last answer of the database.

    `expires_at` is the next scheduled change (seconds since 1970), `checked_at` the moment of the
    query (`monotonic()`).
    """

    epoch: int
    generation: int | None
    expires_at: float
    checked_at: float


class Freshness:
    """Tells the current epoch.

    `next_change_at()` returns the next moment at which pages change by schedule, or None.
    `on_epoch_end(epoch)` is called when an epoch ends.
    """

    def __init__(
        self,
        next_change_at: Callable[[], datetime | None],
        on_epoch_end: Callable[[int], None],
        poll_interval: float = POLL_INTERVAL,
    ) -> None:
        self._next_change_at, self._on_epoch_end = next_change_at, on_epoch_end
        self._poll_interval = poll_interval
        self._state = State(0, None, float("-inf"), float("-inf"))
        self._thread: Thread | None = None
        self._starting, self._stopped = Lock(), Event()

    def now(self) -> tuple[int | None, bool]:
        """The epoch, or None while it is unknown; and whether the database is unavailable.

        The first call starts the thread. It has to be started in the process that serves requests,
        because threads do not survive a fork.
        """
        state = self._state
        unavailable = monotonic() - state.checked_at > QUERY_TIMEOUT
        if unavailable:
            self._start()
        return (state.epoch if time() < state.expires_at else None), unavailable

    @property
    def checked_at(self) -> float:
        """When the database answered last (`monotonic()`)."""
        return self._state.checked_at

    def stop(self) -> None:
        """End the thread; the next call of `now()` starts another one."""
        with self._starting:
            if self._thread:
                self._stopped.set()
                self._thread.join()
                self._thread = None

    def _start(self) -> None:
        with self._starting:
            if not (self._thread and self._thread.is_alive()):
                self._stopped.clear()
                self._thread = Thread(target=self._poll, name="freshness", daemon=True)
                self._thread.start()

    def _poll(self) -> None:
        _open_own_connection()
        available = True
        try:
            while not self._stopped.is_set():
                before, available = available, self._check()
                if before != available:
                    _log_availability(available)
                remaining = self._state.expires_at - time()
                self._stopped.wait(
                    max(MIN_WAIT, min(self._poll_interval, remaining))
                    if available
                    else self._poll_interval
                )
        finally:
            connections.close_all()

    def _check(self) -> bool:
        """Query the database once; return whether it answered.

        The state is stamped with the moment before the query, so that it never claims to be newer
        than it is.
        """
        checked_at, state = monotonic(), self._state
        try:
            with _statement_timeout():
                generation = Generation.current()
                if generation == state.generation and time() < state.expires_at:
                    self._state = state._replace(checked_at=checked_at)
                    return True
                expires_at = self._next_expiry()
        except Error:
            connection.close()
            return False
        self._state = State(state.epoch + 1, generation, expires_at, checked_at)
        self._on_epoch_end(state.epoch)
        return True

    def _next_expiry(self) -> float:
        try:
            change = self._next_change_at()
        except Error:
            raise
        except Exception:  # edits must be noticed even if a row is invalid
            log.exception("Cannot compute when public pages change next")
            return time() + RETRY_SCHEDULE_AFTER
        return change.timestamp() if change else float("inf")


def _open_own_connection() -> None:
    """Give this thread a connection that waits at most QUERY_TIMEOUT."""
    own = connections[DEFAULT_DB_ALIAS].copy()
    options = own.settings_dict["OPTIONS"]
    if own.vendor == "postgresql":
        options |= {"connect_timeout": QUERY_TIMEOUT, "tcp_user_timeout": QUERY_TIMEOUT * 1000}
    else:
        options["timeout"] = QUERY_TIMEOUT
    connections[DEFAULT_DB_ALIAS] = own


@contextmanager
def _statement_timeout() -> Iterator[None]:
    """Limit queries in this block to QUERY_TIMEOUT.

    The limit is local to a transaction, because a pooler hands the connection to other clients.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = {QUERY_TIMEOUT * 1000}")
        yield


def _log_availability(available: bool) -> None:
    if available:
        log.info("The database is available again.")
    else:
        log.warning("The database is unavailable; cached pages are served.")
