"""Which lines and branches of `careers/` the tests run.

`make test` loads this module as a plugin of pytest in the workers of pytest-xdist, before Django imports the
site. Programs that tests start are not measured.

slipcover puts probes into the bytecode of a module when it is imported. A tracer slows down every line of
Python, also those of Django: with coverage.py on Python 3.11, the tests need 1.8 times the processor time.

[tool.slipcover] in pyproject.toml says what is measured, and the floor.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import slipcover
from slipcover.config import read_config

PLUGIN = {"PYTEST_PLUGINS": __name__}  # the environment that measures
FOLDER = Path(__file__).resolve().parents[1] / ".cache" / "coverage"


def erase():
    """Delete what an earlier run measured."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)


def report():
    """Print what the tests leave out; whether they reach the floor."""
    total = FOLDER / "total.json"
    measured = sorted(FOLDER.glob("worker-*.json"))
    if not measured:
        print("No coverage was measured.", flush=True)
        return False
    command = [sys.executable, "-m", "slipcover", "--out", total, "--merge", *measured]
    reached = subprocess.run(command, check=False).returncode == 0
    if total.exists():
        percent = json.loads(total.read_text())["summary"]["percent_covered"]
        floor = read_config()["fail-under"]
        print(f"Coverage: {percent:.2f} % (floor: {floor} %)", flush=True)
    return reached


def _measure():
    config = read_config()
    sources, omitted = config["source"], config["omit"]
    measurement = slipcover.Slipcover(
        branch=config["branch"],
        source=sources,
        omit=omitted,
        exclude_also=config["exclude-also"],
        d_miss_threshold=-1,  # probes stay: to take them out costs more, and changes functions that run
    )
    matcher = slipcover.FileMatcher(sources=sources, omit=omitted)
    slipcover.ImportManager(measurement, matcher).__enter__()
    return measurement


if worker := os.environ.get("PYTEST_XDIST_WORKER"):
    del os.environ["PYTEST_PLUGINS"]  # programs that tests start inherit the environment
    measurement = _measure()

    def pytest_sessionfinish():
        (FOLDER / f"worker-{worker}.json").write_text(json.dumps(measurement.get_coverage()))
