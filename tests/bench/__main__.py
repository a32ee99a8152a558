"""`make bench`: the benchmarks behind docs/performance.md, as ratios measured in one run.

Each part has its own process and database; `python -m tests.bench search` measures that part alone.
The exit status says whether all goals are reached.
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

PARTS = {"admin": admin, "applications": applications, "pages": pages, "search": search}


def main(parts):
    if not parts:
        return _all_parts()
    if unknown := set(parts) - PARTS.keys():
        sys.exit(f"Not a part of the benchmark: {', '.join(unknown)}. Parts: {', '.join(PARTS)}.")
    logging.disable(logging.INFO)  # of the mail server
    call_command("migrate", verbosity=0)
    call_command("sync_permissions", verbosity=0)
    reached = [PARTS[part].run() for part in parts]
    return all(reached)


def _all_parts():
    print(
        f"{timezone.now():%Y-%m-%d}, {platform.machine()}, {os.cpu_count()} cores,"
        f" Python {platform.python_version()}, Django {django.get_version()}",
        flush=True,
    )
    # All parts run, also after a failure.
    return all([*map(_in_process, PARTS), _on_postgres()])


def _in_process(part, **environment):
    command = [sys.executable, "-m", "tests.bench", part]
    return not subprocess.call(command, env={**os.environ, **environment})


def _on_postgres():
    try:
        with postgres.running() as url:
            return _in_process("search", DATABASE_URL=url)
    except Unavailable as reason:
        print(f"\nNot measured on PostgreSQL: {reason}")
        return False


if __name__ == "__main__":
    sys.exit(not main(sys.argv[1:]))
