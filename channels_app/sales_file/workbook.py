"""Rows out of an XLSX workbook, read as a stream. Formulas give their stored value and are never run.

The sizes were checked before (content.check_workbook); here only the cells are read.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from channels_app.sales_file.reasons import FileProblem

# What openpyxl raises on damaged or hand-made workbooks; it has no family of its own.
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    KeyError,
    ValueError,
    TypeError,
    IndexError,
    AttributeError,
    EOFError,
    OSError,
    SyntaxError,  # xml.etree's ParseError
)


def read_rows(path: Path) -> Iterator[tuple[int, list[object]]]:
    """Yields (row number from 1, cell values) of the first visible sheet that has rows."""
    # Loaded here: a web process that never reads a workbook should not carry it.
    from openpyxl import load_workbook

    # By handle: openpyxl judges a path by its ending, and a stored file has none.
    with path.open("rb") as file:
        try:
            workbook = load_workbook(file, read_only=True, data_only=True, keep_links=False)
            found = False
            for sheet in workbook.worksheets:
                if sheet.sheet_state != "visible":
                    continue
                # A sheet may claim a million columns; without the claim each row has its own length.
                sheet.reset_dimensions()
                for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
                    found = found or any(cell is not None for cell in row)
                    if found:
                        yield number, list(row)
                if found:
                    return
        except DAMAGED as error:
            raise FileProblem("broken_archive") from error
    raise FileProblem("no_sheet")
