"""The site with the demo company, in processes of its own: gunicorn, each with one worker."""

import contextlib
import http.client
import json
import os
import sqlite3
import subprocess
import sys
import time
from types import SimpleNamespace

import psycopg

from tests.components.site import ROOT, free_port, manage, wait
from tests.conftest import HOST

HEADERS = {"Host": HOST, "X-Forwarded-Proto": "https"}
EMAIL, PASSWORD = "hana@example.com", "correct horse battery"
# gunicorn on a machine whose clock is so many seconds ahead: exactly, however busy this one is.
AHEAD = """
import sys, time, time_machine
from gunicorn.app.wsgiapp import run
ahead = float(sys.argv.pop(1))
while ahead:
    asked, now = time.monotonic(), time.time()
    travel = time_machine.travel(now + ahead)
    travel.start()
    if abs(time.time() - (now + ahead + time.monotonic() - asked)) < 0.01:
        break
    travel.stop()
run()
"""
MAKE = f"""
import json
from careers.company.models import HiringStep, Testimonial, Value
from careers.roles.models import Role, RoleCondition
from careers.staff.models import User

User.objects.create_superuser({EMAIL!r}, {PASSWORD!r}, language="en")

def told(record, field):
    return {{"key": record.pk, "en": getattr(record, field + "_en"), "ja": getattr(record, field + "_ja")}}

both = Role.objects.public("en").filter(pk__in=Role.objects.public("ja"))
RoleCondition.objects.get_or_create(role=both[0], kind="hours")
print(json.dumps({{
    "roles": [told(role, "title") | {{"path": role.get_absolute_url("en")}} for role in both[:3]],
    "steps": [told(step, "title") for step in HiringStep.objects.all()],
    "value": told(Value.objects.last(), "title"),
    "testimonial": told(Testimonial.objects.first(), "text"),
    "testimonials": [row.pk for row in Testimonial.objects.all()],
}}))
"""


class Process:
    """One gunicorn with one worker."""

    def __init__(self, environment, folder, *, ahead=0):
        self.port = free_port()
        self.log = folder / f"{self.port}.log"
        bind = ["careers.wsgi", "--bind", f"127.0.0.1:{self.port}"]
        with self.log.open("w") as log:
            command = [sys.executable, "-c", AHEAD, str(ahead), *bind]
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log)

    def ready(self):
        wait(f"http://127.0.0.1:{self.port}", self.process, **HEADERS)
        return self

    def connected(self):
        return contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=20))

    def page(self, path):
        """The text of a page, and what the cache says of it."""
        with self.connected() as connection:
            connection.request("GET", path, headers=HEADERS)
            answer = connection.getresponse()
            return answer.read().decode(), answer.getheader("Cache-Status")

    def lines(self):
        """What it has logged."""
        return [json.loads(line) for line in self.log.read_text("utf-8").splitlines()]


class Stage:
    """The site with the demo company, and its processes."""

    def __init__(self, environment, folder):
        self.environment, self.folder = environment, folder
        self.processes = []
        self.told = SimpleNamespace(
            **json.loads(manage(environment, "shell", "--no-imports", "-c", MAKE))
        )

    def serve(self, number, **how):
        """So many processes that keep pages already."""
        started = [Process(self.environment, self.folder, **how) for _ in range(number)]
        self.processes += started
        for process in started:
            self.keep([process.ready()], "/robots.txt")
        return started

    def sql(self, statement):
        """A change behind the back of the site."""
        url = self.environment["DATABASE_URL"]
        if url.startswith("postgres"):
            with psycopg.connect(url) as database:
                database.execute(statement)
            return
        with contextlib.closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as database:
            database.execute(statement)
            database.commit()

    def keep(self, processes, *paths):
        """The texts of pages, all of which are kept from now on."""
        texts = []
        for process in processes:
            for path in paths:
                for _ in range(100):
                    text, said = process.page(path)
                    if said == "Careers; hit":
                        break
                    time.sleep(0.02)
                else:
                    raise AssertionError(f"{path} is not kept: {said}")
                texts.append(text)
        return texts


@contextlib.contextmanager
def running(folder, database):
    """Yield a Stage on a database with the demo company (its DATABASE_URL), for as long as this block."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": database,
        "WEB_CONCURRENCY": "1",
    }
    stage = Stage(environment, folder)
    try:
        yield stage
    finally:
        for process in stage.processes:
            process.process.terminate()
        for process in stage.processes:
            process.process.wait(20)
