"""The WSGI application: the page cache in front of Django."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "careers.settings")

site = get_wsgi_application()

# These import models, which need the apps that the line above has loaded.
from careers import publishing  # noqa: E402
from careers.page_cache.cache import PageCache  # noqa: E402

application = PageCache(site, until=publishing.next_change_at)
