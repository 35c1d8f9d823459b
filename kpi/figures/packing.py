"""Facts as columns of numbers, and a day's columns as bytes. Pure.

A packed day is a header (JSON: what columns follow, and the texts that codes stand for) and the columns one after the
other, each in the smallest type that holds it, deflated.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import msgspec

from kpi.facts.fact import Name

if TYPE_CHECKING:
    import numpy as np

    Column = np.ndarray[Any, Any]

NAMES = list(Name)
CODES: dict[str, int] = {str(name): code for code, name in enumerate(NAMES)}
# Where something has not come.
NEVER_US = 2**62
TEXTS = ("channel", "topic", "agent")
NUMBERS = (
    *("day", "name", "ordinal", "at_us", "until_us", "calendar_us", "business_us", "outcome"),
    *("center", "store", "customer"),
)
# Only the level is a choice: what is read a thousand times is deflated once, and a lower one is no faster to inflate.
DEFLATE_LEVEL = 6
_EPOCH = date(1970, 1, 1).toordinal()


def epoch_us(instant: datetime) -> int:
    """Microseconds since 1970."""
    return int(instant.timestamp()) * 1_000_000 + instant.microsecond


def epoch_day(day: date) -> int:
    return day.toordinal() - _EPOCH


def day_of(number: int) -> date:
    return date.fromordinal(number + _EPOCH)


@dataclass(slots=True)
class Columns:
    """Facts column by column. What `TEXTS` names holds codes: places in `texts`."""

    numbers: dict[str, Column]
    texts: dict[str, list[str]]

    def __len__(self) -> int:
        return len(self.numbers["name"])


def columns_of(rows: Sequence[Sequence[Any]], *, with_tickets: bool = False) -> Columns:
    """From rows in the order of `kpi.facts.row.Row`; `with_tickets` adds a column of their tickets, 0 for none."""
    import numpy as np

    told: dict[str, list[int]] = {name: [] for name in (*NUMBERS, *TEXTS)}
    codes: dict[str, dict[str, int]] = {name: {} for name in TEXTS}
    for row in rows:
        day, name, _ticket, ordinal, _event, at, channel, center, store, customer, topic, agent = row[:12]
        outcome, calendar_us, business_us, until = row[12:16]
        numbers = (
            *(epoch_day(day), CODES[name], ordinal, epoch_us(at), NEVER_US if until is None else epoch_us(until)),
            *(calendar_us or 0, business_us or 0, outcome, center, store, customer),
        )
        for column, number in zip(NUMBERS, numbers, strict=True):
            told[column].append(number)
        for column, text in zip(TEXTS, (channel, topic, agent), strict=True):
            told[column].append(codes[column].setdefault(text, len(codes[column])))
    if with_tickets:
        told["ticket"] = [row[2] or 0 for row in rows]
    arrays = {name: np.array(values, dtype=np.int64) for name, values in told.items()}
    return Columns(arrays, {name: list(known) for name, known in codes.items()})


def pack(columns: Columns) -> bytes:
    parts: list[bytes] = []
    types: dict[str, str] = {}
    for name, column in columns.numbers.items():
        small = column.astype(_smallest(column))
        types[name] = small.dtype.str
        parts.append(small.tobytes())
    header = msgspec.json.encode({"facts": len(columns), "types": types, "texts": columns.texts})
    return zlib.compress(len(header).to_bytes(4, "big") + header + b"".join(parts), DEFLATE_LEVEL)


def _smallest(column: Column) -> str:
    if len(column) and int(column.min()) < 0:
        return "<i8"
    top = int(column.max()) if len(column) else 0
    return next((kind for kind, most in (("<u1", 2**8), ("<u2", 2**16), ("<u4", 2**32)) if top < most), "<i8")


@dataclass(slots=True)
class Unpacking:
    """Puts packed days together. With `names`, only facts of those are kept."""

    names: Collection[Name] | None = None
    _parts: dict[str, list[Column]] = field(default_factory=dict)
    _texts: dict[str, dict[str, int]] = field(default_factory=lambda: {name: {} for name in TEXTS})

    def add_packed(self, content: bytes) -> None:
        import numpy as np

        plain = zlib.decompress(content)
        begin = 4 + int.from_bytes(plain[:4], "big")
        header: dict[str, Any] = msgspec.json.decode(plain[4:begin])
        numbers: dict[str, Column] = {}
        for name, kind in header["types"].items():
            column = np.frombuffer(plain, dtype=kind, count=header["facts"], offset=begin)
            begin += column.nbytes
            numbers[name] = column
        self.add(Columns(numbers, header["texts"]))

    def add(self, columns: Columns, keep: Column | None = None) -> None:
        """Adds facts, of which `keep` says of each whether it is wanted."""
        import numpy as np

        if self.names is not None:
            wanted = np.isin(columns.numbers["name"], [CODES[name] for name in self.names])
            keep = wanted if keep is None else keep & wanted
        for name, column in columns.numbers.items():
            if keep is not None:
                column = column[keep]
            if name in TEXTS:
                column = self._recoded(name, column, columns.texts[name])
            self._parts.setdefault(name, []).append(column)

    def _recoded(self, name: str, column: Column, texts: Iterable[str]) -> Column:
        import numpy as np

        known = self._texts[name]
        codes = np.array([known.setdefault(text, len(known)) for text in texts], dtype=np.int64)
        return codes[column] if len(codes) else column.astype(np.int64)

    def columns(self) -> Columns:
        import numpy as np

        numbers: dict[str, Column] = {}
        for name in (*NUMBERS, *TEXTS):
            parts = self._parts.get(name, [])
            numbers[name] = np.concatenate(parts).astype(np.int64) if parts else np.empty(0, dtype=np.int64)
        return Columns(numbers, {name: list(known) for name, known in self._texts.items()})
