"""A sales file as a table: its header wherever it stands, its rows as a stream, its encoding.

Knows nothing of sales; titles above the header are skipped, repeated headers and empty rows dropped.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from channels_app.sales_file import text as text_file
from channels_app.sales_file import workbook
from channels_app.sales_file.columns import ENOUGH, SURE, recognise
from channels_app.sales_file.content import Content, kind_of
from channels_app.sales_file.reasons import FileProblem
from channels_app.sales_file.values import text

HEADER_WITHIN = 30
MAX_COLUMNS = 300
Row = tuple[int, list[object]]


@dataclass(frozen=True, slots=True)
class Table:
    """An opened file. `header_row` is its row number from 1; `encoding` is "" for a workbook."""

    path: Path
    content: Content
    encoding: str
    delimiter: str
    header: tuple[str, ...]
    header_row: int

    def rows(self) -> Iterator[Row]:
        """Yields (row number, cells) below the header, from the file, without empty rows and repeated headers."""
        for number, cells in _records(self.path, self.content, self.encoding, self.delimiter):
            if number <= self.header_row:
                continue
            _check_width(number, cells)
            shown = [text(cell, limit=40) for cell in cells]
            if any(shown) and tuple(shown[: len(self.header)]) != tuple(title[:40] for title in self.header):
                yield number, cells

    def sample(self, size: int = 5) -> list[Row]:
        """Returns the first rows, for a person to look at."""
        return list(islice(self.rows(), size))


def open_table(path: Path, *, encoding: str = "") -> Table:
    """Finds out what the file is and where its header stands. Raises FileProblem.

    `encoding` is what a person chose; without it a text that is neither UTF-8 nor CP949 throughout is refused.
    """
    content = kind_of(path)
    delimiter = ""
    if content is Content.XLSX:
        encoding = ""
    else:
        encoding = text_file.encoding_name(encoding) if encoding else text_file.detect_encoding(path, content)
        delimiter = text_file.sniff_delimiter(path, content, encoding)
    header_row, header, rows_below = _find_header(_records(path, content, encoding, delimiter))
    if not rows_below:
        raise FileProblem("header_only")
    return Table(path, content, encoding, delimiter, header, header_row)


def _records(path: Path, content: Content, encoding: str, delimiter: str) -> Iterator[Row]:
    if content is Content.XLSX:
        return workbook.read_rows(path)
    return text_file.read_records(path, content, encoding, delimiter)


def _find_header(records: Iterator[Row]) -> tuple[int, tuple[str, ...], bool]:
    """Returns the header's row number, its titles, and whether anything stands below it.

    It is the row in which most columns are recognised; failing that, the first whose cells are all words,
    so that a file of unknown names can still be mapped by hand.
    """
    candidates: list[tuple[int, int, tuple[str, ...]]] = []
    filled_rows: list[int] = []
    for number, cells in islice(records, HEADER_WITHIN + 1):
        _check_width(number, cells)
        titles = tuple(text(cell, limit=100) for cell in cells)
        if not any(titles):
            continue
        filled_rows.append(number)
        recognised = recognise(titles)
        # A name in a cell below may happen to end like a column; a header has names of its own.
        if len(recognised.columns) >= ENOUGH and max(recognised.certainty.values()) > SURE // 2:
            candidates.append((len(recognised.columns), -number, titles))
        elif sum(map(bool, titles)) >= 3 and not any(_starts_with_digit(title) for title in titles):
            candidates.append((0, -number, titles))
    if not filled_rows:
        raise FileProblem("empty")
    if not candidates:
        raise FileProblem("no_header", limit=HEADER_WITHIN)
    _score, negative_number, titles = max(candidates)
    while titles and not titles[-1]:
        titles = titles[:-1]
    return -negative_number, titles, filled_rows[-1] > -negative_number


def _starts_with_digit(title: str) -> bool:
    return title[:1].isdigit() or title[:1] in {"-", "(", "₩"}


def _check_width(number: int, cells: list[object]) -> None:
    if len(cells) > MAX_COLUMNS:
        raise FileProblem("too_many_columns", row=number, limit=MAX_COLUMNS)
