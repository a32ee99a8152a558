"""gunicorn with an invalid environment prints the errors once and exits, instead of restarting forever."""

import os
import subprocess
import sys

import pytest

from tools.catalogues import ROOT

pytestmark = [pytest.mark.one_database, pytest.mark.runs_first]


def test_gunicorn_does_not_start_with_invalid_settings(tmp_path):
    gunicorn = (sys.executable, "-m", "gunicorn", "careers.wsgi", "--bind", "127.0.0.1:0")
    environment = {
        "PATH": os.environ["PATH"],
        "VAR_DIR": str(tmp_path),
        "SECRET_KEY": "short",
        "TIME_ZONE": "Mars/Olympus",
    }
    process = subprocess.run(
        gunicorn, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=30
    )
    assert process.returncode != 0
    assert process.stderr.count("SECRET_KEY: must be") == 1
    assert "TIME_ZONE: must be the name" in process.stderr
    assert "Booting worker" not in process.stdout
