"""`make faults`: at least 200 kills and 2,000 acknowledged applications, on SQLite and on PostgreSQL.

It stops by itself, prints what was counted, and its exit status says whether every promise was kept.
"""

import signal
import sys
import tempfile
from pathlib import Path

from tests.bench.measure import table
from tests.components import Unavailable

from .run import run
from .stage import ODDS, running

KILLS, ACKNOWLEDGED = 100, 1_000  # on each database
PAUSE = 0.5  # seconds between two kills, at most
LIMIT = 15 * 60  # seconds on each


def main():
    outcomes = {}
    for name in ("SQLite", "PostgreSQL"):
        print(f"{name}: {KILLS} kills while {ACKNOWLEDGED} people apply...", flush=True)
        with (
            tempfile.TemporaryDirectory(prefix="careers-faults-") as folder,
            running(Path(folder), on_postgresql=name == "PostgreSQL") as stage,
        ):
            outcomes[name] = run(
                stage, kills=KILLS, acknowledged=ACKNOWLEDGED, seconds=LIMIT, pause=PAUSE
            )
    _print(outcomes)
    faults = [fault for outcome in outcomes.values() for fault in outcome.faults]
    for fault in faults[:20]:
        print(f"BROKEN: {fault}")
    short = [
        name
        for name, outcome in outcomes.items()
        if outcome.kills.total() < KILLS or len(outcome.arrived) < ACKNOWLEDGED
    ]
    for name in short:
        print(f"{name}: the time was over before the numbers were reached.")
    if not faults and not short:
        print("Nothing was lost, and nothing arrived twice that should not have.")
    return 1 if faults or short else 0


def _print(outcomes):
    rows = [("", *outcomes)]
    rows += [
        (f"kill -9: {part}", *(outcome.kills[part] for outcome in outcomes.values()))
        for part in ODDS
    ]
    for name, number in {
        "kills": lambda outcome: outcome.kills.total(),
        "applications acknowledged": lambda outcome: len(outcome.arrived),
        "sent more than once": lambda outcome: outcome.sent_again,
        "letters delivered": lambda outcome: outcome.letters,
        "letters delivered once more": lambda outcome: outcome.twice,
        "promises broken": lambda outcome: len(outcome.faults),
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
        sys.exit(f"Not everything could be tried: {reason}")
    except KeyboardInterrupt:
        sys.exit("Stopped.")
