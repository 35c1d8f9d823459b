"""The facts of a period, those of each name in a table of its own, and whose they are in a question's groups. Pure.

A table's columns are `day`, `NUMBERS` and `CUTS` of `kpi.figures.columns`, and `group`, the place among the question's
groups. `customer` is the root of her group as merged, 0 where nobody is known.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from kpi.facts.fact import Name
from kpi.figures.columns import CUTS, Columns, Table, Values, day_of
from kpi.figures.packing import Packed, unpack

if TYPE_CHECKING:
    from kpi.figures.columns import Column

Key = str | None

OF_TEXT = ("channel", "topic", "agent")
OF_PLACE = ("center", "store")
OF_TIME = ("day", "week", "month")
BYS = ("none", "channel", "center", "store", "agent", "topic", *OF_TIME)
# In a filter, what stands for facts that have none.
NONE = "null"


class Facts:
    """The table of each name, made when it is asked for; `values` are what the codes of cuts stand for."""

    __slots__ = ("_made", "_make", "values")

    def __init__(self, values: Values, make: Callable[[Name], Table]) -> None:
        self.values, self._make = values, make
        self._made: dict[Name, Table] = {}

    def __getitem__(self, name: Name) -> Table:
        found = self._made.get(name)
        if found is None:
            found = self._made[name] = self._make(name)
        return found

    def each(self, change: Callable[[Table], Table]) -> Facts:
        """The same with every table changed."""
        return Facts(self.values, lambda name: change(self[name]))


@dataclass(frozen=True, slots=True)
class _Loose:
    """Facts of one name among columns: what `Packed` is for a packed day."""

    facts: int
    latest_us: int
    _numbers: Mapping[str, Column]
    _place: Column

    def read(self, column: str, into: Column) -> None:
        into[:] = self._numbers[column][self._place]


Part = Packed | _Loose


class Gathering:
    """Puts the facts of several days together, packed and loose ones. With `names`, only those of these names."""

    def __init__(self, names: Collection[Name] | None = None) -> None:
        self._names = names
        self._parts: dict[Name, list[tuple[Part, Mapping[str, Column | None]]]] = {}
        self._codes: dict[str, dict[Any, int]] = {cut: {} for cut in CUTS}

    def add_packed(self, content: bytes, day: int) -> None:
        """Raises `OldForm`."""
        values, parts = unpack(content, day, self._names)
        self._add(values, parts)

    def add(self, columns: Columns) -> None:
        if not len(columns):
            return
        order, begins = columns.by_name()
        parts: dict[Name, Part] = {}
        for (name, begin), end in zip(begins.items(), [*list(begins.values())[1:], len(columns)], strict=True):
            if self._names is None or name in self._names:
                place = order[begin:end]
                latest_us = int(columns.numbers["at_us"][place].max())
                parts[name] = _Loose(len(place), latest_us, columns.numbers, place)
        self._add(columns.values, parts)

    def _add(self, values: Values, parts: Mapping[Name, Part]) -> None:
        codes = {cut: self._recoded(cut, values[cut]) for cut in CUTS}
        for name, part in parts.items():
            self._parts.setdefault(name, []).append((part, codes))

    def _recoded(self, cut: str, values: Sequence[Any]) -> Column | None:
        """The codes here of codes there; None where they are the same."""
        import numpy as np

        known = self._codes[cut]
        codes = [known.setdefault(value, len(known)) for value in values]
        return None if codes == list(range(len(codes))) else np.array(codes, dtype=np.int64)

    def facts(self, now_us: int) -> Facts:
        """What has come by `now_us`. Everything must have been added."""
        return Facts({cut: list(known) for cut, known in self._codes.items()}, lambda name: self._table(name, now_us))

    def _table(self, name: Name, now_us: int) -> Table:
        import numpy as np

        parts = self._parts.get(name, [])
        ends = np.cumsum([0, *(part.facts for part, _ in parts)]).tolist()

        def read(column: str) -> Column:
            found = np.zeros(ends[-1], dtype=np.int64)
            for (part, codes), begin, end in zip(parts, ends, ends[1:], strict=False):
                part.read(column, found[begin:end])
                code = codes.get(column)
                if code is not None:
                    found[begin:end] = code[found[begin:end]]
            return found

        table = Table(ends[-1], read)
        if all(part.latest_us <= now_us for part, _ in parts):
            return table
        return table.where(table["at_us"] <= now_us)


@dataclass(slots=True)
class Groups:
    """The groups of a question by their keys; those that facts are found for are added, each with its place."""

    by: str
    slugs: Mapping[int, str] = field(default_factory=dict)  # of centers or stores
    places: dict[Key, int] = field(default_factory=dict)

    @classmethod
    def of_period(cls, by: str, first: date, end: date, slugs: Mapping[int, str]) -> Groups:
        """With those that are given whatever was counted: every day, week or month of the period; the one of `none`."""
        groups = cls(by, slugs)
        if by == "none":
            groups.place(None)
        elif by in OF_TIME:
            for number in range((end - first).days):
                groups.place(key_of_day(by, first + timedelta(days=number)))
        return groups

    def place(self, key: Key) -> int:
        return self.places.setdefault(key, len(self.places))

    def in_order(self) -> list[Key]:
        """The keys as they are answered: what has none comes last."""
        return sorted(self.places, key=lambda key: (key is None, key or ""))

    def of(self, table: Table, values: Values) -> Column:
        """The place of each fact's group."""
        import numpy as np

        if self.by == "none":
            return np.zeros(len(table), dtype=np.int64)
        if self.by in OF_TEXT:
            texts = values[self.by]
            return self._placed(table[self.by], lambda code: texts[code] or None)
        if self.by in OF_PLACE:
            keys = values[self.by]
            return self._placed(table[self.by], lambda code: self.slugs.get(keys[code]))
        return self._placed(table["day"], lambda number: key_of_day(self.by, day_of(number)))

    def _placed(self, column: Column, key_of: Callable[[int], Key]) -> Column:
        import numpy as np

        if not len(column):
            return column
        # Codes and days are few and lie close together: looking each up in a list is quicker than sorting them.
        least = int(column.min())
        near = column - least
        places: Column = np.zeros(int(near.max()) + 1, dtype=np.int64)
        for number in np.flatnonzero(np.bincount(near)).tolist():
            places[number] = self.place(key_of(number + least))
        found: Column = places[near]
        return found


def key_of_day(by: str, day: date) -> str:
    if by == "week":
        day -= timedelta(days=day.weekday())
    return f"{day:%Y-%m}" if by == "month" else day.isoformat()


def filtered(facts: Facts, filters: Mapping[str, Sequence[str]], slugs: Mapping[str, Mapping[int, str]]) -> Facts:
    """The facts that a question's filters leave; `slugs` are the names of centers and stores."""
    if not filters:
        return facts
    wanted: dict[str, list[int]] = {}
    for by, told in filters.items():
        names = {"" if name == NONE else name for name in told}
        known = (
            facts.values[by]
            if by in OF_TEXT
            else [slugs[by].get(key, "" if key == 0 else None) for key in facts.values[by]]
        )
        wanted[by] = [code for code, name in enumerate(known) if name in names]

    def narrowed(table: Table) -> Table:
        import numpy as np

        keep = np.ones(len(table), dtype=bool)
        for by, codes in wanted.items():
            keep &= np.isin(table[by], codes)
        return table.where(keep)

    return facts.each(narrowed)


def grouped(facts: Facts, groups: Groups, names: Collection[Name]) -> Facts:
    """The facts of these names, each with the place of its group. What there is any fact of becomes a group by it."""
    tables = {name: facts[name].with_(group=groups.of(facts[name], facts.values)) for name in names}
    return Facts(facts.values, tables.__getitem__)
