"""Worker processes, killed, stopped or in parallel: each email is delivered, twice only after a kill."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter

import pytest

from tests.components import smtp
from tests.components.database import own_database
from tests.components.site import LATER, ROOT, manage, shell, stop_shell

pytestmark = pytest.mark.runs_first

QUEUE = """
from careers.outbox.models import Email
for number in range({count}):
    address = f"person{{number}}@example.org"
    Email.objects.queue(recipient=address, subject="Hello", body="Hi.", language="en")
"""
ROWS = """
import json
from careers.outbox.models import Email
print(json.dumps(list(Email.objects.order_by("pk").values_list("state", "attempts"))))
"""


class OutboxSite:
    """Commands of a production site with its own database and a mail server."""

    def __init__(self, environment):
        self.environment = environment
        self.processes = []

    def queue(self, count):
        shell(self.environment, QUEUE.format(count=count))

    def rows(self):
        """[state, attempts] of every email."""
        return json.loads(shell(self.environment, ROWS))

    def start(self, *command, later=0):
        """A process that runs a command with a clock that is `later` seconds ahead."""
        process = subprocess.Popen(
            [sys.executable, "-c", LATER, str(later), *command],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.processes.append(process)
        return process

    def run(self, *command, later=0):
        process = self.start(*command, later=later)
        output, _errors = process.communicate(timeout=60)
        assert process.returncode == 0, output
        return output


@pytest.fixture
def mail_server():
    with smtp.running() as server:
        yield server


@pytest.fixture
def site(mail_server, tmp_path):
    with own_database(tmp_path, "migrated") as url:
        site = OutboxSite(
            {
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "careers.settings",
                "DEV": "no",
                "SITE_URL": "https://careers.example.com",
                "SECRET_KEY": "a-key-for-one-run-" + os.urandom(32).hex(),
                "VAR_DIR": str(tmp_path),
                "DATABASE_URL": url,
                "SMTP_URL": f"smtp+plain://127.0.0.1:{mail_server.port}",
                "MAIL_FROM": "careers@example.com",
            }
        )
        yield site
        for process in site.processes:
            process.kill()
            process.communicate()
        stop_shell(site.environment)


def message_ids(mail_server):
    return Counter(message["Message-ID"] for message in mail_server.messages)


def test_sendtestemail_uses_outbox(site, mail_server):
    manage(site.environment, "sendtestemail", "hana@example.org")
    assert not mail_server.messages
    assert site.run("send_queued_mail").endswith("\nEmails: 1 sent.\n")
    assert [message["To"] for message in mail_server.messages] == ["hana@example.org"]
    assert site.run("send_queued_mail") == "Emails: none due.\n"


@pytest.mark.parametrize("moment", ["DATA", "after"])
def test_worker_killed_email_sent_after_lease(site, mail_server, moment):
    mail_server.hangs = moment
    site.queue(1)
    worker = site.start("send_queued_mail")
    assert mail_server.waiting.wait(30)
    worker.kill()
    worker.wait()
    mail_server.hangs = None
    # The killed worker still holds the lease.
    assert site.run("send_queued_mail") == "Emails: none due.\n"
    assert site.rows() == [["waiting", 1]]
    assert "1 sent" in site.run("send_queued_mail", later=121)
    assert site.rows() == [["sent", 2]]
    # Killed after the server accepted it, the email arrives twice with the same Message-ID.
    [(_id, times)] = message_ids(mail_server).items()
    assert times == (2 if moment == "after" else 1)


def test_two_workers_send_each_email_once(site, mail_server):
    site.queue(50)
    workers = [site.start("send_queued_mail") for _ in range(2)]
    for worker in workers:
        output, _errors = worker.communicate(timeout=60)
        assert worker.returncode == 0, output
    assert len(mail_server.messages) == 50
    assert set(message_ids(mail_server).values()) == {1}
    assert site.rows() == [["sent", 1]] * 50


def test_worker_stops_during_slow_delivery(site, mail_server):
    mail_server.hangs = "DATA"
    site.queue(1)
    worker = site.start("worker")
    assert mail_server.waiting.wait(30)
    start = time.monotonic()
    worker.send_signal(signal.SIGTERM)
    output, _errors = worker.communicate(timeout=30)
    assert time.monotonic() - start < 6
    assert (worker.returncode, output) == (0, "")
    mail_server.hangs = None
    assert site.rows() == [["waiting", 1]]
    assert "1 sent" in site.run("send_queued_mail", later=121)


def test_worker_sends_within_seconds_and_logs_one_line(site, mail_server):
    worker = site.start("worker")
    time.sleep(3)
    site.queue(2)
    deadline = time.monotonic() + 10
    while len(mail_server.messages) < 2 and time.monotonic() < deadline:
        time.sleep(0.1)
    time.sleep(2)
    worker.send_signal(signal.SIGTERM)
    output, _errors = worker.communicate(timeout=30)
    assert worker.returncode == 0
    texts = [json.loads(line)["message"] for line in output.splitlines()]
    assert texts == [f"Email {number} sent (attempt 1)" for number in (1, 2)]
