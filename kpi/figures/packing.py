"""A day's facts as bytes, of which only what is asked for is read. Pure.

A packed day is the number of its form, a header (JSON: what follows, and what the codes of cuts stand for) and the columns
of each name's facts. A column holds how much each value is more than the least of them, in as few bytes as the most of
that takes; one that holds the same value throughout stands in the header alone. Deflated it would be a quarter smaller, and
take longer to pack and to read than all the rest.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from kpi.facts.fact import Name
from kpi.figures.columns import CUTS, KINDS, NAMES, NEVER_US, NUMBERS, Columns, Values

if TYPE_CHECKING:
    from kpi.figures.columns import Column

# The form of packed days. Whoever changes it raises this, and marks all days stale in a migration.
FORM = 2
_LENGTH_BYTES, _NUMBER_BYTES = 4, 8
ORDER = (*NUMBERS, *CUTS)


class _Kept(msgspec.Struct, array_like=True, frozen=True):
    """One column: each value is `least` and what stands in so many bytes; `never`, unless 0, is what stands for `NEVER_US`."""

    size: int
    least: int
    never: int = 0


class _Named(msgspec.Struct, array_like=True, frozen=True):
    """The facts of one name in `size` bytes; the last of them is of `latest_us`. `columns` are in the order of `ORDER`."""

    name: str
    facts: int
    size: int
    latest_us: int
    columns: list[_Kept]


class _Header(msgspec.Struct, array_like=True, frozen=True):
    """`values` say of each of `CUTS` what its codes stand for."""

    values: list[list[str | int]]
    names: list[_Named]


_DECODER = msgspec.json.Decoder(_Header)


class OldForm(Exception):
    """What is packed is in another form than this code's: read the facts."""


def pack(columns: Columns) -> bytes:
    """The facts of one day. Those of one name stay in their order."""
    import numpy as np

    order, begins = columns.by_name()
    names = list(begins)
    ends = [*list(begins.values())[1:], len(columns)]
    kept: list[list[_Kept]] = [[] for _ in names]
    parts: list[list[bytes]] = [[] for _ in names]
    latest_us: list[int] = []
    for column in ORDER:
        ordered = columns.numbers[column][order]
        least, most = (do.reduceat(ordered, list(begins.values())).tolist() for do in (np.minimum, np.maximum))
        if column == "at_us":
            latest_us = most
        for place, (begin, end) in enumerate(zip(begins.values(), ends, strict=True)):
            told, content = _packed(ordered[begin:end], least[place], most[place])
            kept[place].append(told)
            parts[place].append(content)
    named = [
        _Named(str(name), end - begins[name], sum(map(len, parts[place])), latest_us[place], kept[place])
        for place, (name, end) in enumerate(zip(names, ends, strict=True))
    ]
    header = msgspec.json.encode(_Header([columns.values[cut] for cut in CUTS], named))
    length = len(header).to_bytes(_LENGTH_BYTES, "big")
    return b"".join((bytes([FORM]), length, header, *(content for some in parts for content in some)))


def _packed(column: Column, least: int, most: int) -> tuple[_Kept, bytes]:
    import numpy as np

    if least == most:
        return _Kept(0, least), b""
    never = 0
    if most == NEVER_US:
        # What comes in the end is days away, and what never comes would make eight bytes of it.
        never = int(column[column < NEVER_US].max()) + 1 - least
        most = never + least
        column = np.minimum(column, most)
    size = ((most - least).bit_length() + 7) // 8
    more = (column - least).astype("<i8").view(np.uint8).reshape(-1, _NUMBER_BYTES)
    return _Kept(size, least, never), more[:, :size].tobytes()


@dataclass(slots=True)
class Packed:
    """The facts of one name on one packed day; a column is unpacked when it is read."""

    facts: int
    latest_us: int
    _day: int
    _columns: list[_Kept]
    _content: bytes

    def read(self, column: str, into: Column) -> None:
        """Writes a column into an array of 0 for each fact."""
        import numpy as np

        if column == "day":
            into.fill(self._day)
            return
        place = _PLACES[column]
        kept = self._columns[place]
        if not kept.size:
            into.fill(kept.least)
            return
        begin = self.facts * sum([before.size for before in self._columns[:place]])
        told = np.frombuffer(self._content, np.uint8, kept.size * self.facts, begin)
        into.view(np.uint8).reshape(-1, _NUMBER_BYTES)[:, : kept.size] = told.reshape(-1, kept.size)
        into += kept.least
        if kept.never:
            into[into == kept.least + kept.never] = NEVER_US


_PLACES = {name: place for place, name in enumerate(ORDER)}


def unpack(content: bytes, day: int, names: Collection[Name] | None = None) -> tuple[Values, dict[Name, Packed]]:
    """What the codes of a packed day stand for, and its facts by their names, of `names` alone if told. Raises `OldForm`."""
    if not content or content[0] != FORM:
        raise OldForm
    begin = 1 + _LENGTH_BYTES
    end = begin + int.from_bytes(content[1:begin], "big")
    header = _DECODER.decode(content[begin:end])
    found: dict[Name, Packed] = {}
    for told in header.names:
        begin, end = end, end + told.size
        name = NAMES[KINDS[told.name]]
        if names is None or name in names:
            # A copy of these bytes alone: of a long period's days the rest need not stay in memory.
            found[name] = Packed(told.facts, told.latest_us, day, told.columns, content[begin:end])
    return dict(zip(CUTS, header.values, strict=True)), found
