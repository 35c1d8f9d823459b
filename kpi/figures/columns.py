"""Facts as columns of numbers. Pure.

What figures are cut by stands as codes: places in a list of what there is (`values`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from kpi.facts.fact import Name

if TYPE_CHECKING:
    import numpy as np

    Column = np.ndarray[Any, Any]

NAMES = list(Name)
KINDS: dict[str, int] = {str(name): code for code, name in enumerate(NAMES)}
# Where something has not come.
NEVER_US = 2**62
# Texts, and the keys of centers and stores: 0 for none.
CUTS = ("channel", "topic", "agent", "center", "store")
NUMBERS = ("ordinal", "at_us", "until_us", "calendar_us", "business_us", "outcome", "customer")
Values = Mapping[str, Sequence[Any]]
_EPOCH = date(1970, 1, 1).toordinal()
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


def epoch_us(instant: datetime) -> int:
    """Microseconds since 1970."""
    since = instant - _BEGINNING
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def epoch_day(day: date) -> int:
    return day.toordinal() - _EPOCH


def day_of(number: int) -> date:
    return date.fromordinal(number + _EPOCH)


@dataclass(slots=True)
class Columns:
    """Facts of any days and names, column by column: `day`, `name`, `NUMBERS`, `CUTS`, and `ticket` where it is told."""

    numbers: dict[str, Column]
    values: dict[str, list[Any]]

    def __len__(self) -> int:
        return len(self.numbers["name"])

    def by_name(self) -> tuple[Column, dict[Name, int]]:
        """The facts' places, those of one name after the other, and where those of each name begin that there is any of."""
        import numpy as np

        names = self.numbers["name"]
        order = np.argsort(names, kind="stable")
        codes, begins = np.unique(names[order], return_index=True)
        return order, {NAMES[code]: begin for code, begin in zip(codes.tolist(), begins.tolist(), strict=True)}


def columns_of(rows: Sequence[Sequence[Any]], *, with_tickets: bool = False) -> Columns:
    """From rows in the order of `kpi.facts.row.Row`; `with_tickets` adds columns of their tickets and of surveys'
    events, 0 for none."""
    told = list(zip(*rows, strict=True)) if rows else [()] * ROW_LENGTH
    days, names, tickets, ordinals, events, at, channels, centers, stores, customers, topics, agents = told[:12]
    outcomes, calendar_us, business_us, until = told[12:16]
    numbers: dict[str, Iterable[int]] = {
        "day": map(epoch_day, days),
        "name": map(KINDS.__getitem__, names),
        "ordinal": ordinals,
        "at_us": map(epoch_us, at),
        "until_us": (NEVER_US if instant is None else epoch_us(instant) for instant in until),
        "calendar_us": (length or 0 for length in calendar_us),
        "business_us": (length or 0 for length in business_us),
        "outcome": outcomes,
        "customer": customers,
    }
    if with_tickets:
        numbers["ticket"] = (ticket or 0 for ticket in tickets)
        numbers["event"] = events
    return coded(numbers, dict(zip(CUTS, (channels, topics, agents, centers, stores), strict=True)), len(rows))


ROW_LENGTH = 16


def coded(numbers: Mapping[str, Iterable[int]], cuts: Mapping[str, Sequence[Any]], count: int) -> Columns:
    """Columns of `count` facts: `numbers` as they are, `cuts` by the codes of what is in them."""
    import numpy as np

    made = {name: np.fromiter(column, np.int64, count) for name, column in numbers.items()}
    values: dict[str, list[Any]] = {}
    for name, column in cuts.items():
        codes: dict[Any, int] = {value: code for code, value in enumerate(sorted(set(column)))}
        made[name] = np.fromiter(map(codes.__getitem__, column), np.int64, count)
        values[name] = list(codes)
    return Columns(made, values)


class Table:
    """Facts of one name; each column is put together when it is asked for the first time."""

    __slots__ = ("_kept", "_length", "_read")

    def __init__(self, length: int, read: Callable[[str], Column], kept: Mapping[str, Column] | None = None) -> None:
        self._length, self._read = length, read
        self._kept: dict[str, Column] = dict(kept or {})

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, column: str) -> Column:
        found = self._kept.get(column)
        if found is None:
            found = self._kept[column] = self._read(column)
        return found

    def where(self, keep: Column) -> Table:
        """Those of which `keep` says that they are wanted."""
        count = int(keep.sum())
        return self if count == self._length else Table(count, lambda column: self[column][keep])

    def with_(self, **columns: Column) -> Table:
        """The same with further columns."""
        return Table(self._length, self.__getitem__, columns)
