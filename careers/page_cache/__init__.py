"""A shared cache (RFC 9111) of whole pages in memory, in front of Django.

cache        the WSGI application: serves a cached page or asks Django
keys         cache keys: the path and the query parameters that the view reads
pages        a page ready to send: its bytes in each encoding, and its headers
negotiation  Accept-Encoding and If-None-Match
lru          the pages of this process, in bounded memory
freshness    the thread that notices when cached pages become stale
decorators   `@cache_publicly` and `@never_cached`: which views the cache may serve
middleware   the Cache-Control header of views with a decorator
models       the generation: a number that grows with every change of a public page
"""
