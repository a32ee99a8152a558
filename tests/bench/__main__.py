"""`make bench`: everything that is promised about speed, as ratios measured in one run.

The exit status says whether every goal is reached.
"""

import os
import platform
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from . import admin  # noqa: E402


def main():
    print(
        f"{timezone.now():%Y-%m-%d}, {platform.machine()}, {os.cpu_count()} cores,"
        f" Python {platform.python_version()}, Django {django.get_version()}"
    )
    call_command("migrate", verbosity=0)
    call_command("rights", verbosity=0)
    return 0 if admin.run() else 1


if __name__ == "__main__":
    sys.exit(main())
