"""In-process LRU cache of pages, bounded by bytes."""

from collections import OrderedDict
from contextlib import suppress
from threading import Lock

from .pages import Page

MAX_SHARE = 4  # a page takes at most a quarter of the memory


class LRUCache:
    """Pages by key, at most `max_bytes` of them; the least recently used page is evicted first.

    Reading takes no lock: each step of it is atomic in CPython.
    """

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes, self._size = max_bytes, 0
        self._pages: OrderedDict[str, Page] = OrderedDict()
        self._lock = Lock()

    @property
    def max_page_bytes(self) -> int:
        """The size of the largest page that is stored, in bytes."""
        return self._max_bytes // MAX_SHARE

    def get(self, key: str) -> Page | None:
        """The page, or None."""
        page = self._pages.get(key)
        if page is not None:
            with suppress(KeyError):  # another thread may have evicted it just now
                self._pages.move_to_end(key)
        return page

    def put(self, key: str, page: Page) -> bool:
        """Store a page, replacing an older one; return whether it was small enough."""
        with self._lock:
            self._remove(key)
            if page.size > self.max_page_bytes:
                return False
            self._pages[key] = page
            self._size += page.size
            while self._size > self._max_bytes:
                _key, oldest = self._pages.popitem(last=False)
                self._size -= oldest.size
            return True

    def evict_epoch(self, epoch: int) -> None:
        """Remove the pages of `epoch` and earlier, so that a withdrawn page cannot be served again."""
        with self._lock:
            for key in list(self._pages):
                if (self._pages[key].epoch or 0) <= epoch:
                    self._remove(key)

    def _remove(self, key: str) -> None:
        if page := self._pages.pop(key, None):
            self._size -= page.size
