"""Real workers that are killed, stopped or many: every letter arrives, and none twice without reason."""

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
from tests.components.site import LATER, ROOT, manage

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


class Site:
    """The commands of a site in production, with a database of their own and a mail server."""

    def __init__(self, environment):
        self.environment = environment
        self.started = []

    def queue(self, count):
        manage(self.environment, "shell", "--no-imports", "-c", QUEUE.format(count=count))

    def rows(self):
        """[state, attempts] of every letter."""
        return json.loads(manage(self.environment, "shell", "--no-imports", "-c", ROWS))

    def start(self, *command, later=0):
        """A process that runs a command, on a machine whose clock is so many seconds ahead."""
        process = subprocess.Popen(
            [sys.executable, "-c", LATER, str(later), *command],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.started.append(process)
        return process

    def run(self, *command, later=0):
        process = self.start(*command, later=later)
        said, _nothing = process.communicate(timeout=60)
        assert process.returncode == 0, said
        return said


@pytest.fixture
def mail_server():
    with smtp.running() as running:
        yield running


@pytest.fixture
def site(mail_server, tmp_path):
    with own_database(tmp_path, "migrated") as url:
        site = Site(
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
        for process in site.started:
            process.kill()
            process.communicate()


def message_ids(mail_server):
    return Counter(letter["Message-ID"] for letter in mail_server.letters)


def test_djangos_own_command_leads_through_the_outbox(site, mail_server):
    manage(site.environment, "sendtestemail", "hana@example.org")
    assert not mail_server.letters
    assert site.run("send_queued_mail").endswith("\nEmails: 1 sent.\n")
    assert [letter["To"] for letter in mail_server.letters] == ["hana@example.org"]
    assert site.run("send_queued_mail") == "Emails: none is due.\n"


@pytest.mark.parametrize("moment", ["DATA", "after"])
def test_a_letter_whose_worker_was_killed_arrives_once_the_lease_ends(site, mail_server, moment):
    mail_server.hangs = moment
    site.queue(1)
    worker = site.start("send_queued_mail")
    assert mail_server.reached.wait(30)
    worker.kill()
    worker.wait()
    mail_server.hangs = None
    assert site.run("send_queued_mail") == "Emails: none is due.\n"  # the lease of the dead
    assert site.rows() == [["waiting", 1]]
    assert "1 sent" in site.run("send_queued_mail", later=121)
    assert site.rows() == [["sent", 2]]
    # Killed after the server had taken it, it arrives twice, and says so.
    [(_id, times)] = message_ids(mail_server).items()
    assert times == (2 if moment == "after" else 1)


def test_two_workers_at_once_deliver_each_letter_once(site, mail_server):
    site.queue(50)
    workers = [site.start("send_queued_mail") for _ in range(2)]
    for worker in workers:
        said, _nothing = worker.communicate(timeout=60)
        assert worker.returncode == 0, said
    assert len(mail_server.letters) == 50
    assert set(message_ids(mail_server).values()) == {1}
    assert site.rows() == [["sent", 1]] * 50


def test_a_stop_in_a_slow_conversation_ends_the_work_within_seconds(site, mail_server):
    mail_server.hangs = "DATA"
    site.queue(1)
    work = site.start("worker")
    assert mail_server.reached.wait(30)
    start = time.monotonic()
    work.send_signal(signal.SIGTERM)
    said, _nothing = work.communicate(timeout=30)
    assert time.monotonic() - start < 6
    assert (work.returncode, said) == (0, "")
    mail_server.hangs = None
    assert site.rows() == [["waiting", 1]]
    assert "1 sent" in site.run("send_queued_mail", later=121)


def test_the_work_delivers_within_seconds_and_says_one_line_for_each_letter(site, mail_server):
    work = site.start("worker")
    time.sleep(3)
    site.queue(2)
    limit = time.monotonic() + 10
    while len(mail_server.letters) < 2 and time.monotonic() < limit:
        time.sleep(0.1)
    time.sleep(2)
    work.send_signal(signal.SIGTERM)
    said, _nothing = work.communicate(timeout=30)
    assert work.returncode == 0
    texts = [json.loads(line)["message"] for line in said.splitlines()]
    assert texts == [f"Email {number} sent (attempt 1)" for number in (1, 2)]
