"""Masking inside free text: whatever way a number is written, only its last four digits stay."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.sight import MASKED, mask_code, mask_text

GAPS = st.sampled_from(["", "-", " ", ".", " - ", "–", "·", "/", ") "])
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


@given(
    middle=st.integers(1000, 9999),
    last=st.integers(1000, 9999),
    first=GAPS,
    second=GAPS,
    head=st.sampled_from(["010", "10", "+82 10", "+8210", "82-10", "011", "02", "031"]),
    around=st.tuples(st.sampled_from(["", "번호는 ", "tel:"]), st.sampled_from(["", "입니다", " 로요", "."])),
    wide=st.booleans(),
)
def test_no_number_survives(
    middle: int, last: int, first: str, second: str, head: str, around: tuple[str, str], wide: bool
) -> None:
    number = f"{head}{first}{middle}{second}{last}"
    text = around[0] + (number.translate(WIDE) if wide else number) + around[1]
    masked = mask_text(text)
    assert len(masked) == len(text)
    narrow = masked.translate(str.maketrans("０１２３４５６７８９", "0123456789"))
    assert str(middle) not in re.sub(r"\D", "", narrow)[:-4]
    assert narrow.count("*") >= 3


@pytest.mark.parametrize(
    "text", ["129,000원", "2026-11-25 18:00", "R-20261122-01-0042", "3개 주세요", "M사이즈 95", ""]
)
def test_other_digits_stay(text: str) -> None:
    assert mask_text(text) == text


@given(st.text(max_size=200))
def test_any_text_can_be_masked(text: str) -> None:
    mask_text(text, ["홍길동"])


def test_codes_keep_their_end() -> None:
    assert mask_code("M-100123") == "M-****23"
    assert mask_code("abc") == "***"
    assert mask_code("botUserKey") == "********ey"
    assert MASKED.identity("member_no", "M-1001") == "M-**01"
    assert MASKED.identity("external", "al-2eGuGr5W") == "**-******5W"
