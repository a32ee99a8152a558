"""`manage.py serve` and `manage.py worker`: what they start, and what is left when they stop."""

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
from tests.components.environment import ROOT, local
from tests.components.site import free_port, manage

pytestmark = [pytest.mark.one_database, pytest.mark.runs_first]

PATIENCE = 60


class Served:
    """`manage.py serve` with a VAR_DIR that holds the static files already, as after `make run`."""

    def __init__(self, folder, port, **variables):
        self.port = port
        self.url = f"http://localhost:{port}"
        environment = local(folder, self.url, **variables)
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--port", str(port)],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            # Even where the tests themselves were started with nohup.
            preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),
        )
        self.said = []

    def until_ready(self):
        """Read what it says until it says where it is."""
        for line in self.process.stdout:
            self.said.append(line)
            if line.startswith("Careers is at "):
                self.seconds = time.monotonic() - self.started
                return self
        raise AssertionError("".join(self.said))

    def family(self):
        """Everything that it started."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def stop(self, number=signal.SIGTERM):
        """End it with a signal; its exit status."""
        self.process.send_signal(number)
        rest, _nothing = self.process.communicate(timeout=PATIENCE)
        self.said.append(rest)
        return self.process.returncode


@pytest.fixture
def var_dir(tmp_path):
    """That of a site which has been served before."""
    prebuilt.copy_files(tmp_path)
    prebuilt.copy_database(tmp_path / prebuilt.DATABASE, "demo")
    return tmp_path


@pytest.fixture
def blank_var_dir(tmp_path):
    """That of a fresh clone."""
    manage(local(tmp_path), "collectstatic", "--noinput", "--verbosity=0")
    return tmp_path


@pytest.fixture
def serve():
    started = []

    def start(folder, **variables):
        started.append(Served(folder, free_port(), **variables))
        return started[-1]

    yield start
    for served in started:
        if served.process.poll() is None:
            served.stop()


def page(url):
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read().decode()


def sign_in(url, email, password):
    """Where somebody is led who signs in with the form."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    with browser.open(f"{url}/admin/", timeout=10) as answer:
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', answer.read().decode())[1]
        form = {"csrfmiddlewaretoken": token, "login": email, "password": password}
        filled = urllib.parse.urlencode(form).encode()
        with browser.open(answer.url, filled, timeout=10) as answer:
            return answer.url


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_stops_everything(serve, var_dir, number):
    served = serve(var_dir).until_ready()
    family = served.family()
    assert len(family) >= 3  # gunicorn, its workers, the background work
    assert served.stop(number) == 0
    assert "Traceback" not in "".join(served.said)
    assert not [process for process in family if process.is_running()]


def test_the_first_time_it_loads_the_demo_and_says_how_to_sign_in_once(serve, blank_var_dir):
    first = serve(blank_var_dir).until_ready()
    said = "".join(first.said)
    password = re.search(r"email +recruiter@localhost\n +password +(\S+)\n", said)[1]
    assert sign_in(first.url, "recruiter@localhost", password) == f"{first.url}/admin/"
    assert "Ahrefs" in page(f"{first.url}/en/")
    assert '<html lang="ja">' in page(f"{first.url}/ja/roles/")
    first.stop()
    second = serve(blank_var_dir).until_ready()
    assert "password" not in "".join(second.said)
    assert "Ahrefs" in page(f"{second.url}/en/")


def test_a_taken_port_is_one_clear_line(serve, tmp_path):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        served = Served(tmp_path, listener.getsockname()[1])
        said, _nothing = served.process.communicate(timeout=PATIENCE)
    assert served.process.returncode != 0
    assert said.splitlines() == [
        f"CommandError: Port {served.port} is in use. Choose another one:"
        f" make run PORT={served.port + 1}"
    ]


def test_when_one_part_dies_the_rest_stops_and_says_so(serve, var_dir):
    served = serve(var_dir).until_ready()
    family = served.family()
    [work] = [process for process in family if "worker" in process.cmdline()]
    work.kill()
    said, _nothing = served.process.communicate(timeout=PATIENCE)
    assert served.process.returncode != 0
    assert "The worker ended unexpectedly, so Careers has stopped." in said
    assert not [process for process in family if process.is_running()]


def test_a_broken_database_is_one_clear_line(serve, tmp_path):
    served = serve(tmp_path, DATABASE_URL="postgres://nobody:x@127.0.0.1:1/none")
    said, _nothing = served.process.communicate(timeout=PATIENCE)
    assert served.process.returncode != 0
    assert said.startswith("CommandError: The database cannot be used. Check DATABASE_URL")
    assert "Traceback" not in said
