"""Two things measured against each other, in turns: what else the machine does troubles both alike."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from typing import NamedTuple

ROUNDS = 25


class Comparison(NamedTuple):
    """How many times as long as the other: one ratio per round. `milliseconds` are the medians of both."""

    ratios: list[float]
    milliseconds: tuple[float, float]


def seconds(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def compare(
    one: Callable[[], object],
    other: Callable[[], object],
    measure: Callable[[Callable[[], object]], float] = seconds,
    rounds: int = ROUNDS,
    repeat: int = 8,
) -> Comparison:
    """Each round does both `repeat` times, in turns; the first round is for warming up and does not count."""
    ratios, ones, others = [], [], []
    for number in range(rounds + 1):
        gc.collect()
        first = second = 0.0
        for _ in range(repeat):
            first += measure(one)
            second += measure(other)
        if number:
            ratios.append(first / second)
            ones.append(first / repeat)
            others.append(second / repeat)
    return Comparison(ratios, (statistics.median(ones) * 1000, statistics.median(others) * 1000))


def spread(values: list[float]) -> str:
    """The median, and between which values half of them lie."""
    low, middle, high = statistics.quantiles(values, n=4)
    return f"{middle:.2f} ({low:.2f} to {high:.2f})"
