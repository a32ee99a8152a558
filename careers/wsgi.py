"""The WSGI application: the page cache, and Django behind it. With DEBUG there is no page cache."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "careers.settings")

site = get_wsgi_application()

# Models can be imported only now.
from careers import publishing  # noqa: E402
from careers.page_cache.cache import PageCache  # noqa: E402

application = PageCache(site, next_change_at=publishing.next_change_at)
if settings.DEBUG:  # an edited template must be visible on reload
    application = site
