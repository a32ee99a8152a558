"""The environment in which the tests start programs of the site."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def development_environment(var_dir, url="http://localhost:8000", **variables):
    """The environment of a development site with this VAR_DIR and a SQLite file in it."""
    return {
        **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
        "DJANGO_SETTINGS_MODULE": "careers.settings",
        "DEV": "yes",
        "DEBUG": "no",
        "SITE_URL": url,
        "SECRET_KEY": "a-key-for-one-run-" + os.urandom(32).hex(),
        "VAR_DIR": str(var_dir),
        "TIME_ZONE": "Asia/Tokyo",
        **variables,
    }
