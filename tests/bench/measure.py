"""How long things take compared with each other: measured side by side, in turns, in one run."""

import statistics
import time
from typing import NamedTuple


class Times(NamedTuple):
    """Milliseconds: the middle of all rounds, and the quarter marks around it."""

    median: float
    low: float
    high: float


def side_by_side(contestants, *, rounds, warm_up=3):
    """{name: Times} of some callables. In every round each has its turn, so that whatever else the
    machine is doing meets all of them."""
    for _ in range(warm_up):
        for contestant in contestants.values():
            contestant()
    taken = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, contestant in contestants.items():
            start = time.perf_counter()
            contestant()
            taken[name].append((time.perf_counter() - start) * 1000)
    return {name: _times(found) for name, found in taken.items()}


def table(rows):
    """Rows of cells as aligned lines; the first row is the head."""
    widths = [max(len(str(row[column])) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        print("  ".join(str(cell).ljust(width) for cell, width in zip(row, widths, strict=True)))


def _times(found):
    low, median, high = statistics.quantiles(found, n=4)
    return Times(median, low, high)


def in_turns(contestants, *, rounds):
    """{name: Rates} of callables that each measure one number. Every round has each of them once, and
    the first round only warms up."""
    taken = {name: [] for name in contestants}
    for number in range(rounds + 1):
        for name, contestant in contestants.items():
            measured = contestant()
            if number:
                taken[name].append(measured)
    return {name: Rates(tuple(found)) for name, found in taken.items()}


class Rates(NamedTuple):
    """What was measured, a number for each round."""

    rounds: tuple

    @property
    def median(self):
        return statistics.median(self.rounds)

    def __str__(self):
        return f"{self.median:,.0f} ({min(self.rounds):,.0f} to {max(self.rounds):,.0f})"

    def __truediv__(self, other):
        """The middle of the ratios of all rounds."""
        pairs = zip(self.rounds, other.rounds, strict=True)
        return statistics.median(one / two for one, two in pairs)
