"""Applications with a document of 200 kB: how many per second, compared with the minimum for Django.

Two workers serve the site as in production, and the same number serves `floor.py`, which does only the
unavoidable work. For information, a loop without Django does that work too: it writes the same bytes to the
same disk, syncs the file and its folder, and inserts one row into the same database.
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

from tests.components.candidate import form_fields, multipart, open_form
from tests.components.site import free_port, wait
from tests.documents import corpus
from tests.faults.killable_site import Program, running

from .measure import table

GOAL = 0.15  # of the minimum for Django; docs/performance.md says why not 0.3
SIZE = 200_000  # bytes
ROUNDS, PER_ROUND = 7, 40
CONCURRENCY = 4
SMALL, LARGE = 1_000, 10_000_000
ALL_THREADS = 8  # of both workers are busy while memory is measured
# Allowed growth of a worker: buffers of its four threads. Four whole files would be twice that.
MEMORY_GOAL = 20_000_000
_numbers = count(1)


def run():
    """Print both tables; return whether every goal is reached."""
    reached = []
    for name in ("SQLite", "PostgreSQL"):
        with (
            tempfile.TemporaryDirectory(prefix="careers-bench-") as folder,
            running(Path(folder), on_postgresql=name == "PostgreSQL") as site,
        ):
            site.worker.kill()  # emails stay in the queue
            print(f"\nApplications with a PDF of {SIZE // 1000} kB on {name}")
            reached.append(_speed(site, Path(folder)))
            if name == "SQLite":
                print("\nMemory of the larger worker, at most")
                reached.append(_memory(site))
    return all(reached)


def _speed(site, folder):
    pdf = document(SIZE)
    with closing(_connection(site)) as connection, _floor(site) as floor:
        rounds = []
        for _ in range(ROUNDS + 1):
            # Otherwise the limit per minute would put them into quarantine.
            connection.execute("DELETE FROM applications_submission")
            forms = _forms(site, pdf, PER_ROUND)
            ours, minimum = _rate(forms, site.port), _rate(forms, floor)
            rounds.append((ours, minimum, _bare(connection, folder, pdf, PER_ROUND)))
        query = "SELECT COUNT(*) FROM applications_application WHERE confirmed_at IS NULL"
        [waiting] = connection.execute(query).fetchone()
        if waiting:
            raise RuntimeError(f"{waiting} applications have to be confirmed")
    rounds = rounds[1:]  # the first one warms up
    ours, minimum, bare = (statistics.median(rates) for rates in zip(*rounds, strict=True))
    ratio = statistics.median(one / least for one, least, _loop in rounds)
    table(
        [
            ("", "per second", "of the minimum"),
            ("the bare loop", f"{bare:.0f}", f"{bare / minimum:.2f}"),
            ("the minimum for Django", f"{minimum:.0f}", ""),
            ("ours", f"{ours:.0f}", f"{ratio:.2f} (goal: at least {GOAL})"),
        ]
    )
    return ratio >= GOAL


@contextmanager
def _floor(site):
    """Serve floor.py like the site; its port."""
    with closing(_connection(site)) as connection:
        connection.execute("CREATE TABLE bare (id INTEGER, name VARCHAR(40))")
    port = free_port()
    minimum = Program(
        site.environment, "-m", "gunicorn", "tests.bench.floor", "--bind", f"127.0.0.1:{port}"
    )
    minimum.start()
    try:
        wait(f"http://127.0.0.1:{port}", minimum.process)
        yield port
    finally:
        minimum.kill()


def _memory(site):
    peaks = []
    for size in (SMALL, LARGE):
        for worker in site.web.children():
            Path(f"/proc/{worker}/clear_refs").write_text("5")  # reset the peak
        _rate(_forms(site, document(size), 24), site.port, ALL_THREADS)
        peaks.append(max(_peak(worker) for worker in site.web.children()))
    small, large = peaks
    rows = [(f"files of {SMALL // 1000} kB", f"{small / 1e6:.1f} MB")]
    rows.append(
        (f"files of {LARGE // 1_000_000} MB, {ALL_THREADS} at once", f"{large / 1e6:.1f} MB")
    )
    table([("", "resident"), *rows])
    print(f"more by {(large - small) / 1e6:.1f} MB (goal: at most {MEMORY_GOAL / 1e6:.0f})")
    return large - small <= MEMORY_GOAL


def document(size):
    """A PDF of about `size` bytes."""
    return corpus.pdf(stream=b"%" + b" " * (size - len(corpus.pdf())))


def _forms(site, file, times):
    """Forms of different networks, opened long enough ago."""
    forms = [_form(site, file) for _ in range(times)]
    time.sleep(settings.MINIMUM_FORM_TIME.total_seconds())
    return forms


def _form(site, file):
    number = next(_numbers)
    client = site.client(f"2001:db8:{number:x}::1")
    fields = form_fields(f"bench{number}@example.org", open_form(client, "/en/apply/"))
    return client, *multipart(fields, {"resume": ("cv.pdf", file)})


def _rate(forms, port, at_once=CONCURRENCY):
    """Accepted applications per second; opening the form is not measured."""
    with ThreadPoolExecutor(at_once) as pool:
        start = time.perf_counter()
        statuses = list(pool.map(lambda form: _send(port, *form), forms))
        elapsed = time.perf_counter() - start
    if set(statuses) != {200}:
        raise RuntimeError(f"The site responded with {sorted(set(statuses))}")
    return len(forms) / elapsed


def _send(port, client, body, content_type):
    client.port = port
    headers = {"Content-Type": content_type, "Accept": "application/json"}
    status, text = client.request("/en/apply/", body, **headers)
    return status if "address" in json.loads(text) else None


def _bare(connection, folder, file, times):
    placeholder = "?" if isinstance(connection, sqlite3.Connection) else "%s"
    folder_fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    start = time.perf_counter()
    for _ in range(times):
        number = next(_numbers)
        with open(folder / f"bare{number}", "wb") as out:
            out.write(file)
            out.flush()
            os.fsync(out.fileno())
        os.fsync(folder_fd)
        connection.execute(
            f"INSERT INTO bare VALUES ({placeholder}, {placeholder})", (number, f"bare{number}")
        )
    elapsed = time.perf_counter() - start
    os.close(folder_fd)
    return times / elapsed


def _connection(site):
    """A connection that commits each statement as durably as the site."""
    if site.database:
        return psycopg.connect(site.database.url, autocommit=True)
    path = Path(site.environment["VAR_DIR"], "careers.sqlite3")
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
