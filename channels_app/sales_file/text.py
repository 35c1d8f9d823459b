"""Rows out of text: which encoding, which delimiter, then record by record.

The order is BOM, UTF-8, CP949, ask. Never euc-kr: it cannot read 똠 and writes what nobody else can read.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from channels_app.sales_file.content import MAX_UNPACKED_MB, MEGABYTE, PIECE, Content, check_text
from channels_app.sales_file.reasons import FileProblem

ENCODINGS = {"utf-8": "utf-8-sig", "cp949": "cp949", "utf-16": "utf-16", "cp1252": "cp1252"}
ALIASES = {
    "utf8": "utf-8",
    "utf-8-sig": "utf-8",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "ms949": "cp949",
    "uhc": "cp949",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "iso-8859-1": "cp1252",
}
DELIMITERS = (",", "\t", ";")
SAMPLE_RECORDS = 50
# Longer cells are a quotation mark that was never closed.
MAX_CELL_CHARACTERS = 32_768


def open_bytes(path: Path, content: Content) -> BinaryIO:
    """Returns the file's bytes, unpacked where they are packed."""
    return cast(BinaryIO, gzip.open(path, "rb")) if content is Content.GZIP else path.open("rb")


def encoding_name(asked: str) -> str:
    """Returns our name of the encoding. Raises FileProblem for one that is not read here."""
    name = asked.strip().lower()
    name = ALIASES.get(name, name)
    if name not in ENCODINGS:
        raise FileProblem("unknown_encoding", encoding=asked)
    return name


def detect_encoding(path: Path, content: Content) -> str:
    """Returns the one encoding in which the whole file reads; checks the unpacked size on the way.

    Raises FileProblem("unclear_encoding") with the row where the better candidate gave up.
    """
    candidates = [_Candidate("utf-8"), _Candidate("cp949")]
    lines = 0
    for piece in _pieces(path, content):
        if not lines and piece.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        for candidate in candidates:
            candidate.take(piece, lines)
        lines += piece.count(b"\n")
    for candidate in candidates:
        candidate.take(b"", lines, final=True)
        if not candidate.failed_row:
            return candidate.name
    raise FileProblem("unclear_encoding", row=max(candidate.failed_row for candidate in candidates))


class _Candidate:
    """An encoding that may be the file's, until some piece does not fit it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.failed_row = 0
        self._decoder = codecs.getincrementaldecoder(name)("strict")

    def take(self, piece: bytes, lines_before: int, *, final: bool = False) -> None:
        if self.failed_row:
            return
        try:
            self._decoder.decode(piece, final)
        except UnicodeDecodeError as error:
            # The decoder may have kept up to three bytes of the piece before; none of them is a line's end.
            self.failed_row = lines_before + error.object[: error.start].count(b"\n") + 1


def _pieces(path: Path, content: Content) -> Iterator[bytes]:
    """Yields the unpacked file; raises FileProblem where it is no text, empty, damaged or too large."""
    unpacked = 0
    try:
        with open_bytes(path, content) as file:
            while piece := file.read(PIECE):
                if not unpacked:
                    check_text(piece)
                unpacked += len(piece)
                if unpacked > MAX_UNPACKED_MB * MEGABYTE:
                    raise FileProblem("unpacks_too_large", limit=MAX_UNPACKED_MB)
                yield piece
    except (zlib.error, EOFError, OSError) as error:
        raise FileProblem("broken_archive") from error
    if not unpacked:
        raise FileProblem("empty")


def read_records(
    path: Path, content: Content, encoding: str, delimiter: str = ""
) -> Iterator[tuple[int, list[object]]]:
    """Yields (record number from 1, cells as text) of the whole file.

    What does not fit the encoding becomes U+FFFD; who checks rows refuses those. Raises FileProblem
    where quotation marks swallow the file.
    """
    delimiter = delimiter or sniff_delimiter(path, content, encoding)
    number = 0
    try:
        with _text(path, content, encoding) as lines:
            reader = csv.reader(_bounded(lines), delimiter=delimiter)
            for number, record in enumerate(reader, start=1):
                yield number, cast(list[object], record)
    except csv.Error as error:
        raise FileProblem("broken_quotes", row=number + 1) from error
    except (zlib.error, EOFError) as error:
        raise FileProblem("broken_archive") from error


def _text(path: Path, content: Content, encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(open_bytes(path, content), encoding=ENCODINGS[encoding], errors="replace", newline="")


def _bounded(lines: io.TextIOWrapper) -> Iterator[str]:
    # csv would gather the rest of the file into one cell before it complains; its own limit is global.
    open_quotes, gathered = False, 0
    unpacked = 0
    for line in lines:
        unpacked += len(line)
        if unpacked > MAX_UNPACKED_MB * MEGABYTE:
            raise FileProblem("unpacks_too_large", limit=MAX_UNPACKED_MB)
        if line.count('"') % 2:
            open_quotes = not open_quotes
        gathered = gathered + len(line) if open_quotes else 0
        if gathered > MAX_CELL_CHARACTERS:
            raise csv.Error("a quotation mark was never closed")
        yield line


def sniff_delimiter(path: Path, content: Content, encoding: str) -> str:
    """Returns the delimiter that cuts the first records into most columns most evenly."""
    with _text(path, content, encoding) as lines:
        sample = "".join(line for line, _number in zip(lines, range(SAMPLE_RECORDS), strict=False))
    best, best_score = ",", 0
    for delimiter in DELIMITERS:
        try:
            widths = Counter(len(record) for record in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter))
        except csv.Error:
            continue
        if not widths:
            continue
        width, times = max(widths.items(), key=lambda item: ((item[0] > 1) * item[1], item[0]))
        score = (width - 1) * times
        if score > best_score:
            best, best_score = delimiter, score
    return best
