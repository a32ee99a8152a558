"""`make bench`: everything that is promised about speed, as ratios measured in one run.

The exit status says whether every goal is reached.
"""

import logging
import os
import platform
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from . import admin, applications  # noqa: E402


def main():
    print(
        f"{timezone.now():%Y-%m-%d}, {platform.machine()}, {os.cpu_count()} cores,"
        f" Python {platform.python_version()}, Django {django.get_version()}"
    )
    logging.disable(logging.INFO)  # of the mail server
    call_command("migrate", verbosity=0)
    call_command("rights", verbosity=0)
    return 0 if all([admin.run(), applications.run()]) else 1


if __name__ == "__main__":
    sys.exit(main())
