"""The order of work of an acknowledgement, as the kernel sees it.

The file is on the disk, then its name, then the rows; only then does the first byte of the answer leave.
"""

import os
import re

import psycopg
import pytest

from tests.components import strace
from tests.components.candidate import apply

from .stage import running

pytestmark = pytest.mark.runs_first

ON_POSTGRESQL = os.environ.get("DATABASE_URL", "").startswith("postgres")
WRITTEN = r"pwrite64\(\d+<\S*/careers\.sqlite3-wal>"
SEEN = (
    "pwrite64",
    "fsync",
    "fdatasync",
    "rename",
    "renameat",
    "renameat2",
    "sendto",
    "recvfrom",
    "write",
)
ANSWER = r'(sendto|write)\(\d+<[^>]*>+, "HTTP/1\.1 200 OK'
STEPS = {
    "the file is synced": r"fsync\(\d+<\S*/documents/[0-9a-f]{32}\.part>\) += 0",
    "and gets its name": r'rename\("\S*/documents/[0-9a-f]{32}\.part", "\S*/[0-9a-f]{32}"\) = 0',
    "which is synced": r"fsync\(\d+<\S*/documents>\) += 0",
    # On SQLite by the process itself; PostgreSQL says that it has done so (fsync=on, below).
    "the rows are synced": r'recvfrom\(.*"C\\0\\0\\0\\vCOMMIT'
    if ON_POSTGRESQL
    else r"fdatasync\(\d+<\S*/careers\.sqlite3-wal>\) += 0",
    "the first byte leaves": ANSWER,
}


def test_nothing_is_acknowledged_that_a_power_cut_would_take(tmp_path):
    output = tmp_path / "calls"
    tracer = strace.command(output, *SEEN)
    with running(tmp_path, on_postgresql=ON_POSTGRESQL, tracer=tracer) as stage:
        apply(stage.site("203.0.113.7"), "hana@example.org", b"I have watched the sky.")
        if ON_POSTGRESQL:
            with psycopg.connect(stage.database.url) as server:
                for promise in ("fsync", "synchronous_commit", "full_page_writes"):
                    assert server.execute(f"SHOW {promise}").fetchone() == ("on",)
    seen = strace.calls(output)
    [thread] = {thread for thread, call in seen if re.match(STEPS["the file is synced"], call)}
    work = [call for each, call in seen if each == thread]
    start = next(at for at, call in enumerate(work) if ".part>" in call)
    end = next(at for at in range(start, len(work)) if re.match(ANSWER, work[at]))
    work = work[start : end + 1]
    if not ON_POSTGRESQL:  # no row is written behind the last sync
        written = [at for at, call in enumerate(work) if re.match(WRITTEN, call)]
        synced = [
            at for at, call in enumerate(work) if re.match(STEPS["the rows are synced"], call)
        ]
        assert written and written[-1] < synced[-1]
    at = 0
    for step, pattern in STEPS.items():
        found = [number for number in range(at, len(work)) if re.match(pattern, work[number])]
        assert found, f"{step}: not in this order in\n" + "\n".join(work)
        at = found[0] + 1
