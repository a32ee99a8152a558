"""The path of a request: a cached page, a page that another request is rendering, or Django.

A cached page costs no query, no template and no middleware. Each response says in Cache-Status where
it came from (RFC 9211).
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import lru_cache
from threading import Event, Lock
from time import monotonic
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from django.conf import settings

from .decorators import may_be_page, policy_for
from .freshness import POLL_INTERVAL, Freshness
from .keys import normalize_path, normalize_query, scheme_and_host
from .lru import LRUCache
from .middleware import SAFE_METHODS
from .pages import Headers, Page, Response

LOCK_TIMEOUT = 5  # seconds for which a request waits for a page that another request is rendering
MAX_POLICIES = 8_192  # paths whose cache policy is remembered

HIT, MISS, BYPASS = (f"Careers; {status}" for status in ("hit", "fwd=miss", "fwd=bypass"))
STORED, COLLAPSED, DATABASE_AWAY = "; stored", "; collapsed", "; detail=database-away"

# A public page depends on none of these: the encoding is negotiated here, and conditions, ranges and
# credentials of one visitor must not shape a page for all.
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
    """A WSGI application that caches the public pages of the application behind it.

    Pages live in the memory of this process only. A new process starts without any, so that a deploy
    never serves pages of the old version with static files of the new one.
    """

    def __init__(
        self,
        application: WSGIApplication,
        *,
        next_change_at: Callable[[], datetime | None],
        poll_interval: float = POLL_INTERVAL,
        lock_timeout: float = LOCK_TIMEOUT,
    ) -> None:
        self._application, self._lock_timeout = application, lock_timeout
        self._site = scheme_and_host(settings.SITE_URL)
        self._policy_for = lru_cache(maxsize=MAX_POLICIES)(policy_for)
        self._pages = LRUCache(settings.PAGE_CACHE_BYTES)
        self._freshness = Freshness(next_change_at, self._pages.evict_epoch, poll_interval)
        self._renderings: dict[tuple[str, int | None], _Rendering] = {}
        self._lock = Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        policy = self._policy_for(environ["PATH_INFO"]) if self._may_serve(environ) else None
        if policy is None:
            return self._application(environ, _add_cache_status(start_response, BYPASS))
        path = normalize_path(environ["PATH_INFO"], policy)
        query = normalize_query(environ.get("QUERY_STRING", ""), policy)
        if not query.is_cacheable:
            response = self._render(environ, query.text)
            if response.depends_on_url_only:
                return Page.for_request(response, environ).send(environ, start_response, BYPASS)
            return response.send(environ, start_response, BYPASS)
        key = f"{path}?{query.text}" if query.text else path
        epoch, unavailable = self._freshness.now()
        page = self._pages.get(key)
        if page is not None and page.epoch == epoch:
            if not unavailable:
                return _send_cached(page, environ, start_response, HIT)
            if self._may_serve_stale():
                return _send_cached(page, environ, start_response, HIT + DATABASE_AWAY)
        return self._send_shared(
            environ, start_response, key, query.text, None if unavailable else epoch
        )

    def close(self) -> None:
        """Stop the thread; the next request starts it again."""
        self._freshness.stop()

    def _may_serve(self, environ: WSGIEnvironment) -> bool:
        """Whether it is a read at the site's own address. Django answers the rest."""
        address = environ["wsgi.url_scheme"], environ.get("HTTP_HOST")
        path = environ.get("PATH_INFO", "")
        return (
            environ["REQUEST_METHOD"] in SAFE_METHODS
            and address == self._site
            and may_be_page(path)
        )

    # --- Rendering ---------------------------------------------------------------------------

    def _send_shared(
        self,
        environ: WSGIEnvironment,
        start_response: StartResponse,
        key: str,
        query: str,
        epoch: int | None,
    ) -> Iterable[bytes]:
        """Render a page once, however many requests ask for it at the same time.

        Requests share a rendering within one epoch only: a request after an edit never gets a page
        that was begun before it.
        """
        rendering_key = key, epoch
        with self._lock:
            page = self._pages.get(key)
            if page is not None and page.epoch == epoch:  # it was stored a moment ago
                return _send_cached(page, environ, start_response, HIT)
            rendering = self._renderings.get(rendering_key)
            is_first = rendering is None
            if rendering is None:
                rendering = self._renderings[rendering_key] = _Rendering()
        if is_first:
            try:
                return self._send_new(environ, start_response, key, query, epoch, rendering)
            finally:
                with self._lock:
                    del self._renderings[rendering_key]
                rendering.done.set()
        rendering.done.wait(self._lock_timeout)
        if rendering.page:
            return _send_cached(rendering.page, environ, start_response, MISS + COLLAPSED)
        return self._send_new(environ, start_response, key, query, epoch, _Rendering())

    def _send_new(
        self,
        environ: WSGIEnvironment,
        start_response: StartResponse,
        key: str,
        query: str,
        epoch: int | None,
        rendering: "_Rendering",
    ) -> Iterable[bytes]:
        """Ask Django, and store the page under the epoch in which the rendering began."""
        response = self._render(environ, query)
        if not response.depends_on_url_only:
            return response.send(environ, start_response, MISS)
        if not response.is_public or len(response.body) > self._pages.max_page_bytes:
            return Page.for_request(response, environ).send(environ, start_response, MISS)
        page = rendering.page = Page(response, epoch)
        stored = self._store(key, page)
        return page.send(environ, start_response, MISS + STORED if stored else MISS)

    def _store(self, key: str, page: Page) -> bool:
        """Store the page unless it became stale while it was rendered; return whether it was stored."""
        epoch, unavailable = self._freshness.now()
        is_fresh = page.epoch is not None and page.epoch == epoch and not unavailable
        return is_fresh and self._pages.put(key, page)

    def _render(self, environ: WSGIEnvironment, query: str) -> Response:
        """Django's complete response to a plain GET of the public page."""
        plain = {name: value for name, value in environ.items() if name not in STRIPPED_HEADERS}
        plain |= {"REQUEST_METHOD": "GET", "QUERY_STRING": query}
        status, headers = "", Headers()
        body: list[bytes] = []

        def start_response(
            new_status: str, new_headers: Headers, exc_info: Any = None
        ) -> Callable[[bytes], object]:
            nonlocal status, headers
            status, headers = new_status, new_headers
            return body.append

        chunks = self._application(plain, start_response)
        try:
            body.extend(chunks)
        finally:
            # The access log reads these.
            environ.update(item for item in plain.items() if item[0].startswith("careers."))
            if hasattr(chunks, "close"):
                chunks.close()
        return Response(status, headers, b"".join(body))

    def _may_serve_stale(self) -> bool:
        """Whether the database has been unavailable for less than STALE_IF_ERROR."""
        age = monotonic() - self._freshness.checked_at
        return age < settings.STALE_IF_ERROR.total_seconds()


class _Rendering:
    """A page that is being rendered, for the requests that wait for it."""

    def __init__(self) -> None:
        self.done = Event()
        self.page: Page | None = None


def _send_cached(
    page: Page, environ: WSGIEnvironment, start_response: StartResponse, cache_status: str
) -> Iterable[bytes]:
    environ["careers.route"] = environ["PATH_INFO"]  # the path of a public page holds no secret
    environ["careers.cache"] = "hit"
    return page.send(environ, start_response, cache_status)


def _add_cache_status(start_response: StartResponse, cache_status: str) -> StartResponse:
    def start(status: str, headers: Headers, exc_info: Any = None) -> Callable[[bytes], object]:
        return start_response(status, [*headers, ("Cache-Status", cache_status)], exc_info)

    return start
