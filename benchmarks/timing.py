"""Times two things turn by turn, so that whatever else the machine does hits both alike; medians of several rounds."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import psycopg

from benchmarks.door import Statements
from benchmarks.figures import percentile

T = TypeVar("T")
ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Timed:
    """Milliseconds: the median over the rounds of each round's p50 and p99."""

    p50: float
    p99: float


def in_turns(rounds: Sequence[Sequence[T]], *doings: Callable[[T], object]) -> list[Timed]:
    """Does every doing with every value of every round, A B C A B C …, after a short warm-up; one result for each."""
    return [median_of_rounds(found) for found in each_in_turns(rounds, *doings)]


def each_in_turns(rounds: Sequence[Sequence[T]], *doings: Callable[[T], object]) -> list[list[list[float]]]:
    """The same, as milliseconds of every value of every round, for each doing."""
    for value in rounds[0][:30]:
        for do in doings:
            do(value)
    measured: list[list[list[float]]] = [[[] for _ in rounds] for _ in doings]
    for number, values in enumerate(rounds):
        for value in values:
            for place, do in enumerate(doings):
                began = time.perf_counter()
                do(value)
                measured[place][number].append((time.perf_counter() - began) * 1000)
    return measured


def replay(bare: Mapping[T, Statements], connection: psycopg.Connection[Any]) -> Callable[[T], object]:
    """Sends what was noted for a value once more, prepared."""

    def ask(value: T) -> object:
        return [connection.execute(sql, params, prepare=True).fetchall() for sql, params in bare[value]]

    return ask


def median_of_rounds(rounds: Sequence[Sequence[float]]) -> Timed:
    return Timed(
        statistics.median(percentile(values, 0.50) for values in rounds),
        statistics.median(percentile(values, 0.99) for values in rounds),
    )
