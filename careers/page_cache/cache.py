"""The way of a request: a page that is kept, a page that is just being made, or Django.

A kept page costs no query, no template and no middleware. What it says of itself is in Cache-Status
(RFC 9211).
"""

from functools import lru_cache
from threading import Event, Lock
from time import monotonic

from django.conf import settings

from . import keys
from .decorators import SAFE, can_be_ours, mark_of
from .freshness import POLL_INTERVAL, Freshness
from .lru import Pages
from .responses import Answer, Page

LOCK_TIMEOUT = 5  # seconds for which somebody waits for a page that another request is making
PATHS = 8_192  # of which it is remembered whose they are

HIT, MISS, BYPASS = (f"Careers; {said}" for said in ("hit", "fwd=miss", "fwd=bypass"))
STORED, COLLAPSED, AWAY = "; stored", "; collapsed", "; detail=database-away"

# Of these a page for everybody depends in no way: not the encoding, which is chosen here, nor what
# somebody has already, nor who it is.
STRIPPED_HEADERS = {
    "HTTP_ACCEPT_ENCODING",
    "HTTP_AUTHORIZATION",
    "HTTP_COOKIE",
    "HTTP_IF_MATCH",
    "HTTP_IF_MODIFIED_SINCE",
    "HTTP_IF_NONE_MATCH",
    "HTTP_IF_RANGE",
    "HTTP_IF_UNMODIFIED_SINCE",
    "HTTP_RANGE",
}


class PageCache:
    """A WSGI application that keeps the pages of the one behind it for as long as they are true.

    It keeps them in the memory of its process and nowhere else: a process that starts has none. So no
    deploy shows pages of the old version with files of the new one.
    """

    def __init__(self, application, *, until, pause=POLL_INTERVAL, patience=LOCK_TIMEOUT):
        self._application, self._patience = application, patience
        self._site = keys.scheme_and_host(settings.SITE_URL)
        self._mark_of = lru_cache(maxsize=PATHS)(mark_of)
        self._pages = Pages(settings.PAGE_CACHE_BYTES)
        self._freshness = Freshness(until, self._pages.end, pause)
        self._making, self._lock = {}, Lock()

    def __call__(self, environ, start_response):
        mark = self._mark_of(environ["PATH_INFO"]) if self._is_ours(environ) else None
        if mark is None:
            return self._application(environ, _noting(start_response, BYPASS))
        path, query = environ["PATH_INFO"], keys.known(environ.get("QUERY_STRING", ""), mark)
        if not query.is_cacheable:
            answer = self._ask(environ, query.text)
            made = Page.for_one(answer, environ) if answer.is_page else answer
            return made.send(environ, start_response, BYPASS)
        key = f"{path}?{query.text}" if query.text else path
        epoch, away = self._freshness.now()
        page = self._pages.get(key)
        if page is not None and page.epoch == epoch and (not away or self._is_forgiven()):
            return _sent_again(page, environ, start_response, HIT + AWAY if away else HIT)
        return self._waited_for(environ, start_response, key, query.text, None if away else epoch)

    def close(self):
        """Stop watching; the next request starts it again."""
        self._freshness.stop()

    def _is_ours(self, environ):
        """Whether it is read from the site's own address; Django answers the rest."""
        asked = environ["wsgi.url_scheme"], environ.get("HTTP_HOST")
        path = environ.get("PATH_INFO", "")
        return environ["REQUEST_METHOD"] in SAFE and asked == self._site and can_be_ours(path)

    # --- Making pages ------------------------------------------------------------------------

    def _waited_for(self, environ, start_response, key, query, epoch):
        """However many ask for a page at once, it is made once.

        Not across epochs: who asks after an edit never gets what was begun before it.
        """
        place = key, epoch
        with self._lock:
            page = self._pages.get(key)
            if page is not None and page.epoch == epoch:  # it was made a moment ago
                return _sent_again(page, environ, start_response, HIT)
            making = self._making.get(place)
            is_first = making is None
            if is_first:
                making = self._making[place] = _Making()
        if is_first:
            try:
                return self._new(environ, start_response, key, query, epoch, making)
            finally:
                with self._lock:
                    del self._making[place]
                making.done.set()
        making.done.wait(self._patience)
        if making.page:
            return _sent_again(making.page, environ, start_response, MISS + COLLAPSED)
        return self._new(environ, start_response, key, query, epoch, _Making())

    def _new(self, environ, start_response, key, query, epoch, making):
        """Ask Django, and keep what may be kept under the epoch in which it was begun."""
        answer = self._ask(environ, query)
        if not answer.is_page:
            return answer.send(environ, start_response, MISS)
        if not answer.is_public or len(answer.body) > self._pages.largest:
            return Page.for_one(answer, environ).send(environ, start_response, MISS)
        page = making.page = Page(answer, epoch)
        note = MISS + STORED if self._keep(key, page) else MISS
        return page.send(environ, start_response, note)

    def _keep(self, key, page):
        """Whether it is kept: not if it has become old while it was being made."""
        epoch, away = self._freshness.now()
        is_true = page.epoch is not None and page.epoch == epoch and not away
        return is_true and self._pages.put(key, page)

    def _ask(self, environ, query):
        """Django's answer to a plain GET of everybody's page, whole."""
        asked = {name: value for name, value in environ.items() if name not in STRIPPED_HEADERS}
        asked |= {"REQUEST_METHOD": "GET", "QUERY_STRING": query}
        said, body = [], []

        def start_response(status, headers, exc_info=None):
            said[:] = status, headers
            return body.append

        answered = self._application(asked, start_response)
        try:
            body.extend(answered)
        finally:
            # What the site notes of a request for its logs.
            environ.update(pair for pair in asked.items() if pair[0].startswith("careers."))
            if hasattr(answered, "close"):
                answered.close()
        return Answer(*said, b"".join(body))

    def _is_forgiven(self):
        """Whether the database has not been away for so long that nobody should rely on its pages."""
        return monotonic() - self._freshness.seen_at < settings.STALE_IF_ERROR.total_seconds()


class _Making:
    """A page that is being made, for whoever waits for it."""

    def __init__(self):
        self.done, self.page = Event(), None


def _sent_again(page, environ, start_response, note):
    environ["careers.route"] = environ["PATH_INFO"]  # no address of such a page holds a secret
    environ["careers.kept"] = True
    return page.send(environ, start_response, note)


def _noting(start_response, note):
    def started(status, headers, exc_info=None):
        return start_response(status, [*headers, ("Cache-Status", note)], exc_info)

    return started
