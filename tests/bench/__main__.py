"""`make bench`: everything that is promised about speed, as ratios measured in one run.

The exit status says whether every goal is reached.
"""

import logging
import os
import platform
import subprocess
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from tests.components import Unavailable, postgres  # noqa: E402

from . import admin, applications, pages, search  # noqa: E402

ONLY_SEARCH = "--only-search"  # what is measured on the other database, too


def main():
    print(
        f"{timezone.now():%Y-%m-%d}, {platform.machine()}, {os.cpu_count()} cores,"
        f" Python {platform.python_version()}, Django {django.get_version()}"
    )
    logging.disable(logging.INFO)  # of the mail server
    call_command("migrate", verbosity=0)
    call_command("rights", verbosity=0)
    if ONLY_SEARCH in sys.argv:
        return 0 if search.run() else 1
    parts = (admin.run, applications.run, pages.run, search.run, _on_postgres)
    reached = [part() for part in parts]  # every one of them, whatever became of the one before
    return 0 if all(reached) else 1


def _on_postgres():
    try:
        with postgres.running() as url:
            command = [sys.executable, "-m", "tests.bench", ONLY_SEARCH]
            return not subprocess.call(command, env={**os.environ, "DATABASE_URL": url})
    except Unavailable as reason:
        print(f"\nNot measured on PostgreSQL: {reason}")
        return False


if __name__ == "__main__":
    sys.exit(main())
