"""`manage.py serve`: the programs that it starts, and that none is left when it stops."""

import re
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request

import psutil
import pytest

from tests.components import prebuilt
from tests.components.environment import ROOT, development_environment
from tests.components.site import free_port

pytestmark = [pytest.mark.one_database, pytest.mark.runs_first]

TIMEOUT = 60


class ServeProcess:
    """A `manage.py serve` process with a VAR_DIR that contains the collected static files."""

    def __init__(self, folder, port, **variables):
        self.port = port
        self.url = f"http://localhost:{port}"
        environment = development_environment(folder, self.url, **variables)
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--port", str(port)],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            # Even if the tests were started with nohup.
            preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),
        )
        self.output = []

    def wait_until_ready(self):
        """Read its output until it prints the URL of the site."""
        for line in self.process.stdout:
            self.output.append(line)
            if line.startswith("Careers is at "):
                self.seconds = time.monotonic() - self.started
                return self
        raise AssertionError("".join(self.output))

    def child_processes(self):
        """All processes that it started."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def stop(self, number=signal.SIGTERM):
        """Stop it with a signal; returns its exit status."""
        self.process.send_signal(number)
        rest, _nothing = self.process.communicate(timeout=TIMEOUT)
        self.output.append(rest)
        return self.process.returncode


@pytest.fixture
def var_dir(tmp_path):
    """The VAR_DIR of a site that has been started before."""
    prebuilt.copy_files(tmp_path)
    prebuilt.copy_database(tmp_path / prebuilt.DATABASE, "demo")
    return tmp_path


@pytest.fixture
def blank_var_dir(tmp_path):
    """The VAR_DIR of a fresh clone, with static files."""
    (tmp_path / "static").symlink_to(prebuilt.static())
    return tmp_path


@pytest.fixture
def serve():
    started = []

    def start(folder, **variables):
        started.append(ServeProcess(folder, free_port(), **variables))
        return started[-1]

    yield start
    for served in started:
        if served.process.poll() is None:
            served.stop()


def page(url):
    with urllib.request.urlopen(url, timeout=10) as response:
        return response.read().decode()


def sign_in(url, email, password):
    """Sign in with the form; returns the URL of the page that follows."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    with browser.open(f"{url}/admin/", timeout=10) as response:
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', response.read().decode())[1]
        form = {"csrfmiddlewaretoken": token, "login": email, "password": password}
        form_data = urllib.parse.urlencode(form).encode()
        with browser.open(response.url, form_data, timeout=10) as response:
            return response.url


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_serve_stops_all_programs_on_signal(serve, var_dir, number):
    served = serve(var_dir).wait_until_ready()
    child_processes = served.child_processes()
    assert len(child_processes) >= 3  # gunicorn, its workers, the worker
    assert served.stop(number) == 0
    assert "Traceback" not in "".join(served.output)
    assert not [process for process in child_processes if process.is_running()]


def test_serve_first_start_loads_demo_and_prints_sign_in(serve, blank_var_dir):
    first = serve(blank_var_dir).wait_until_ready()
    output = "".join(first.output)
    password = re.search(r"email +recruiter@localhost\n +password +(\S+)\n", output)[1]
    assert sign_in(first.url, "recruiter@localhost", password) == f"{first.url}/admin/"
    assert "Ahrefs" in page(f"{first.url}/en/")
    assert '<html lang="ja">' in page(f"{first.url}/ja/roles/")
    first.stop()
    second = serve(blank_var_dir).wait_until_ready()
    assert "password" not in "".join(second.output)
    assert "Ahrefs" in page(f"{second.url}/en/")


def test_serve_reports_port_in_use(serve, tmp_path):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        served = ServeProcess(tmp_path, listener.getsockname()[1])
        output, _nothing = served.process.communicate(timeout=TIMEOUT)
    assert served.process.returncode != 0
    assert output.splitlines() == [
        f"CommandError: Port {served.port} is in use. Choose another one:"
        f" make run PORT={served.port + 1}"
    ]


def test_serve_stops_when_one_program_dies(serve, var_dir):
    served = serve(var_dir).wait_until_ready()
    child_processes = served.child_processes()
    [worker] = [process for process in child_processes if "worker" in process.cmdline()]
    worker.kill()
    output, _nothing = served.process.communicate(timeout=TIMEOUT)
    assert served.process.returncode != 0
    assert "The worker ended unexpectedly, so Careers has stopped." in output
    assert not [process for process in child_processes if process.is_running()]


def test_serve_reports_unreachable_database(serve, tmp_path):
    served = serve(tmp_path, DATABASE_URL="postgres://nobody:x@127.0.0.1:1/none")
    output, _nothing = served.process.communicate(timeout=TIMEOUT)
    assert served.process.returncode != 0
    assert output.startswith("CommandError: The database cannot be used. Check DATABASE_URL")
    assert "Traceback" not in output
