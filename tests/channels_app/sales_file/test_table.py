from datetime import datetime
from pathlib import Path

import pytest

from channels_app.sales_file.reasons import FileProblem
from channels_app.sales_file.table import open_table
from tests.channels_app.sales_file import files

ROWS = [files.UNION_HEADER, *files.union_rows(receipts=4)]


@pytest.mark.parametrize(
    ("content", "encoding", "delimiter"),
    [
        (files.csv_bytes(ROWS), "utf-8", ","),
        (files.csv_bytes(ROWS, encoding="utf-8-sig"), "utf-8", ","),
        (files.csv_bytes(ROWS, encoding="cp949"), "cp949", ","),
        (files.csv_bytes(ROWS, encoding="utf-16", delimiter="\t"), "utf-16", "\t"),
        (files.csv_bytes(ROWS, delimiter=";"), "utf-8", ";"),
        (files.gz(files.csv_bytes(ROWS, encoding="cp949", delimiter="\t")), "cp949", "\t"),
        (files.xlsx_bytes(ROWS), "", ""),
    ],
)
def test_the_same_table_in_every_form(tmp_path: Path, content: bytes, encoding: str, delimiter: str) -> None:
    table = open_table(files.write(tmp_path, content))
    assert (table.encoding, table.delimiter) == (encoding, delimiter)
    assert table.header == files.UNION_HEADER
    shown = [[str(cell or "") for cell in cells] for _number, cells in table.rows()]
    assert shown == [[str(cell) for cell in row] for row in ROWS[1:]]


def test_titles_above_the_header_and_empty_rows_are_skipped(tmp_path: Path) -> None:
    table = open_table(files.write(tmp_path, files.union_bytes()))
    assert (table.header_row, table.header) == (4, files.UNION_HEADER)
    assert next(table.rows())[0] == 5


def test_a_header_that_repeats_on_every_page_is_no_row(tmp_path: Path) -> None:
    rows = [files.UNION_HEADER, ROWS[1], files.UNION_HEADER, ROWS[2]]
    table = open_table(files.write(tmp_path, files.csv_bytes(rows)))
    assert [number for number, _cells in table.rows()] == [2, 4]


def test_characters_that_only_cp949_has_are_read(tmp_path: Path) -> None:
    rows = [["판매일시", "영수증번호", "상품명", "금액"], ["2026-07-01", "1", "똠뷁쌰펲햏", "100"]]
    table = open_table(files.write(tmp_path, files.csv_bytes(rows, encoding="cp949")))
    assert next(table.rows())[1][2] == "똠뷁쌰펲햏"


def test_mixed_encodings_name_the_row_and_can_be_read_by_choice(tmp_path: Path) -> None:
    good = files.csv_bytes(ROWS)
    path = files.write(tmp_path, good + "강남점,01,0009,2026-07-01".encode("cp949") + b"\n")
    with pytest.raises(FileProblem) as raised:
        open_table(path)
    assert (raised.value.code, raised.value.params["row"]) == ("unclear_encoding", len(ROWS) + 1)
    last = list(open_table(path, encoding="utf-8").rows())[-1]
    assert "\ufffd" in str(last[1][0])


def test_euc_kr_means_cp949_and_an_unknown_name_is_declined(tmp_path: Path) -> None:
    path = files.write(tmp_path, files.union_bytes())
    assert open_table(path, encoding="EUC-KR").encoding == "cp949"
    with pytest.raises(FileProblem):
        open_table(path, encoding="klingon")


def test_formulas_are_not_run(tmp_path: Path) -> None:
    rows: list[list[object]] = [["판매일시", "영수증번호", "금액"], [datetime(2026, 7, 1, 10, 0), "1", "=1+1"]]  # noqa: DTZ001
    table = open_table(files.write(tmp_path, files.xlsx_bytes(rows)))
    # No program has stored a value for it, so there is none.
    assert next(table.rows())[1] == [datetime(2026, 7, 1, 10, 0), "1", None]  # noqa: DTZ001
