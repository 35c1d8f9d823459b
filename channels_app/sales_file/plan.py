"""From a file's rows to the events that will be sent, oldest first, and the rows that will not.

Rows of one receipt may stand anywhere in the file, so they are gathered on disk (a private SQLite file
that vanishes with its connection), not in memory. No database of the hub, no clock, nothing is sent.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from types import TracebackType

import msgspec

from channels_app.sales_file import values
from channels_app.sales_file.lines import Line, Rules, is_total_row, option_name, read_line, receipt_key
from channels_app.sales_file.reasons import FileProblem, RowProblem
from channels_app.sales_file.receipts import MAX_ITEMS, Planned, events_of
from channels_app.sales_file.table import Row

TICK_ROWS = 1000
MAX_ROWS = 1_048_576  # what one sheet of Excel holds


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A row that will not be imported: its number in the file, why, and what stood in it."""

    row: int
    code: str
    params: dict[str, str | int]
    cells: list[str]


@dataclass(slots=True)
class Plan:
    """What a file holds. Use as a context manager: leaving it frees the disk."""

    rules: Rules
    rows: int = 0  # below the header, without 합계 rows
    total_rows: int = 0  # 합계 and 소계, dropped
    refused_rows: int = 0
    _store: sqlite3.Connection = field(init=False)
    _decode: msgspec.json.Decoder[Line] = field(default_factory=lambda: msgspec.json.Decoder(Line))

    def __post_init__(self) -> None:
        # "" is a temporary file on disk, kept in memory while it is small.
        self._store = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._store.execute("PRAGMA synchronous = OFF")
        self._store.execute("CREATE TABLE line (key TEXT, time REAL, row INTEGER, body BLOB)")
        self._store.execute("CREATE TABLE spoiled (key TEXT PRIMARY KEY, row INTEGER)")
        self._store.execute("CREATE TABLE refused (row INTEGER, body BLOB)")

    def __enter__(self) -> Plan:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._store.close()

    def read(self, rows: Iterable[Row], *, tick: Callable[[int], None] = lambda _rows: None) -> None:
        """Takes all rows of the file in; `tick` hears every thousand rows how many were read."""
        self._store.execute("BEGIN")
        previous: Line | None = None
        refused_row = 0  # the last one, as long as only its options have followed
        for number, cells in rows:
            if is_total_row(cells, self.rules):
                self.total_rows += 1
                continue
            self.rows += 1
            if self.rows > MAX_ROWS:
                raise FileProblem("too_many_rows", limit=MAX_ROWS)
            if self.rows % TICK_ROWS == 0:
                tick(self.rows)
            try:
                option = option_name(cells, self.rules)
                if option:
                    self._add_option(option, cells, previous, refused_row)
                    continue
                line: Line | None = read_line(number, cells, self.rules)
            except RowProblem as problem:
                self._refuse_row(number, cells, problem)
                line = None
                refused_row = refused_row if problem.code == "other_row" else number
            self._keep(previous)
            previous = line
        self._keep(previous)
        self._store.execute("COMMIT")
        tick(self.rows)

    def _add_option(self, option: str, cells: list[object], item: Line | None, refused_row: int) -> None:
        if item is None:
            raise RowProblem("other_row", row=refused_row) if refused_row else RowProblem("option_alone")
        try:
            key = receipt_key(cells, self.rules)[0]
        except RowProblem:
            key = item.key  # most tills leave the rest of an option's row blank
        if key != item.key:
            raise RowProblem("option_alone")
        item.options.append(option)

    def _keep(self, line: Line | None) -> None:
        # One row late: options that belong to it may follow.
        if line is None:
            return
        self._store.execute(
            "INSERT INTO line VALUES (?, ?, ?, ?)",
            (line.key, line.time.timestamp(), line.row, msgspec.json.encode(line)),
        )

    def _refuse_row(self, number: int, cells: list[object], problem: RowProblem) -> None:
        self._refuse(number, problem, [values.text(cell, limit=500) for cell in cells])
        # Half a receipt would be a wrong sale that a mended file could not put right again.
        with suppress(RowProblem):
            key = receipt_key(cells, self.rules)[0]
            self._store.execute("INSERT OR IGNORE INTO spoiled VALUES (?, ?)", (key, number))

    def events(self) -> Iterator[Planned]:
        """Yields every event once, oldest first; receipts found wanting on the way are refused."""
        with closing(self._store.cursor()) as cursor:
            cursor.execute(
                "SELECT key, body, spoiled.row FROM (SELECT key, row, body, min(time) OVER (PARTITION BY key)"
                " AS first FROM line) AS line LEFT JOIN spoiled USING (key) ORDER BY first, key, line.row"
            )
            key, spoiled, lines = "", None, list[Line]()
            for next_key, body, spoiled_by in cursor:
                if next_key != key:
                    yield from self._receipt(key, lines, spoiled)
                    key, spoiled, lines = next_key, spoiled_by, []
                lines.append(self._decode.decode(body))
            yield from self._receipt(key, lines, spoiled)

    def _receipt(self, key: str, lines: list[Line], spoiled_by: int | None) -> list[Planned]:
        if not lines:
            return []
        try:
            if spoiled_by is not None:
                raise RowProblem("other_row", row=spoiled_by)
            if len(lines) > MAX_ITEMS:
                raise RowProblem("too_many_items", limit=MAX_ITEMS)
            return events_of(key, lines, currency=self.rules.currency)
        except RowProblem as problem:
            for line in lines:
                self._refuse(line.row, problem, line.cells)
            return []

    def _refuse(self, row: int, problem: RowProblem, cells: list[str]) -> None:
        self.refused_rows += 1
        line = RefusedLine(row=row, code=problem.code, params=problem.params, cells=cells)
        self._store.execute("INSERT INTO refused VALUES (?, ?)", (row, msgspec.json.encode(line)))

    def refused(self) -> Iterator[RefusedLine]:
        """Yields the refused rows in the file's order; complete once `events` is through."""
        decoder = msgspec.json.Decoder(RefusedLine)
        with closing(self._store.cursor()) as cursor:
            for (body,) in cursor.execute("SELECT body FROM refused ORDER BY row"):
                yield decoder.decode(body)
