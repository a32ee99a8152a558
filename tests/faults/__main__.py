"""`make faults`: at least 200 kills and 2,000 acknowledged applications, on SQLite and on PostgreSQL.

It ends by itself and prints the counts; the exit status says whether all guarantees hold.
"""

import signal
import sys
import tempfile
from pathlib import Path

from tests.bench.measure import table
from tests.components import Unavailable

from .killable_site import WEIGHTS, running
from .run import run

KILLS, ACKNOWLEDGED = 100, 1_000  # on each database
MAX_PAUSE = 0.5  # seconds between two kills, at most
TIME_LIMIT = 15 * 60  # seconds on each database


def main():
    outcomes = {}
    for name in ("SQLite", "PostgreSQL"):
        print(f"{name}: {KILLS} kills while {ACKNOWLEDGED} candidates apply...", flush=True)
        with (
            tempfile.TemporaryDirectory(prefix="careers-faults-") as folder,
            running(Path(folder), on_postgresql=name == "PostgreSQL") as site,
        ):
            outcomes[name] = run(
                site, kills=KILLS, acknowledged=ACKNOWLEDGED, seconds=TIME_LIMIT, pause=MAX_PAUSE
            )
    _print(outcomes)
    faults = [fault for outcome in outcomes.values() for fault in outcome.faults]
    for fault in faults[:20]:
        print(f"VIOLATED: {fault}")
    incomplete = [
        name
        for name, outcome in outcomes.items()
        if outcome.kills.total() < KILLS or len(outcome.receipts) < ACKNOWLEDGED
    ]
    for name in incomplete:
        print(f"{name}: the time limit was reached before the numbers.")
    if not faults and not incomplete:
        print("Nothing was lost, and nothing arrived twice without a kill.")
    return 1 if faults or incomplete else 0


def _print(outcomes):
    rows = [("", *outcomes)]
    rows += [
        (f"kill -9: {part}", *(outcome.kills[part] for outcome in outcomes.values()))
        for part in WEIGHTS
    ]
    for name, number in {
        "kills": lambda outcome: outcome.kills.total(),
        "applications acknowledged": lambda outcome: len(outcome.receipts),
        "sent more than once": lambda outcome: outcome.sent_again,
        "emails delivered": lambda outcome: outcome.emails,
        "emails delivered again": lambda outcome: outcome.duplicates,
        "guarantees violated": lambda outcome: len(outcome.faults),
        "seconds": lambda outcome: round(outcome.seconds),
    }.items():
        rows.append((name, *map(number, outcomes.values())))
    print()
    table(rows)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        sys.exit(main())
    except Unavailable as reason:
        sys.exit(f"Not all runs were possible: {reason}")
    except KeyboardInterrupt:
        sys.exit("Stopped.")
