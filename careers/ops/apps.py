from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class OpsConfig(AppConfig):
    name = "careers.ops"

    def ready(self):
        """Make VAR_DIR and FILE_UPLOAD_TEMP_DIR: whatever starts the site needs them at once.

        Django's checks open the SQLite database in VAR_DIR before any command runs, and uploads are
        written without a look whether their folder exists. Storages make their own folders.
        """
        try:
            settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
            settings.FILE_UPLOAD_TEMP_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise ImproperlyConfigured(f"VAR_DIR cannot be used: {error}") from None
