"""What the one box understands, whatever is typed or scanned into it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.queries.lookup_terms import Kind, hangul_to_keys, read_terms


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("", Kind.NOTHING),
        (" \x00\t ", Kind.NOTHING),
        ("12", Kind.TOO_SHORT),
        ("5678", Kind.LAST4),
        ("５６７８", Kind.LAST4),
        ("45678", Kind.PHONE_PART),
        ("0100000", Kind.PHONE_PART),
        ("010-0000-5678", Kind.PHONE),
        ("0000-1234", Kind.PHONE_PART),
        ("2000-1234", Kind.PHONE),
        ("+82 10 0000 5678", Kind.PHONE),
        ("a@b.example", Kind.EMAIL),
        ("홍길동", Kind.NAME),
        ("ㅎㄱㄷ", Kind.INITIALS),
        ("홍ㄱㄷ", Kind.INITIALS),
        ("ㄳ", Kind.INITIALS),
        ("M-1001", Kind.NAME),
    ],
)
def test_kinds(typed: str, kind: Kind) -> None:
    assert read_terms(typed).kind == kind


@given(st.text(max_size=300))
def test_nothing_that_can_be_typed_breaks_it(typed: str) -> None:
    read_terms(typed)


def test_a_scanner_with_the_keyboard_on_korean() -> None:
    assert hangul_to_keys("ㅡ-1001") == "m-1001"
    assert hangul_to_keys("까1") == "Rk1"
    assert hangul_to_keys("값") == "rkqt"
    assert "M-1001" in read_terms("ㅡ-1001\r").codes
    assert "M-1001" in read_terms("]C1M-1001\r\n").codes


def test_a_mac_sends_hangul_in_pieces() -> None:
    assert read_terms(unicodedata.normalize("NFD", "홍길동")) == read_terms("홍길동")


def test_keys_meant_in_korean() -> None:
    meant = read_terms("ghdrlfehd").meant
    assert meant is not None
    assert meant.key == "홍길동"
