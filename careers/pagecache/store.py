"""The pages of this process, in bounded memory: the one that nobody has asked for the longest goes first."""

from collections import OrderedDict
from contextlib import suppress
from threading import Lock

FORGIVEN = 24 * 60 * 60  # seconds for which an old page may still stand in for an error
SHARE = 4  # no page takes more than this part of the memory


class Pages:
    """Pages by their key, `most` bytes of them.

    Reading takes no lock: each step of it is one step of CPython.
    """

    def __init__(self, most):
        self._most, self._size = most, 0
        self._pages = OrderedDict()
        self._lock = Lock()

    @property
    def largest(self):
        """How many bytes a page may have."""
        return self._most // SHARE

    def get(self, key):
        """The page, true or old, or None."""
        page = self._pages.get(key)
        if page is not None:
            with suppress(KeyError):  # somebody may have just dropped it
                self._pages.move_to_end(key)
        return page

    def put(self, key, page):
        """Keep a page in place of an older one; whether there is room for it."""
        with self._lock:
            self._drop(key)
            if page.size > self.largest:
                return False
            self._pages[key] = page
            self._size += page.size
            while self._size > self._most:
                self._drop(next(iter(self._pages)))
            return True

    def drop(self, key):
        """Forget a page, if it is there."""
        with self._lock:
            self._drop(key)

    def end(self, epoch, moment):
        """An epoch has ended: its pages are old from this moment. What is too old to be of use goes."""
        with self._lock:
            for key, page in list(self._pages.items()):
                if page.epoch <= epoch:
                    page.end(moment)
                    if moment - page.ended > FORGIVEN:
                        self._drop(key)

    def _drop(self, key):
        if page := self._pages.pop(key, None):
            self._size -= page.size
