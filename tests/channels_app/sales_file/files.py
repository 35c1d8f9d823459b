"""Sales files made on the spot: as tills write them, and as nobody should. Deterministic, nobody real in them."""

from __future__ import annotations

import csv
import gzip
import io
import random
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

UNION_HEADER = (
    "매장명", "포스번호", "영수증번호", "판매일시", "번호", "상품코드", "상품명", "수량", "단가", "합계", "판매타입", "회원번호", "회원명", "휴대폰",
)  # fmt: skip
GOODS = (
    ("00196", "아메리카노", 4500),
    ("00211", "카페라떼", 5000),
    ("10020", "똠얌 수프", 12000),
    ("77001", "머그컵", 18900),
)


def csv_bytes(rows: Iterable[Sequence[object]], *, encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


def xlsx_bytes(rows: Iterable[Sequence[object]]) -> bytes:
    from openpyxl import Workbook

    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


def write(folder: Path, content: bytes, name: str = "sales.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def union_rows(*, receipts: int = 40, seed: int = 7) -> list[list[object]]:
    """A UnionPOS-like export without its header: two stores, two tills each, numbers that begin again every day.

    Each tenth receipt is a return with positive amounts; each third names a member; some items have options.
    """
    chance = random.Random(seed)
    rows: list[list[object]] = []
    for index in range(receipts):
        store = ("강남점", "해운대점")[index % 2]
        till = f"{index // 2 % 2 + 1:02}"
        day, number = index // 8 + 1, index % 8 // 4 + 1
        kind = "반품" if index % 10 == 9 else "판매"
        member = index % 3 == 0
        who = [f"M-{index:04}", "김하늘", f"0100000{index:04}"] if member else ["", "", ""]
        for line in range(1, chance.randint(1, 3) + 1):
            code, name, price = chance.choice(GOODS)
            quantity = chance.randint(1, 3)
            receipt = [store, till, f"{number:04}", f"2026-07-{day:02} 1{number}:39:2{index % 10}"]
            money = [quantity, f"{price:,}", f"{price * quantity:,}"]
            rows.append([*receipt, line, code, name, *money, kind, *who])
            if name == "카페라떼":
                rows.append([store, till, f"{number:04}", "", "", "", "┗ 샷추가", "1", "", "", "", "", "", ""])
    return rows


def union_bytes(**options: int) -> bytes:
    """The same as the till writes it: CP949, a title above the header, sums below."""
    return csv_bytes(
        [
            ["매출 상세 내역"],
            ["조회기간: 2026-07-01 ~ 2026-07-31"],
            [],
            UNION_HEADER,
            *union_rows(**options),
            ["합계", "", "", "", "", "", "", "99", "", "1,234,500", "", "", "", ""],
        ],
        encoding="cp949",
    )


def retail_rows() -> list[list[str]]:
    """Rows in the shape of the retail data set: a cancelled invoice, nobody, a stock adjustment, a bad debt."""
    return [
        ["536365", "85123A", "WHITE HANGING HEART", "6", "2010-12-01 08:26:00", "2.55", "17850.0", "United Kingdom"],
        ["536365", "71053", "WHITE METAL LANTERN", "6", "2010-12-01 08:27:00", "3.39", "17850.0", "United Kingdom"],
        ["536366", "22633", "HAND WARMER", "2", "2010-12-01 08:28:00", "1.85", "", "United Kingdom"],
        ["C536379", "D", "Discount", "-1", "2010-12-01 09:41:00", "27.5", "14527.0", "United Kingdom"],
        ["536414", "22139", "", "56", "2010-12-01 11:52:00", "0.0", "", "United Kingdom"],
        ["536591", "20738", "", "-36", "2010-12-01 17:04:00", "0.0", "", "United Kingdom"],
        ["A563186", "B", "Adjust bad debt", "1", "2011-08-12 14:51:00", "-11062.06", "", "United Kingdom"],
        ["537000", "M", "Manual", "1", "2011-01-04 10:00:00", "-5.5", "", "United Kingdom"],
        # The first invoice again, after others: rows of one receipt need not stand together.
        ["536365", "22752", "NESTING BOXES", "2", "2010-12-01 08:26:00", "7.65", "17850.0", "United Kingdom"],
    ]


RETAIL_HEADER = (
    "InvoiceNo",
    "StockCode",
    "Description",
    "Quantity",
    "InvoiceDate",
    "UnitPrice",
    "CustomerID",
    "Country",
)


def retail_bytes() -> bytes:
    return csv_bytes([RETAIL_HEADER, *retail_rows()])


def gz(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)


def zip_bytes(**members: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def huge_sheet_bytes(megabytes: int) -> bytes:
    """A workbook of a few hundred kilobytes whose sheet unpacks to this many megabytes."""
    honest = io.BytesIO(xlsx_bytes([["판매일시", "영수증번호", "금액"], ["2026-07-01", "1", "100"]]))
    target = io.BytesIO()
    with zipfile.ZipFile(honest) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in source.infolist():
            if member.filename != "xl/worksheets/sheet1.xml":
                archive.writestr(member, source.read(member))
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            piece = b" " * (1024 * 1024)
            sheet.write(b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>')
            for _ in range(megabytes):
                sheet.write(piece)
            sheet.write(b"</sheetData></worksheet>")
    return target.getvalue()
