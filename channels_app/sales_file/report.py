"""The refused rows as a file that opens in Excel and runs nothing there."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from channels_app.models import SalesImport
from channels_app.sales_file.queries import refused_lines
from channels_app.sales_file.reasons import describe

# What a spreadsheet takes for a formula: also after spaces, and by a tab or a line's end.
_FORMULA = re.compile(r"^\s*[=+\-@\t\r|%]")
_PLAIN_NUMBER = re.compile(r"^[+-]?[\d,]+(\.\d+)?$")


def refused_csv(sales_import: SalesImport) -> Iterator[bytes]:
    """Yields the file in pieces: row number, reason, and the row as it stood in the sales file."""
    yield b"\xef\xbb\xbf"  # Excel reads UTF-8 only behind a BOM
    header = [str(title) for title in sales_import.preview.get("header", [])]
    yield _line([_("Row"), _("Reason"), *header])
    for number, reason, params, cells in refused_lines(sales_import):
        yield _line([str(number), describe(reason, params), *cells])


def _line(cells: Iterable[str]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerow([harmless(cell) for cell in cells])
    return text.getvalue().encode()


def harmless(cell: str) -> str:
    """Returns the cell with an apostrophe before what would be run as a formula."""
    return f"'{cell}" if _FORMULA.match(cell) and not _PLAIN_NUMBER.match(cell) else cell
