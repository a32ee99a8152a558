"""Measuring durations side by side: alternately, in one run."""

import statistics
import time
from typing import NamedTuple


class Times(NamedTuple):
    """Milliseconds: the median of all rounds, and the quartiles around it."""

    median: float
    low: float
    high: float


def side_by_side(functions, *, rounds, warm_up=3):
    """{name: Times} of functions. They alternate, so that other load on the machine affects all of them."""
    for _ in range(warm_up):
        for function in functions.values():
            function()
    durations = {name: [] for name in functions}
    for _ in range(rounds):
        for name, function in functions.items():
            start = time.perf_counter()
            function()
            durations[name].append((time.perf_counter() - start) * 1000)
    return {name: _times(values) for name, values in durations.items()}


def table(rows):
    """Print rows of cells as aligned columns; the first row is the header."""
    widths = [max(len(str(row[column])) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        print("  ".join(str(cell).ljust(width) for cell, width in zip(row, widths, strict=True)))


def _times(values):
    low, median, high = statistics.quantiles(values, n=4)
    return Times(median, low, high)


def alternate(functions, *, rounds):
    """{name: Rates} of functions that each return one rate. They alternate; the first round is a warm-up."""
    durations = {name: [] for name in functions}
    for number in range(rounds + 1):
        for name, function in functions.items():
            value = function()
            if number:
                durations[name].append(value)
    return {name: Rates(tuple(values)) for name, values in durations.items()}


class Rates(NamedTuple):
    """Measured rates, one per round."""

    rounds: tuple

    @property
    def median(self):
        return statistics.median(self.rounds)

    def __str__(self):
        return f"{self.median:,.0f} ({min(self.rounds):,.0f} to {max(self.rounds):,.0f})"

    def __truediv__(self, other):
        """The median of the ratios of all rounds."""
        pairs = zip(self.rounds, other.rounds, strict=True)
        return statistics.median(ours / theirs for ours, theirs in pairs)
