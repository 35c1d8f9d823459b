"""Which column is what: recognised by what tills and shops call it, or chosen by hand.

Pure: a header row in, a mapping of field to column number (from 0) out. Nothing is taken from the cells below.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from channels_app.sales_file.reasons import FIELDS, FileProblem
from channels_app.sales_file.synonyms import SYNONYMS

ENOUGH = 2  # recognised columns that make a row a header
SURE = 100


@dataclass(frozen=True, slots=True)
class Recognised:
    """What was found in a header: column number and certainty (1 to 100) for each field."""

    columns: dict[str, int]
    certainty: dict[str, int]

    @property
    def missing(self) -> list[str]:
        return missing_fields(self.columns)


def recognise(header: Sequence[str]) -> Recognised:
    """Returns the best field for each column; each field gets at most one column, each column one field."""
    offers = [
        (score, -order, -index, field)
        for index, title in enumerate(header)
        for order, field in enumerate(FIELDS)
        if (score := _score(title, field))
    ]
    columns: dict[str, int] = {}
    certainty: dict[str, int] = {}
    for score, _order, negative_index, field in sorted(offers, reverse=True):
        if field not in columns and -negative_index not in columns.values():
            columns[field], certainty[field] = -negative_index, score
    return Recognised(columns, certainty)


def _score(title: str, field: str) -> int:
    plain = plain_title(title)
    if not plain:
        return 0
    # The order within a field is a preference: of 실매출액 and 금액 in one file the first is the amount.
    for rank, synonym in enumerate(SYNONYMS[field]):
        if plain == synonym:
            return SURE - rank
    bare = re.sub(r"\(.*?\)|\[.*?\]", "", unicodedata.normalize("NFKC", title))
    if bare != title and (again := plain_title(bare)) and again != plain:
        return max(_score(bare, field) - 20, 0)
    for rank, synonym in enumerate(SYNONYMS[field]):
        if len(synonym) >= 4 and plain.endswith(synonym):
            return max(50 - rank, 1)
    return 0


def plain_title(title: str) -> str:
    """Returns a column's name without case, spaces and marks: `Invoice No.` and `invoice_no` are one."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", title).casefold())


def missing_fields(columns: Mapping[str, int]) -> list[str]:
    """Returns the fields without which no sale can be read; the amount may be a price times a quantity."""
    missing = [field for field in ("time", "receipt") if field not in columns]
    if "time" in missing and "business_date" in columns:
        missing.remove("time")
    if "amount" not in columns and "unit_price" not in columns:
        missing.append("amount")
    return missing


def header_signature(header: Sequence[str]) -> str:
    """Returns what stays the same in next month's export of the same program."""
    titles = [plain_title(title) for title in header]
    while titles and not titles[-1]:
        titles.pop()
    return hashlib.sha256("\x1f".join(titles).encode()).hexdigest()


def mapped_by_hand(header: Sequence[str], choices: Mapping[str, str]) -> dict[str, int]:
    """Returns field → column number for choices by name, by letter (`C`) or by number from 1.

    An empty choice says that the file has no such column. Raises FileProblem.
    """
    columns: dict[str, int] = {}
    for field, choice in choices.items():
        if field not in FIELDS:
            raise FileProblem("unknown_field", field=field)
        if choice.strip():
            index = _column_named(header, choice.strip())
            if index in columns.values():
                raise FileProblem("column_twice", column=choice)
            columns[field] = index
    return columns


def _column_named(header: Sequence[str], choice: str) -> int:
    titles = [plain_title(title) for title in header]
    if (plain := plain_title(choice)) and plain in titles:
        return titles.index(plain)
    if choice.isascii() and choice.isdigit() and 1 <= int(choice) <= len(header):
        return int(choice) - 1
    if re.fullmatch(r"[A-Z]{1,2}", choice):
        number = 0
        for letter in choice:
            number = number * 26 + ord(letter) - 64
        if number <= len(header):
            return number - 1
    raise FileProblem("unknown_column", column=choice)


def column_letter(index: int) -> str:
    """Returns the letter under which Excel shows the column (from 0)."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
