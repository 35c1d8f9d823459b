"""Reviews as a shop page or a marketplace exports them, as events. Only form is looked at here; the one way in does the rest.

The same file twice adds nothing: a review is known by its order, or by who wrote what when.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from channels_app.sales_file import text as text_file
from channels_app.sales_file import values, workbook
from channels_app.sales_file.content import Content, kind_of
from channels_app.sales_file.reasons import FileProblem, RowProblem

HEADER_WITHIN = 20
TEXT_LENGTH = 20_000
# Titles as shops' pages write them, without spaces; the first that a file has counts.
TITLES: Mapping[str, tuple[str, ...]] = {
    "text": ("리뷰상세내용", "리뷰내용", "상세내용", "후기내용", "리뷰", "내용", "review", "content", "text"),
    "at": ("리뷰등록일", "등록일시", "등록일", "작성일시", "작성일", "date", "createdat"),
    "score": ("구매자평점", "평점", "별점", "점수", "rating", "score", "stars"),
    "product": ("상품명", "제품명", "product", "productname"),
    "order_no": ("상품주문번호", "주문번호", "orderno", "orderid"),
    "author": ("등록자", "작성자", "구매자명", "닉네임", "author", "writer"),
    "phone": ("휴대폰", "휴대폰번호", "연락처", "구매자연락처", "phone"),
    "member_no": ("회원번호", "회원아이디", "memberno"),
    "store": ("매장", "매장코드", "지점", "store"),
}
FIELDS_NEEDED = ("text", "at")
Row = tuple[int, list[object]]


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One row: an envelope, or why there is none."""

    number: int
    envelope: dict[str, Any] | None = None
    problem: RowProblem | None = None


def review_rows(path: Path, *, source: str, zone: ZoneInfo, encoding: str = "") -> Iterator[ReviewRow]:
    """Each row below the header, in order; empty ones are passed over. Raises FileProblem for the file as a whole."""
    records = _records(path, encoding)
    head = list(islice(records, HEADER_WITHIN))
    columns, begin = _columns(head)
    for number, cells in (*head[begin + 1 :], *records):
        told = {field: cells[place] if place < len(cells) else None for field, place in columns.items()}
        if values.is_nothing(told.get("text")):
            continue
        try:
            yield ReviewRow(number, _envelope(told, source=source, zone=zone))
        except RowProblem as problem:
            yield ReviewRow(number, problem=problem)


def _records(path: Path, encoding: str) -> Iterator[Row]:
    content = kind_of(path)
    if content is Content.XLSX:
        return workbook.read_rows(path)
    named = text_file.encoding_name(encoding) if encoding else text_file.detect_encoding(path, content)
    return text_file.read_records(path, content, named)


def _columns(head: Sequence[Row]) -> tuple[dict[str, int], int]:
    """Which column is what, and in which of the first rows that stands."""
    best: tuple[dict[str, int], int] = ({}, 0)
    for place, (_number, cells) in enumerate(head):
        titles = [re.sub(r"\s+", "", values.text(cell, limit=100)).lower() for cell in cells]
        found = {
            field: titles.index(name) for field, names in TITLES.items() for name in [_first(names, titles)] if name
        }
        if len(found) > len(best[0]):
            best = found, place
    lacking = [TITLES[field][0] for field in FIELDS_NEEDED if field not in best[0]]
    if lacking:
        raise FileProblem("missing_columns", fields=lacking)
    return best


def _first(names: Sequence[str], titles: Sequence[str]) -> str:
    return next((name for name in names if name in titles), "")


def _envelope(told: Mapping[str, object], *, source: str, zone: ZoneInfo) -> dict[str, Any]:
    text = str(told["text"]).strip()[:TEXT_LENGTH]
    if "�" in text:
        raise RowProblem("unreadable")
    at = values.moment(told.get("at"), zone=zone).astimezone(UTC)
    data: dict[str, Any] = {"site": source.rpartition("/")[2], "text": text}
    if (score := _score(told.get("score"))) is not None:
        data["score"] = score
    for field in ("product", "order_no", "author", "store"):
        if shown := values.text(told.get(field), limit=100):
            data[field] = shown
    customer = {field: values.text(told.get(field), limit=60) for field in ("phone", "member_no")}
    if any(customer.values()):
        data["customer"] = {field: shown for field, shown in customer.items() if shown}
    # A month later a customer may write of the same order again.
    known_by = (data.get("order_no") or f"{data.get('author')}|{data.get('product')}|{text}", at.isoformat())
    return {
        "specversion": "1.0",
        "id": sha256("|".join(known_by).encode()).hexdigest()[:40],
        "source": source,
        "type": "review.posted",
        "time": at.isoformat(),
        "data": data,
    }


def _score(cell: object) -> int | None:
    """Stars: `5`, `4.0`, `★★★★☆`, `5점`."""
    shown = values.text(cell, limit=40)
    if "★" in shown:
        return min(5, shown.count("★"))
    found = re.match(r"(\d+(?:\.\d+)?)", shown)
    if not found:
        return None
    score = round(float(found[1]))
    if not 1 <= score <= 5:
        raise RowProblem("bad_number", value=shown, field="score")
    return score
