"""Files of reviews come in once, whatever they are called and however they are encoded."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook

from customers.models import Customer, Event
from tests.cast import Cast, make_organization

HEADER = "등록자,리뷰등록일,구매자평점,상품명,리뷰상세내용,상품주문번호,답글여부"
ROWS = (
    "seo****,2026.11.01 10:20,5,울 코트,배송 빠르고 예뻐요,2026110112345,N",
    'kim****,2026-11-02,1,울 코트,"소매가 뜯어졌어요. 불량이에요.",2026110212345,Y',
    "lee****,2026-11-03,★★★☆☆,머그컵,무난해요,,N",
)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_organization()


def run(path: Path, *options: str) -> str:
    out = StringIO()
    call_command("import_reviews", str(path), "--organization", "haneul", *options, stdout=out, stderr=out)
    return out.getvalue()


def write(path: Path, lines: tuple[str, ...], encoding: str = "utf-8-sig") -> Path:
    path.write_text("\n".join(lines), encoding=encoding)
    return path


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp949"])
def test_a_shops_export_comes_in_once(cast: Cast, tmp_path: Path, encoding: str):
    lines = ("스마트스토어 리뷰", "", HEADER, *(row.replace("★★★☆☆", "3점") for row in ROWS))
    file = write(tmp_path / "reviews.csv", lines, encoding)
    run(file)
    told = [(one.text, one.data.get("score"), one.data.get("product")) for one in Event.objects.order_by("time")]
    assert told == [
        ("배송 빠르고 예뻐요", 5, "울 코트"),
        ("소매가 뜯어졌어요. 불량이에요.", 1, "울 코트"),
        ("무난해요", 3, "머그컵"),
    ]
    assert "3" in run(file)
    assert Event.objects.count() == 3
    # A nickname with stars is nobody.
    assert not Customer.objects.exists()


def test_a_workbook_comes_in_and_knows_members(cast: Cast, tmp_path: Path):
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in (["작성일", "별점", "내용", "회원번호"], ["2026-11-03 09:00", 4, "잘 쓰고 있어요", "M-1"]):
        sheet.append(row)
    workbook.save(tmp_path / "reviews.xlsx")
    run(tmp_path / "reviews.xlsx", "--source", "/seoul/mall")
    event = Event.objects.get()
    assert (event.source, event.channel, event.type) == ("/seoul/mall", "review", "review.posted")
    assert event.customer is not None


def test_bad_rows_refuse_themselves_and_say_why(cast: Cast, tmp_path: Path):
    lines = (HEADER, "a,언젠가,5,컵,좋아요,1,N", "b,2026-11-01,9,컵,좋아요,2,N", "c,2026-11-01,5,컵,좋아요,3,N")
    out = StringIO()
    with pytest.raises(SystemExit) as stopped:
        call_command(
            "import_reviews",
            str(write(tmp_path / "reviews.csv", lines)),
            organization="haneul",
            stdout=out,
            stderr=out,
        )
    assert stopped.value.code == 3
    assert "2: " in out.getvalue()
    assert "3: " in out.getvalue()
    assert Event.objects.count() == 1


def test_a_dry_run_writes_nothing(cast: Cast, tmp_path: Path):
    run(write(tmp_path / "reviews.csv", (HEADER, *ROWS)), "--dry-run")
    assert not Event.objects.exists()


@pytest.mark.parametrize("lines", [("이름,나이,점수", "a,1,2"), ("",), (HEADER.replace("리뷰상세내용", "비고"), *ROWS)])
def test_a_file_that_is_none_of_reviews_says_what_is_missing(cast: Cast, tmp_path: Path, lines: tuple[str, ...]):
    with pytest.raises(CommandError):
        run(write(tmp_path / "reviews.csv", lines))


def test_an_unknown_organization_is_said(cast: Cast, tmp_path: Path):
    file = write(tmp_path / "reviews.csv", (HEADER, *ROWS))
    with pytest.raises(CommandError, match="nowhere"):
        call_command("import_reviews", str(file), organization="nowhere")
