"""The production settings, with replacements for everything that a test run must not touch."""

import atexit
import os
import shutil
import tempfile

_var = tempfile.mkdtemp(prefix="careers-tests-")
atexit.register(shutil.rmtree, _var, ignore_errors=True)
os.environ.update(
    SECRET_KEY="T3st-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
    SITE_URL="https://careers.example.com",
    VAR_DIR=_var,
    DEV="no",
    DEBUG="no",
    TIME_ZONE="Asia/Tokyo",
    SMTP_URL="smtp+plain://127.0.0.1:1",  # no server
    CARD_FONT="",
    MAIL_FROM="Kumo Careers <careers@example.com>",
)

from careers.settings import *  # noqa: E402, F403
from careers.settings import DATABASES, STORAGES  # noqa: E402

# A file as in production: with an in-memory database, connections would not block each other.
DATABASES["default"]["TEST"] = (
    {"NAME": f"{_var}/tests.sqlite3"} if "sqlite" in DATABASES["default"]["ENGINE"] else {}
)

# Fast password hashing and proof of work, and no collected static files.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
POW_COST = 10
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
