"""Facts as columns of numbers, and a day's columns as bytes. Pure.

A packed day is a header (JSON: what columns follow, and the texts that codes stand for) and the columns one after the
other, each in the smallest type that holds it, deflated.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
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
# A higher one takes three times as long and saves a tenth.
DEFLATE_LEVEL = 1
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
    """Facts column by column. What `TEXTS` names holds codes: places in `texts`."""

    numbers: dict[str, Column]
    texts: dict[str, list[str]]

    def __len__(self) -> int:
        return len(self.numbers["name"])


def columns_of(rows: Sequence[Sequence[Any]], *, with_tickets: bool = False) -> Columns:
    """From rows in the order of `kpi.facts.row.Row`; `with_tickets` adds a column of their tickets, 0 for none."""
    import numpy as np

    told = list(zip(*rows, strict=True)) if rows else [()] * ROW_LENGTH
    days, names, tickets, ordinals, _events, at, channels, centers, stores, customers, topics, agents = told[:12]
    outcomes, calendar_us, business_us, until = told[12:16]
    numbers: dict[str, Iterable[int]] = {
        "day": map(epoch_day, days),
        "name": map(CODES.__getitem__, names),
        "ordinal": ordinals,
        "at_us": map(epoch_us, at),
        "until_us": (NEVER_US if instant is None else epoch_us(instant) for instant in until),
        "calendar_us": (length or 0 for length in calendar_us),
        "business_us": (length or 0 for length in business_us),
        "outcome": outcomes,
        "center": centers,
        "store": stores,
        "customer": customers,
    }
    if with_tickets:
        numbers["ticket"] = (ticket or 0 for ticket in tickets)
    texts: dict[str, list[str]] = {}
    for name, values in zip(TEXTS, (channels, topics, agents), strict=True):
        codes: dict[str, int] = {text: code for code, text in enumerate(dict.fromkeys(values))}
        numbers[name] = map(codes.__getitem__, values)
        texts[name] = list(codes)
    return Columns({name: np.fromiter(column, np.int64, len(rows)) for name, column in numbers.items()}, texts)


ROW_LENGTH = 16


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
