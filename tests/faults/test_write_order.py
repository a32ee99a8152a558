"""The order of system calls before an acknowledgment.

The file is synced, then its name, then the rows; only then is the first byte of the response sent.
"""

import os
import re

import psycopg
import pytest

from tests.components import strace
from tests.components.candidate import apply

from .killable_site import running

pytestmark = pytest.mark.runs_first

ON_POSTGRESQL = os.environ.get("DATABASE_URL", "").startswith("postgres")
WAL_WRITE = r"pwrite64\(\d+<\S*/careers\.sqlite3-wal>"
SYSTEM_CALLS = (
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
RESPONSE = r'(sendto|write)\(\d+<[^>]*>+, "HTTP/1\.1 200 OK'
STEPS = {
    "the file is synced": r"fsync\(\d+<\S*/documents/[0-9a-f]{32}\.part>\) += 0",
    "the file is renamed": r'rename\("\S*/documents/[0-9a-f]{32}\.part", "\S*/[0-9a-f]{32}"\) = 0',
    "the folder is synced": r"fsync\(\d+<\S*/documents>\) += 0",
    # With SQLite by the process itself; PostgreSQL confirms it (fsync=on, below).
    "the rows are synced": r'recvfrom\(.*"C\\0\\0\\0\\vCOMMIT'
    if ON_POSTGRESQL
    else r"fdatasync\(\d+<\S*/careers\.sqlite3-wal>\) += 0",
    "the first byte is sent": RESPONSE,
}


def test_response_is_sent_after_all_syncs(tmp_path):
    """After the first byte of the response, a power failure loses nothing."""
    output = tmp_path / "calls"
    tracer = strace.command(output, *SYSTEM_CALLS)
    with running(tmp_path, on_postgresql=ON_POSTGRESQL, tracer=tracer) as site:
        apply(site.client("203.0.113.7"), "hana@example.org", b"I have watched the sky.")
        if ON_POSTGRESQL:
            with psycopg.connect(site.database.url) as server:
                for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                    assert server.execute(f"SHOW {setting}").fetchone() == ("on",)
    calls = strace.calls(output)
    [thread] = {thread for thread, call in calls if re.match(STEPS["the file is synced"], call)}
    own_calls = [call for caller, call in calls if caller == thread]
    start = next(position for position, call in enumerate(own_calls) if ".part>" in call)
    end = next(
        position
        for position in range(start, len(own_calls))
        if re.match(RESPONSE, own_calls[position])
    )
    own_calls = own_calls[start : end + 1]
    if not ON_POSTGRESQL:  # no row is written after the last sync
        writes = [position for position, call in enumerate(own_calls) if re.match(WAL_WRITE, call)]
        syncs = [
            position
            for position, call in enumerate(own_calls)
            if re.match(STEPS["the rows are synced"], call)
        ]
        assert writes and writes[-1] < syncs[-1]
    position = 0
    for step, pattern in STEPS.items():
        matches = [
            number
            for number in range(position, len(own_calls))
            if re.match(pattern, own_calls[number])
        ]
        assert matches, f"{step}: not in this order in\n" + "\n".join(own_calls)
        position = matches[0] + 1
