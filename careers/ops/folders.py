"""The folders that must exist before the site writes: made by `migrate`, `restore`, `worker` and wsgi.

Storages make their own folders when they write the first file. Importing settings makes none.
"""

from django.conf import settings


def make_folders():
    """Make VAR_DIR, where SQLite puts its file, and FILE_UPLOAD_TEMP_DIR, private to the site's user.

    OSError where that is not possible. Safe to repeat.
    """
    settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
    settings.FILE_UPLOAD_TEMP_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
