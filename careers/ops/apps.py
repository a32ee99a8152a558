from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


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
