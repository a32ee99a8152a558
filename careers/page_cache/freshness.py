"""When kept pages have become old: a thread of this process asks the database twice a second.

Requests never wait for it. They read what it has seen last: the epoch, a number of this process that
is another one after each edit, and at each moment at which pages change by themselves.
"""

import logging
from contextlib import contextmanager
from threading import Event, Lock, Thread
from time import monotonic, time
from typing import NamedTuple

from django.db import DEFAULT_DB_ALIAS, Error, connection, connections, transaction

from .models import Generation

POLL_INTERVAL = 0.5  # seconds between two looks: an edit is seen within a second
LIMIT = 2  # seconds for an answer of the database; after them it is away
UNKNOWN = 60  # seconds until it is asked again when pages change by themselves
SHORTEST = 0.01  # seconds between two looks, however near the next turn is

log = logging.getLogger(__name__)


class Seen(NamedTuple):
    """What was seen last: the generation, when pages change by themselves (of the clock), and when it
    was asked (`monotonic()`)."""

    epoch: int
    generation: int | None
    until: float
    at: float


class Freshness:
    """Which epoch it is. `until()` is the next moment at which pages change by themselves, or None;
    `ended(epoch)` is told of each end."""

    def __init__(self, until, ended, pause=POLL_INTERVAL):
        self._until, self._ended, self._pause = until, ended, pause
        self._seen = Seen(0, None, float("-inf"), float("-inf"))
        self._thread, self._starting, self._stopped = None, Lock(), Event()

    def now(self):
        """The epoch, None while nobody knows it; and whether the database is away.

        The first question starts the thread, so in the process that answers: a fork has no threads.
        """
        seen = self._seen
        away = monotonic() - seen.at > LIMIT
        if away:
            self._start()
        return (seen.epoch if time() < seen.until else None), away

    @property
    def seen_at(self):
        """When the database answered last, of `monotonic()`."""
        return self._seen.at

    def stop(self):
        """End the thread; the next question starts another one."""
        with self._starting:
            if self._thread:
                self._stopped.set()
                self._thread.join()
                self._thread = None

    def _start(self):
        with self._starting:
            if not (self._thread and self._thread.is_alive()):
                self._stopped.clear()
                self._thread = Thread(target=self._watch, name="freshness", daemon=True)
                self._thread.start()

    def _watch(self):
        _limit_the_connection()
        answers = True
        try:
            while not self._stopped.is_set():
                before, answers = answers, self._look()
                if before != answers:
                    _say(answers)
                soon = self._seen.until - time()
                self._stopped.wait(
                    max(SHORTEST, min(self._pause, soon)) if answers else self._pause
                )
        finally:
            connections.close_all()

    def _look(self):
        """Ask once; whether there was an answer. What it says was true when it was asked, or later."""
        asked, seen = monotonic(), self._seen
        try:
            with _limited():
                generation = Generation.current()
                if generation == seen.generation and time() < seen.until:
                    self._seen = seen._replace(at=asked)
                    return True
                until = self._next_change_at()
        except Error:
            connection.close()
            return False
        self._seen = Seen(seen.epoch + 1, generation, until, asked)
        self._ended(seen.epoch)
        return True

    def _next_change_at(self):
        try:
            until = self._until()
        except Error:
            raise
        except Exception:  # whatever a row holds: edits must be seen, and turns within a minute
            log.exception("It cannot be told when pages change by themselves")
            return time() + UNKNOWN
        return until.timestamp() if until else float("inf")


def _limit_the_connection():
    """A connection of this thread alone, on which nobody waits longer than LIMIT."""
    own = connections[DEFAULT_DB_ALIAS].copy()
    options = own.settings_dict["OPTIONS"]
    if own.vendor == "postgresql":
        options |= {"connect_timeout": LIMIT, "tcp_user_timeout": LIMIT * 1000}
    else:
        options["timeout"] = LIMIT
    connections[DEFAULT_DB_ALIAS] = own


@contextmanager
def _limited():
    """What is asked in this block takes no longer than LIMIT. For this block alone: behind a pooler the
    connection is somebody else's afterwards."""
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = {LIMIT * 1000}")
        yield


def _say(answers):
    if answers:
        log.info("The database answers again.")
    else:
        log.warning("The database does not answer: pages are served as they were kept.")
