"""Applications with a document of 200 kB: how many a second, beside a loop that only writes and syncs.

The site is served as in production by two workers. The loop does what nobody can do without: it writes
the same bytes to the same disk, syncs them and their name, and inserts one row into the same database.
Between them stands the least that Django can do on the same workers (floor.py).
"""

import json
import os
import sqlite3
import statistics
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path

import psycopg
from django.conf import settings

from tests.components.candidate import filled, multipart, opened
from tests.components.site import free_port, wait
from tests.documents import corpus
from tests.faults.stage import Program, running

from .measure import table

GOAL = 0.3
SIZE = 200_000  # bytes
ROUNDS, IN_A_ROUND = 7, 40
AT_ONCE = 4
SMALL, LARGE = 1_000, 10_000_000
EVERY_THREAD = 8  # of both workers is busy at once, while memory is measured
# Bytes by which a worker may differ: buffers of its four threads. Their four files would be twice that.
MEMORY_GOAL = 20_000_000
_numbers = count(1)


def run():
    """Print both tables; whether every goal is reached."""
    reached = []
    for name in ("SQLite", "PostgreSQL"):
        with (
            tempfile.TemporaryDirectory(prefix="careers-bench-") as folder,
            running(Path(folder), on_postgresql=name == "PostgreSQL") as stage,
        ):
            stage.work.kill()  # letters wait in the database meanwhile
            print(f"\nApplications with a PDF of {SIZE // 1000} kB on {name}")
            reached.append(_speed(stage, Path(folder)))
            if name == "SQLite":
                print("\nMemory of the larger worker, at most")
                reached.append(_memory(stage))
    return all(reached)


def _speed(stage, folder):
    pdf = document(SIZE)
    with closing(_connection(stage)) as connection, _floor(stage) as floor:
        rounds = []
        for _ in range(ROUNDS + 1):
            # So many a minute would be a flood, and each of them asked to confirm.
            connection.execute("DELETE FROM applications_submission")
            forms = _forms(stage, pdf, IN_A_ROUND)
            ours, least = _rate(forms, stage.port), _rate(forms, floor)
            rounds.append((ours, least, _bare(connection, folder, pdf, IN_A_ROUND)))
        asked = "SELECT COUNT(*) FROM applications_application WHERE confirmed_at IS NULL"
        [waiting] = connection.execute(asked).fetchone()
        if waiting:
            raise RuntimeError(f"{waiting} applications have to be confirmed")
    rounds = rounds[1:]  # the first one warms up
    ours, least, bare = (statistics.median(rates) for rates in zip(*rounds, strict=True))
    ratio = statistics.median(one / loop for one, _least, loop in rounds)
    possible = statistics.median(least / loop for _ours, least, loop in rounds)
    table(
        [
            ("", "a second", "of the loop"),
            ("the bare loop", f"{bare:.0f}", ""),
            ("the least that Django can do", f"{least:.0f}", f"{possible:.2f}"),
            ("ours", f"{ours:.0f}", f"{ratio:.2f} (goal: at least {GOAL})"),
        ]
    )
    return ratio >= GOAL


@contextmanager
def _floor(stage):
    """The port of floor.py, served like the site."""
    with closing(_connection(stage)) as connection:
        connection.execute("CREATE TABLE bare (id INTEGER, name VARCHAR(40))")
    port = free_port()
    least = Program(
        stage.environment, "-m", "gunicorn", "tests.bench.floor", "--bind", f"127.0.0.1:{port}"
    )
    least.start()
    try:
        wait(f"http://127.0.0.1:{port}", least.process)
        yield port
    finally:
        least.kill()


def _memory(stage):
    peaks = []
    for size in (SMALL, LARGE):
        for worker in stage.web.children():
            Path(f"/proc/{worker}/clear_refs").write_text("5")  # forget the highest mark
        _rate(_forms(stage, document(size), 24), stage.port, EVERY_THREAD)
        peaks.append(max(_peak(worker) for worker in stage.web.children()))
    small, large = peaks
    rows = [(f"files of {SMALL // 1000} kB", f"{small / 1e6:.1f} MB")]
    rows.append(
        (f"files of {LARGE // 1_000_000} MB, {EVERY_THREAD} at once", f"{large / 1e6:.1f} MB")
    )
    table([("", "resident"), *rows])
    print(f"more by {(large - small) / 1e6:.1f} MB (goal: at most {MEMORY_GOAL / 1e6:.0f})")
    return large - small <= MEMORY_GOAL


def document(size):
    """A PDF of about so many bytes."""
    return corpus.pdf(stream=b"%" + b" " * (size - len(corpus.pdf())))


def _forms(stage, file, times):
    """Filled in by people with an address each, and as slowly as a person at least."""
    forms = [_form(stage, file) for _ in range(times)]
    time.sleep(settings.MINIMUM_FORM_TIME.total_seconds())
    return forms


def _form(stage, file):
    number = next(_numbers)
    site = stage.site(f"2001:db8:{number:x}::1")
    fields = filled(f"bench{number}@example.org", opened(site, "/en/apply/"))
    return site, *multipart(fields, {"resume": ("cv.pdf", file)})


def _rate(forms, port, at_once=AT_ONCE):
    """How many are taken a second; only the sending is measured, as the form is a page like others."""
    with ThreadPoolExecutor(at_once) as pool:
        start = time.perf_counter()
        statuses = list(pool.map(lambda form: _send(port, *form), forms))
        taken = time.perf_counter() - start
    if set(statuses) != {200}:
        raise RuntimeError(f"The site has answered {sorted(set(statuses))}")
    return len(forms) / taken


def _send(port, site, body, kind):
    site.port = port
    headers = {"Content-Type": kind, "Accept": "application/json"}
    status, text = site.ask("/en/apply/", body, **headers)
    return status if "address" in json.loads(text) else None


def _bare(connection, folder, file, times):
    place = "?" if isinstance(connection, sqlite3.Connection) else "%s"
    names = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    start = time.perf_counter()
    for _ in range(times):
        number = next(_numbers)
        with open(folder / f"bare{number}", "wb") as out:
            out.write(file)
            out.flush()
            os.fsync(out.fileno())
        os.fsync(names)
        connection.execute(f"INSERT INTO bare VALUES ({place}, {place})", (number, f"bare{number}"))
    taken = time.perf_counter() - start
    os.close(names)
    return times / taken


def _connection(stage):
    """A connection that commits each statement, as durably as the site does."""
    if stage.database:
        return psycopg.connect(stage.database.url, autocommit=True)
    path = Path(stage.environment["VAR_DIR"], "careers.sqlite3")
    connection = sqlite3.connect(path, isolation_level=None, timeout=20)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    return connection


def _peak(worker):
    [line] = [
        line
        for line in Path(f"/proc/{worker}/status").read_text().splitlines()
        if line.startswith("VmHWM")
    ]
    return int(line.split()[1]) * 1024
