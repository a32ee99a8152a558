"""`make dev`: what a developer edits is on the page at the next reload, and Ctrl-C ends all of it.

It runs in a copy of the source, which these tests edit.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

import psutil
import pytest

from tests.components import prebuilt
from tests.components.environment import ROOT, development_environment
from tests.components.site import free_port

pytestmark = [pytest.mark.one_database, pytest.mark.runs_first]

TIMEOUT = 90  # seconds
SOURCE = ("Makefile", "manage.py", "pyproject.toml", "requirements.txt")
SOURCE_FOLDERS = ("careers", "templates", "static", "locale")


class DevSite:
    """`make dev` in a copy of the source, with a database that holds the demo company."""

    def __init__(self, folder):
        self.source, var_dir = folder / "source", folder / "var"
        self.source.mkdir()
        for name in SOURCE:
            shutil.copy(ROOT / name, self.source)
        for name in SOURCE_FOLDERS:
            shutil.copytree(ROOT / name, self.source / name)
        _link_python(self.source)
        (self.source / ".env").write_text("")
        var_dir.mkdir()
        prebuilt.copy_database(var_dir / prebuilt.DATABASE, "demo")
        port = free_port()
        self.url = f"http://localhost:{port}"
        self.process = subprocess.Popen(
            ["make", "dev"],
            cwd=self.source,
            env=development_environment(var_dir, self.url, PORT=str(port)),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.output = []

    def wait_until_ready(self):
        for line in self.process.stdout:
            self.output.append(line)
            if line.startswith("Careers is at "):
                return self
        raise AssertionError("".join(self.output))

    def edit(self, path, old, new):
        file = self.source / path
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), "utf-8")

    def get(self, path):
        """(status, text) of a page; its headers are in `headers`."""
        try:
            response = urllib.request.urlopen(f"{self.url}{path}", timeout=30)
        except urllib.error.HTTPError as error:
            response = error
        with response:
            self.headers = response.headers
            return response.status, response.read().decode()

    def wait_for(self, path, expected):
        """(status, text) of a page, once the text holds what is expected."""
        deadline = time.monotonic() + TIMEOUT
        while time.monotonic() < deadline:
            try:
                status, text = self.get(path)
            except OSError:  # the server is starting again
                status, text = 0, ""
            if expected in text:
                return status, text
            time.sleep(0.3)
        raise AssertionError(f"{path} has no {expected!r}: {status} {text[:500]}")

    def press_ctrl_c(self):
        """A terminal sends SIGINT to the whole group: to make, and to what it runs."""
        os.killpg(self.process.pid, signal.SIGINT)
        self.process.communicate(timeout=TIMEOUT)

    def worker(self):
        """The process that runs the scheduled tasks."""
        for process in psutil.Process(self.process.pid).children(recursive=True):
            if process.cmdline()[-1:] == ["worker"]:
                return process
        return None


def _link_python(source):
    """A .venv for the copy: the packages of the tests, already installed."""
    (source / ".venv" / "bin").mkdir(parents=True)
    python = source / ".venv" / "bin" / "python"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    for name in ("pyvenv.cfg", "installed"):
        (source / ".venv" / name).touch()


@pytest.fixture
def site(tmp_path):
    site = DevSite(tmp_path)
    try:
        yield site.wait_until_ready()
    finally:
        if site.process.poll() is None:
            site.press_ctrl_c()


def test_dev_shows_edits_and_ends_whole(site):
    """One site for all of it, because each start takes seconds."""
    _template_edits_are_visible(site)
    _style_sheet_edits_are_visible(site)
    _code_edits_restart_and_show_a_traceback(site)
    _ctrl_c_leaves_no_process(site)


def _template_edits_are_visible(site):
    """A template is edited twice: no page comes from a cache."""
    assert site.get("/en/hiring/")[0] == 200
    for text in ("Edited once", "Edited twice"):
        site.edit("templates/pages/hiring.html", "{% block main %}", "{% block main %}<p>" + text)
        assert site.wait_for("/en/hiring/", text)[0] == 200


def _style_sheet_edits_are_visible(site):
    """Style sheets are served from their sources, under the names of their sources."""
    assert "/static/css/tokens.css" in site.get("/ja/")[1]
    site.edit("static/css/tokens.css", ":root", "/* edited */ :root")
    assert site.wait_for("/static/css/tokens.css", "/* edited */")[0] == 200


def _code_edits_restart_and_show_a_traceback(site):
    """Also after a syntax error. The traceback comes without the policy that would hide its styles."""
    worker = site.worker()
    view = "def accessibility(request):"
    site.edit("careers/pages/views.py", view, "def accessibility(request:")
    time.sleep(2)
    site.edit(
        "careers/pages/views.py", "def accessibility(request:", f"{view}\n    raise OSError('typo')"
    )
    status, text = site.wait_for("/en/accessibility/", "typo")
    assert status == 500
    assert "Traceback" in text
    assert "Content-Security-Policy" not in site.headers
    site.get("/en/")
    assert "Content-Security-Policy" in site.headers
    deadline = time.monotonic() + TIMEOUT
    while (new := site.worker()) in (None, worker) and time.monotonic() < deadline:
        time.sleep(0.3)
    assert new not in (None, worker)


def _ctrl_c_leaves_no_process(site):
    processes = [psutil.Process(site.process.pid)]
    processes += processes[0].children(recursive=True)
    assert len(processes) >= 6  # make, serve, the web server, the worker, each with what reloads it
    site.press_ctrl_c()
    assert not [process for process in processes if process.is_running()]


@pytest.mark.parametrize("command", ["serve", "runserver", "check"])
def test_dev_refuses_in_production(tmp_path, command):
    """DEBUG without DEV=yes: one line that says what to do, and no start."""
    ran = subprocess.run(
        [sys.executable, "manage.py", command],
        cwd=ROOT,
        env=development_environment(tmp_path, "https://careers.example.com", DEV="no", DEBUG="yes"),
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
    )
    assert ran.returncode != 0
    [line] = ran.stderr.splitlines()
    assert "DEV=yes" in line
    assert "own machine" in line
