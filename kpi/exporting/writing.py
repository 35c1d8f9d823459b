"""Writes a table as CSV for Korean Excel, or as a workbook. What a spreadsheet would take for a formula is made harmless."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import IO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from kpi.exporting.tables import Cell, Table

# A spreadsheet would take a text that begins so for a formula; numbers are written as numbers.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
TOLD_EVERY = 200
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
Tick = Callable[[int], None]


def harmless(cell: Cell) -> Cell:
    """The cell, with an apostrophe before a text that would be run. No control letters: a workbook refuses them."""
    if not isinstance(cell, str):
        return cell
    text = "".join(letter for letter in cell if letter >= " " or letter in "\t\n\r")
    return f"'{text}" if text.startswith(FORMULA) else text


def write(table: Table, kind: str, out: IO[bytes], *, tick: Tick = lambda _rows: None) -> int:
    """Writes to `out`, tells `tick` how many rows are done, and returns how many there were."""
    return _write_csv(table, out, tick) if kind == "csv" else _write_xlsx(table, out, tick)


def _write_csv(table: Table, out: IO[bytes], tick: Tick) -> int:
    # Without the mark at its beginning Excel takes UTF-8 for something else.
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow([harmless(head) for head in table.heads])
    count = 0
    for count, row in enumerate(table.rows, start=1):
        writer.writerow([harmless(cell) for cell in row])
        if count % TOLD_EVERY == 0:
            tick(count)
    text.flush()
    text.detach()
    return count


def _write_xlsx(table: Table, out: IO[bytes], tick: Tick) -> int:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("".join(letter for letter in table.title if letter not in r"[]:*?/\ ")[:31] or "1")
    sheet.freeze_panes = "A2"
    heads = []
    for head in table.heads:
        cell = WriteOnlyCell(sheet, harmless(head))
        cell.font = Font(bold=True)
        heads.append(cell)
    sheet.append(heads)
    count = 0
    for count, row in enumerate(table.rows, start=1):
        cells = []
        for place, value in enumerate(row):
            cell = WriteOnlyCell(sheet, harmless(value))
            if place in table.shares:
                cell.number_format = "0.0%"
            cells.append(cell)
        sheet.append(cells)
        if count % TOLD_EVERY == 0:
            tick(count)
    book.save(out)
    return count
