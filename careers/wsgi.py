"""The door that gunicorn opens: kept pages first, then Django."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "careers.settings")

site = get_wsgi_application()

# There are models only from here on.
from careers import publishing  # noqa: E402
from careers.page_cache.cache import PageCache  # noqa: E402

application = PageCache(site, until=publishing.next_change_at)
