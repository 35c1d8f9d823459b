from pathlib import Path

import pytest

from channels_app.sales_file.reasons import FileProblem, describe
from channels_app.sales_file.table import open_table
from tests.channels_app.sales_file import files

XLSX_TRAITS = {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\n\n \n", "empty"),
        (b"%PDF-1.7 ...", "not_a_table"),
        (b"\x89PNG\r\n\x1a\n....", "not_a_table"),
        (b"PK\x03\x04 and then nothing", "broken_archive"),
        (files.zip_bytes(**{"word/document.xml": b"<x/>"}), "not_a_table"),
        (files.zip_bytes(**XLSX_TRAITS | {"x": b"<!DOCTYPE lolz [<!ENTITY a 'b'>]>"}), "unsafe_xml"),
        (files.zip_bytes(**XLSX_TRAITS), "broken_archive"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "old_excel"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "locked"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "web_page"),
        (b"a,b\x00c\n1,2\n", "not_a_table"),
        (files.gz(b"%PDF-1.7"), "not_a_table"),
        (files.gz(files.gz(b"a,b\n1,2\n")), "not_a_table"),
        (files.gz(files.retail_bytes())[:-20], "broken_archive"),
        (b"\x1f\x8b not gzip", "broken_archive"),
        (files.csv_bytes([files.UNION_HEADER]), "header_only"),
        (files.xlsx_bytes([files.UNION_HEADER]), "header_only"),
        (files.xlsx_bytes([]), "no_sheet"),
        (b"1,2,3\n4,5,6\n", "no_header"),
        (b"\n".join([b"x"] * 60), "no_header"),
        ((",".join(["a"] * 400)).encode(), "too_many_columns"),
        ('판매일시,"영수증번호\n'.encode() + b"1,2,3,4\n" * 9000, "broken_quotes"),
    ],
)  # fmt: skip
def test_what_is_no_list_of_sales_says_so(tmp_path: Path, content: bytes, code: str) -> None:
    with pytest.raises(FileProblem) as raised:
        list(open_table(files.write(tmp_path, content)).rows())
    assert raised.value.code == code
    assert "%(" not in describe(code, raised.value.params)


def test_a_sheet_that_unpacks_to_200_mb_is_refused_before_it_is_read(tmp_path: Path) -> None:
    content = files.huge_sheet_bytes(200)
    assert len(content) < 1024 * 1024
    with pytest.raises(FileProblem) as raised:
        open_table(files.write(tmp_path, content, "bomb.xlsx"))
    assert raised.value.code == "unpacks_too_large"


def test_a_directory_that_lies_about_sizes_is_found_out(tmp_path: Path) -> None:
    content = bytearray(files.huge_sheet_bytes(2))
    # The sheet is the last member: its central entry claims 100 bytes.
    entry = content.rindex(b"PK\x01\x02")
    content[entry + 24 : entry + 28] = (100).to_bytes(4, "little")
    with pytest.raises(FileProblem) as raised:
        open_table(files.write(tmp_path, bytes(content), "liar.xlsx"))
    assert raised.value.code == "broken_archive"


def test_a_packed_text_is_not_unpacked_beyond_the_limit(tmp_path: Path) -> None:
    content = files.gz(b"InvoiceNo,Quantity,InvoiceDate\n" + b"a" * (160 * 1024 * 1024))
    with pytest.raises(FileProblem) as raised:
        open_table(files.write(tmp_path, content, "sales.csv.gz"))
    assert raised.value.code == "unpacks_too_large"


def test_a_file_of_more_than_50_mb_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(51 * 1024 * 1024)
    with pytest.raises(FileProblem) as raised:
        open_table(path)
    assert raised.value.code == "too_large"
