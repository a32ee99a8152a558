#!/usr/bin/env python
"""Django's command line: `python manage.py help` lists what the site can do."""

import os
import sys

from django.core.management import execute_from_command_line

from careers import __version__

if __name__ == "__main__":
    if sys.argv[1:] in (["version"], ["--version"]):  # Django would print its own version
        print(f"Careers {__version__}")
        sys.exit()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "careers.settings")
    execute_from_command_line(sys.argv)
