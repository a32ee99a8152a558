"""A gunicorn whose environment is wrong says so once and ends, instead of starting for ever."""

import os
import subprocess
import sys

import pytest

from tools.catalogues import ROOT

pytestmark = [pytest.mark.one_database, pytest.mark.runs_first]


def test_it_does_not_start(tmp_path):
    gunicorn = (sys.executable, "-m", "gunicorn", "careers.wsgi", "--bind", "127.0.0.1:0")
    environment = {
        "PATH": os.environ["PATH"],
        "VAR_DIR": str(tmp_path),
        "SECRET_KEY": "short",
        "TIME_ZONE": "Mars/Olympus",
    }
    ran = subprocess.run(
        gunicorn, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=30
    )
    assert ran.returncode != 0
    assert ran.stderr.count("SECRET_KEY: must be") == 1
    assert "TIME_ZONE: must be the name" in ran.stderr
    assert "Booting worker" not in ran.stdout
