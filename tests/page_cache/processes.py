"""The site with the demo company in gunicorn processes with one worker each."""

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
RECRUITER_EMAIL, RECRUITER_PASSWORD = "hana@example.com", "correct horse battery"
# gunicorn with a clock that is exactly this many seconds ahead, also on a busy machine.
GUNICORN_AHEAD = """
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
CREATE_CODE = f"""
import json
from careers.company.models import HiringStep, Testimonial, Value
from careers.roles.models import Role, RoleCondition
from careers.staff.models import User

User.objects.create_superuser({RECRUITER_EMAIL!r}, {RECRUITER_PASSWORD!r}, language="en")

def texts(record, field):
    return {{"key": record.pk, "en": getattr(record, field + "_en"), "ja": getattr(record, field + "_ja")}}

both = Role.objects.public("en").filter(pk__in=Role.objects.public("ja"))
RoleCondition.objects.get_or_create(role=both[0], kind="hours")
print(json.dumps({{
    "roles": [texts(role, "title") | {{"path": role.get_absolute_url("en")}} for role in both[:3]],
    "steps": [texts(step, "title") for step in HiringStep.objects.all()],
    "value": texts(Value.objects.last(), "title"),
    "testimonial": texts(Testimonial.objects.first(), "text"),
    "testimonials": [row.pk for row in Testimonial.objects.all()],
}}))
"""


class GunicornProcess:
    """One gunicorn with one worker."""

    def __init__(self, environment, folder, *, ahead=0):
        self.port = free_port()
        self.log = folder / f"{self.port}.log"
        bind = ["careers.wsgi", "--bind", f"127.0.0.1:{self.port}"]
        with self.log.open("w") as log:
            command = [sys.executable, "-c", GUNICORN_AHEAD, str(ahead), *bind]
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log)

    def ready(self):
        wait(f"http://127.0.0.1:{self.port}", self.process, **HEADERS)
        return self

    def connected(self):
        return contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=20))

    def page(self, path):
        """The text of a page, and its Cache-Status."""
        with self.connected() as connection:
            connection.request("GET", path, headers=HEADERS)
            response = connection.getresponse()
            return response.read().decode(), response.getheader("Cache-Status")

    def lines(self):
        """The lines of its log."""
        return [json.loads(line) for line in self.log.read_text("utf-8").splitlines()]


class SiteProcesses:
    """The site with the demo company, and its processes."""

    def __init__(self, environment, folder):
        self.environment, self.folder = environment, folder
        self.processes = []
        self.texts = SimpleNamespace(
            **json.loads(manage(environment, "shell", "--no-imports", "-c", CREATE_CODE))
        )

    def serve(self, number, **options):
        """Start `number` processes, and wait until they cache pages."""
        processes = [
            GunicornProcess(self.environment, self.folder, **options) for _ in range(number)
        ]
        self.processes += processes
        for process in processes:
            self.warm([process.ready()], "/robots.txt")
        return processes

    def sql(self, statement):
        """Run SQL directly on the database, without Django."""
        url = self.environment["DATABASE_URL"]
        if url.startswith("postgres"):
            with psycopg.connect(url) as database:
                database.execute(statement)
            return
        with contextlib.closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as database:
            database.execute(statement)
            database.commit()

    def warm(self, processes, *paths):
        """Request pages until each is a cache hit; their texts."""
        texts = []
        for process in processes:
            for path in paths:
                for _ in range(100):
                    text, cache_status = process.page(path)
                    if cache_status == "Careers; hit":
                        break
                    time.sleep(0.02)
                else:
                    raise AssertionError(f"{path} is not cached: {cache_status}")
                texts.append(text)
        return texts


@contextlib.contextmanager
def running(folder, database):
    """Yield a SiteProcesses on a database (its DATABASE_URL) with the demo company."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": database,
        "WEB_CONCURRENCY": "1",
    }
    site = SiteProcesses(environment, folder)
    try:
        yield site
    finally:
        for process in site.processes:
            process.process.terminate()
        for process in site.processes:
            process.process.wait(20)
