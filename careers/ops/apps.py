import os
from contextlib import suppress

from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.backends.signals import connection_created


class OpsConfig(AppConfig):
    name = "careers.ops"

    def ready(self):
        """Create VAR_DIR and FILE_UPLOAD_TEMP_DIR.

        Django's checks open the SQLite database in VAR_DIR before any command runs, and upload handlers
        expect their folder to exist. Storages create their own folders.
        """
        try:
            settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
            settings.FILE_UPLOAD_TEMP_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise ImproperlyConfigured(f"VAR_DIR cannot be used: {error}") from None
        connection_created.connect(_make_database_private)


def _make_database_private(sender, connection, **kwargs):
    """Let only the user who runs the site read the SQLite database, its log and its index."""
    if connection.vendor == "sqlite":
        for suffix in ("", "-wal", "-shm"):
            with suppress(OSError):  # a database in memory, or the file of another user
                path = f"{connection.settings_dict['NAME']}{suffix}"
                if os.stat(path).st_mode & 0o077:
                    os.chmod(path, 0o600)
