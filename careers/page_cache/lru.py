"""The pages of this process, in bounded memory: the one that nobody has asked for the longest goes first."""

from collections import OrderedDict
from contextlib import suppress
from threading import Lock

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
        """The page, or None."""
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
                _key, oldest = self._pages.popitem(last=False)
                self._size -= oldest.size
            return True

    def end(self, epoch):
        """An epoch has ended: its pages are forgotten. One that was withdrawn never comes back."""
        with self._lock:
            for key in list(self._pages):
                if self._pages[key].epoch <= epoch:
                    self._drop(key)

    def _drop(self, key):
        if page := self._pages.pop(key, None):
            self._size -= page.size
