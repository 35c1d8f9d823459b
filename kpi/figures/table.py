"""Facts as the table that pandas counts, and whose they are in a question's groups. Pure.

There is a table for each kind of fact. Its columns are `TABLE`, `group` (the place among the question's groups) and `who`.
`customer` is the root of her group as merged, 0 where nobody is known; `who` is the same as a small number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from kpi.facts.fact import Name
from kpi.figures.packing import NAMES, Columns, day_of

if TYPE_CHECKING:
    import pandas as pd

    from kpi.figures.packing import Column

    Tables = dict[Name, pd.DataFrame]

Key = str | None

OF_TEXT = {"channel": "channel", "topic": "topic", "agent": "agent"}
OF_PLACE = {"center": "center", "store": "store"}
OF_TIME = ("day", "week", "month")
BYS = ("none", "channel", "center", "store", "agent", "topic", *OF_TIME)
# In a filter, what stands for facts that have none.
NONE = "null"


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

    def of(self, columns: Columns) -> Column:
        """The place of each fact's group."""
        import numpy as np

        if self.by == "none":
            return np.zeros(len(columns), dtype=np.int64)
        if self.by in OF_TEXT:
            texts = columns.texts[self.by]
            return self._placed(columns.numbers[self.by], lambda code: texts[code] or None)
        if self.by in OF_PLACE:
            return self._placed(columns.numbers[self.by], lambda key: self.slugs.get(key))
        return self._placed(columns.numbers["day"], lambda number: key_of_day(self.by, day_of(number)))

    def _placed(self, column: Column, key_of: Any) -> Column:
        import numpy as np

        values, where = np.unique(column, return_inverse=True)
        places = np.array([self.place(key_of(int(value))) for value in values], dtype=np.int64)
        return places[where] if len(values) else column


def key_of_day(by: str, day: date) -> str:
    if by == "week":
        day -= timedelta(days=day.weekday())
    return f"{day:%Y-%m}" if by == "month" else day.isoformat()


def keep_of(columns: Columns, filters: Mapping[str, Sequence[str]], slugs: Mapping[str, Mapping[int, str]]) -> Column:
    """Which facts a question's filters leave; `slugs` are the names of centers and stores."""
    import numpy as np

    keep = np.ones(len(columns), dtype=bool)
    for by, wanted in filters.items():
        names = {"" if name == NONE else name for name in wanted}
        if by in OF_TEXT:
            codes = [code for code, text in enumerate(columns.texts[by]) if text in names]
        else:
            codes = [key for key, slug in slugs[by].items() if slug in names] + ([0] if "" in names else [])
        keep &= np.isin(columns.numbers[by], codes)
    return keep


@dataclass(frozen=True, slots=True)
class Parted:
    """Facts in the order of what they are, ready to be grouped in one way after another: `ends` are their places."""

    left: Columns
    told: dict[str, Column]
    ends: Column


def parted_of(columns: Columns, keep: Column) -> Parted:
    """The facts that `keep` leaves."""
    import numpy as np

    names = columns.numbers["name"][keep]
    order = np.argsort(names, kind="stable")
    left = Columns({name: column[keep][order] for name, column in columns.numbers.items()}, columns.texts)
    told = {name: left.numbers[name] for name in (*TABLE, "ticket") if name in left.numbers}
    _people, who = np.unique(np.append(0, left.numbers["customer"]), return_inverse=True)
    nobody = who[0]
    # Small numbers for customers, 0 for nobody.
    told["who"] = np.where(who[1:] == nobody, 0, who[1:] + 1)
    return Parted(left, told, np.searchsorted(names[order], np.arange(len(NAMES) + 1)))


def tables_in(parted: Parted, groups: Groups) -> Tables:
    """The facts, each with its group, parted by what they are."""
    import pandas as pd

    whole = pd.DataFrame({**parted.told, "group": groups.of(parted.left)}, copy=False)
    ends = parted.ends
    return {name: whole.iloc[ends[code] : ends[code + 1]] for code, name in enumerate(NAMES)}


def tables_of(columns: Columns, groups: Groups, keep: Column) -> Tables:
    """The facts that `keep` leaves, each with its group, parted by what they are."""
    return tables_in(parted_of(columns, keep), groups)


TABLE = ("ordinal", "at_us", "until_us", "calendar_us", "business_us", "outcome", "customer")
