"""A refused body as text: nothing in it is hidden or changed, and the line at fault is found."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels_app.plain_json import as_text, decode
from channels_app.refused.json_text import Line, around, around_mistake, readable

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_what_is_shown_reads_back_as_what_came(value: object) -> None:
    shown = readable(as_text(value))
    assert json.loads(shown) == value
    assert decode(shown.encode()) == value


def test_hangul_is_readable_and_the_invisible_is_seen() -> None:
    shown = readable(as_text({"name": "홍길동", "id": "a\x00b\ud800\u200bc\u202e"}))
    assert "홍길동" in shown
    assert r"a\u0000b\ud800\u200bc\u202e" in shown


BODY = as_text({"type": "pos.sale", "data": {"customer": {"phone": "12"}, "items": [{"name": "코트"}, {"name": 5}]}})


@pytest.mark.parametrize(
    ("field", "shown"),
    [
        ("data.customer.phone", '"phone": "12"'),
        ("data.items[1].name", '"name": 5'),
        ("data.items[1].quantity", "{"),  # missing: where it should stand
        ("data.total", '"data": {'),
        ("type", '"type": "pos.sale",'),
    ],
)
def test_the_line_at_fault_is_found(field: str, shown: str) -> None:
    (line,) = [line for line in around(BODY, field) if line.is_at_fault]
    assert line.text.strip() == shown
    assert readable(BODY).splitlines()[line.number - 1] == line.text


@pytest.mark.parametrize("body", ["", "{]", "5", '"x"', "[]", "[" * 900 + "]" * 900])
def test_anything_else_is_shown_as_it_is_or_as_json(body: str) -> None:
    assert readable(body).replace(" ", "").replace("\n", "") == body
    assert around(body, "time") == []
    assert around(body, "") == []


def test_a_slip_of_the_pen_is_found() -> None:
    typed = '{\n  "id": "a",\n  "time": \n}'
    assert [(line.number, line.is_at_fault) for line in around_mistake(typed)] == [(2, False), (3, False), (4, True)]
    assert around_mistake('{"id": "a"}') == []
    assert around_mistake("") == [Line(1, "", "", is_at_fault=True)]
    assert around_mistake("[" * 100_000) == []
