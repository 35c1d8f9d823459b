"""Names as people at the counter search and see them (KOREA.md §2)."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.names import (
    bare_name,
    chosung,
    from_wrong_keyboard,
    mask_email,
    mask_name,
    name_query,
    nfd_key,
    search_key,
    tidy_name,
)

KOREAN = st.text(alphabet=st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), min_size=1, max_size=6)


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("홍길동", "홍길동"),
        ("  홍길동  님", "홍길동"),
        ("홍길동고객님", "홍길동"),
        ("홍길동 고객 님", "홍길동"),
        ("㈜하늘상회", "하늘상회"),
        ("(주) 하늘상회", "하늘상회"),
        ("하늘상회주식회사", "하늘상회"),
        ("님", "님"),
        ("햇님", "햇님"),
        ("㈜", "㈜"),
        ("", ""),
    ],
)
def test_bare_name(name: str, bare: str) -> None:
    assert bare_name(name) == bare


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("홍길동", "ㅎㄱㄷ"),
        ("까치", "ㄱㅊ"),
        ("쌍둥이 엄마", "ㅅㄷㅇㅇㅁ"),
        ("John Kim", "johnkim"),
        ("김Anna👩", "ㄱanna"),
        ("👩", ""),
        ("\ud800", ""),
    ],
)
def test_chosung(name: str, initials: str) -> None:
    assert chosung(name) == initials


@pytest.mark.parametrize(
    ("typed", "name", "found"),
    [
        ("ㅎㄱㄷ", "홍길동", True),
        ("홍ㄱㄷ", "홍길동", True),
        ("ㅎ길ㄷ", "홍길동", True),
        ("길ㄷ", "홍길동", True),
        ("ㅎㄷ", "홍길동", False),
        ("김", "김서연", True),
        ("이", "임서연", False),
        ("ㄳㅇ", "김서연", True),  # the input method joined ㄱ and ㅅ
        ("ㄱ", "까치", True),
        ("ㄲ", "까치", True),
        ("ㄲ", "가치", False),
        ("홍길동 고객님", "홍길동", True),
        ("㈜하늘", "하늘상회(주)", True),
        ("john s", "John Smith", True),
        ("홍 길동", "홍길동", True),
        ("", "홍길동", False),
        ("?!", "홍길동", False),
    ],
)
def test_search(typed: str, name: str, *, found: bool) -> None:
    assert name_query(typed).matches(name) is found
    assert name_query(unicodedata.normalize("NFD", typed)).matches(unicodedata.normalize("NFD", name)) is found


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ghdrlfehd", "홍길동"),
        ("rlatjdus", "김서연"),
        ("dldmsrud", "이은경"),
        ("rhksflwk", "관리자"),
        ("ekfr", "닭"),
        ("rkqtdl", "값이"),
        ("RkRk", "까까"),
        ("GHDRLFEHD", "홍길동"),
        ("gre", "ㅎㄱㄷ"),
        ("ghdre", "홍ㄱㄷ"),
        ("hello", ""),
        ("홍길동", ""),
        ("0101234", ""),
        ("", ""),
    ],
)
def test_wrong_keyboard(typed: str, meant: str) -> None:
    assert from_wrong_keyboard(typed) == meant


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("홍길동", "홍*동"),
        ("홍길동 님", "홍*동"),
        ("홍길", "홍*"),
        ("남궁민수", "남궁*수"),
        ("제갈공명선생", "제갈***생"),
        ("홍", "*"),
        ("홍길동(단골)", "홍*동"),
        ("홍길동 010-0000-5678", "홍*동 *** **** ****"),
        ("㈜하늘상회", "하늘*회"),
        ("John Smith", "J*** S****"),
        ("王小明", "王*明"),
        ("<b>x</b>", "* * *"),
        ("👩‍👩‍👧", "*"),
        ("", ""),
    ],
)
def test_mask_name(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("honggildong@shop.example", "ho***@shop.example"),
        ("ab@shop.example", "a***@shop.example"),
        ("a@shop.example", "***@shop.example"),
        ("no address", "***"),
        ("", ""),
    ],
)
def test_mask_email(address: str, masked: str) -> None:
    assert mask_email(address) == masked


@given(st.text(max_size=300))
def test_any_text_is_safe(name: str) -> None:
    assert tidy_name(tidy_name(name)) == tidy_name(name)
    assert len(tidy_name(name)) <= 200
    assert len(chosung(name)) <= 200
    assert len(nfd_key(name)) <= 800
    assert name_query(name).matches(name) is (name_query(name).key != "") or name_query(name).key not in search_key(
        name
    )
    mask_name(name)
    mask_email(name)
    from_wrong_keyboard(name)


@given(KOREAN, st.data())
def test_a_name_is_found_by_each_part_of_it(name: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(name) - 1))
    end = data.draw(st.integers(start + 1, len(name)))
    key = search_key(name)
    part = key[start:end]
    if not part:
        return
    mixed = "".join(chosung(one) if data.draw(st.booleans()) else one for one in part)
    asked = name_query(mixed)
    if search_key(mixed) == mixed:  # a part that ends like an honorific is read as one
        assert asked.matches(name)
        assert asked.chosung in chosung(name)


@given(KOREAN)
def test_decomposed_names_are_the_same(name: str) -> None:
    decomposed = unicodedata.normalize("NFD", name)
    assert chosung(decomposed) == chosung(name)
    assert nfd_key(decomposed) == nfd_key(name)
    assert tidy_name(decomposed) == tidy_name(name)


@given(KOREAN)
def test_a_masked_name_hides_something(name: str) -> None:
    assert "*" in mask_name(name)
    assert mask_name(name) != name
