"""Envelopes as they may arrive, good and bad: each becomes one checked event, or one problem that names the field."""

from __future__ import annotations

import copy
import json
import unicodedata
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels_app.envelope import EVENT_BYTES, parse
from channels_app.event_examples import example_event
from channels_app.event_types import EVENT_TYPES
from channels_app.plain_json import as_text, decode
from channels_app.problems import Refused, render
from tests.channels_app.events import NOW, event, parsed, problem

# The envelope itself


@pytest.mark.parametrize("bad", [None, 1, "x", [], [{}], True, float("nan")])
def test_what_is_no_object(bad: object) -> None:
    assert problem(bad).kind == "not-an-event"


@pytest.mark.parametrize("name", ["specversion", "id", "source", "type", "time", "data"])
def test_each_attribute_is_required(name: str) -> None:
    envelope = event()
    del envelope[name]
    found = problem(envelope)
    assert (found.kind, found.field) == ("missing-field", name)
    assert problem({**event(), name: None}).kind == "missing-field"


@pytest.mark.parametrize(
    ("attribute", "value", "kind"),
    [
        ("specversion", "0.3", "invalid-field"),
        ("specversion", 1.0, "invalid-field"),
        ("type", "pos.sold", "unknown-type"),
        ("type", " chat.message", "unknown-type"),
        ("type", ["chat.message"], "unknown-type"),
        ("id", "", "invalid-field"),
        ("id", 42, "invalid-field"),
        ("id", " 42", "invalid-field"),
        ("id", "4\u200b2", "invalid-field"),
        ("id", "4\n2", "invalid-field"),
        ("id", "4\x002", "invalid-characters"),
        ("id", "4\ud8002", "invalid-characters"),
        ("id", "x" * 200, "invalid-field"),
        ("source", "seoul/pos", "invalid-field"),
        ("source", "/", "invalid-field"),
        ("source", "/seoul//pos", "invalid-field"),
        ("source", "/seoul/pos/", "invalid-field"),
        ("source", "/seoul/../pos", "invalid-field"),
        ("source", "/seoul pos", "invalid-field"),
        ("source", "/seoul?pos", "invalid-field"),
        ("source", "/seoul#1", "invalid-field"),
        ("source", "/seoul\x00", "invalid-characters"),
        ("source", "/" + "x" * 100, "invalid-field"),
        ("source", 7, "invalid-field"),
        ("time", "2026-11-22T14:03:11", "time-without-offset"),
        ("time", "2026-11-22", "invalid-field"),
        ("time", "20261122T140311+0900", "invalid-field"),
        ("time", "2026-02-30T14:03:11+09:00", "invalid-field"),
        ("time", "2026-11-22T25:03:11+09:00", "invalid-field"),
        ("time", "２０２６-11-22T14:03:11+09:00", "invalid-field"),
        ("time", "0001-01-01T00:00:00+09:00", "invalid-field"),
        ("time", 1763788991, "invalid-field"),
        ("time", "1969-12-31T23:59:59Z", "time-too-old"),
        ("time", "9999-12-31T23:59:59Z", "time-in-the-future"),
        ("datacontenttype", "text/xml", "invalid-field"),
        ("datacontenttype", 1, "invalid-field"),
        ("data", [], "invalid-field"),
        ("data", "{}", "invalid-field"),
    ],
)
def test_a_bad_attribute_is_named(attribute: str, value: object, kind: str) -> None:
    found = problem({**event(), attribute: value})
    assert (found.kind, found.field) == (kind, attribute)


def test_binary_data_is_pointed_out() -> None:
    envelope = event()
    del envelope["data"]
    assert problem({**envelope, "data_base64": "e30="}).field == "data_base64"


@pytest.mark.parametrize(
    "time",
    [
        "2026-11-22T14:03:11+09:00",
        "2026-11-22T05:03:11Z",
        "2026-11-22t05:03:11z",
        "2026-11-22 05:03:11.000000000-00:00",
    ],
)
def test_one_instant_in_many_ways(time: str) -> None:
    incoming = parsed({**event(), "time": time})
    assert incoming.time == datetime(2026, 11, 22, 5, 3, 11, tzinfo=UTC)
    assert incoming.content_hash == parsed(event()).content_hash


def test_a_clock_may_be_five_minutes_ahead() -> None:
    limit = NOW + timedelta(minutes=5)
    assert parsed({**event(), "time": limit.isoformat()}).time == limit
    assert problem({**event(), "time": (limit + timedelta(seconds=1)).isoformat()}).kind == "time-in-the-future"


def test_only_a_source_of_the_sender() -> None:
    with pytest.raises(Refused) as refusal:
        parse(event(), now=NOW, may_write=lambda source: source == "/busan/chat")
    assert refusal.value.problem.status == 403


def test_extension_attributes_are_let_through_and_do_not_make_a_repeat_differ() -> None:
    extended = {**event(), "traceparent": "00-x", "subject": "s", "datacontenttype": "application/json; charset=utf-8"}
    assert parsed(extended).content_hash == parsed(event()).content_hash


# The content


def test_a_problem_says_what_was_expected_and_received() -> None:
    bad = event("pos.sale", items=[{"name": "x", "quantity": "둘", "unit_price": 1, "amount": 1}])
    assert render(problem(bad), "en") == {
        "type": "/problems/invalid-field",
        "title": "A field is not valid",
        "status": 422,
        "detail": "data.items[0].quantity does not hold what is expected there.",
        "field": "data.items[0].quantity",
        "expected": "a number from -10000000 to 10000000",
        "received": '"둘"',
    }


@pytest.mark.parametrize("bad", ["a\x00b", "a\ud83db", "\udc00"])
@pytest.mark.parametrize("place", ["text", "unknown"])
def test_what_no_database_takes_is_refused(bad: str, place: str) -> None:
    found = problem(event("chat.message", (), **{place: bad}))
    assert (found.kind, found.field) == ("invalid-characters", f"data.{place}")
    assert problem(event("chat.message", (), **{place: {bad: 1}})).kind == "invalid-characters"


def test_numbers_in_unknown_fields_are_bounded_too() -> None:
    assert problem(event(extra=[1, float("nan")])).field == "data.extra[1]"
    assert problem(event(extra={"x": 10**400})).field == "data.extra.x"
    assert parsed(event(extra=2**63 - 1)).data["extra"] == 2**63 - 1


def test_depth_and_size_are_bounded() -> None:
    deep: Any = 1
    for _ in range(5000):
        deep = [deep]
    assert problem(event(extra=deep)).kind == "too-deep"
    assert problem(event(extra=["x" * 1000] * (EVENT_BYTES // 1000))).kind == "event-too-large"


def test_control_characters_become_spaces_and_line_ends_line_feeds() -> None:
    incoming = parsed(event(text="a\x07b\r\nc\rd\te\x7f\x85f", extra={"k\x01": "\x1b"}))
    assert incoming.text == "a b\nc\nd\te  f"
    assert incoming.data["extra"] == {"k ": " "}


def test_markup_is_text() -> None:
    assert parsed(event(text="<script>alert(1)</script>")).text == "<script>alert(1)</script>"


def test_unknown_fields_and_nulls_are_kept() -> None:
    incoming = parsed(event("pos.sale", register=None, loyalty={"tier": "gold"}))
    assert incoming.data["register"] is None
    assert incoming.data["loyalty"] == {"tier": "gold"}


def test_decomposed_is_the_same_as_composed() -> None:
    composed = event(thread="대화-1", text="소매가 뜯어졌어요", 메모="봄")
    composed["id"], composed["source"] = "영수증-1", "/서울/채팅"
    decomposed = json.loads(unicodedata.normalize("NFD", json.dumps(composed, ensure_ascii=False)))
    assert decomposed != composed
    assert parsed(decomposed) == parsed(composed)


def test_the_order_of_keys_does_not_make_a_repeat_differ() -> None:
    turned = dict(reversed(event().items()))
    turned["data"] = dict(reversed(turned["data"].items()))
    assert parsed(turned).content_hash == parsed(event()).content_hash
    assert parsed(event(text="other")).content_hash != parsed(event()).content_hash


# Anything at all

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(alphabet=st.characters(categories=None)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_any_json_is_taken_or_refused(envelope: object) -> None:
    with pytest.raises(Refused):
        parsed(envelope)


def _paths(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    found = [path] if path else []
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, entry in entries:
        found += _paths(entry, (*path, key))
    return found


@settings(max_examples=600, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.data())
def test_an_event_with_anything_anywhere_is_taken_or_refused(data: st.DataObject) -> None:
    envelope = copy.deepcopy(example_event(data.draw(st.sampled_from(sorted(EVENT_TYPES)))))
    for _ in range(data.draw(st.integers(1, 2))):
        path = data.draw(st.sampled_from(_paths(envelope)))
        holder: Any = envelope
        for key in path[:-1]:
            holder = holder[key]
        holder[path[-1]] = data.draw(JSON | st.sampled_from(["customer", "bot", "nps", "010-****-5678", "a@b.example"]))
    text = as_text(envelope)
    try:
        incoming = parsed(envelope)
    except Refused:
        assert problem(envelope).kind == problem(decode(text.encode())).kind
        return
    assert parsed(decode(text.encode())) == incoming
    json.dumps(incoming.data, ensure_ascii=False, allow_nan=False).encode()
    assert unicodedata.is_normalized("NFC", incoming.text)


# The body


@pytest.mark.parametrize(
    "body", [b"", b"{", b"{'a': 1}", b"\xb0\xa1", b"[" * 100_000, b"1" * 5000, b'"a\x01"', b"\xff\xfe{}"]
)
def test_no_json(body: bytes) -> None:
    with pytest.raises(Refused) as refusal:
        decode(body)
    assert refusal.value.problem.kind == "invalid-json"
    assert render(refusal.value.problem, "ko")["status"] == 400


def test_a_body_may_begin_with_a_mark() -> None:
    assert decode(b"\xef\xbb\xbf[]") == []


def test_one_bad_value_spoils_only_its_own_event() -> None:
    good, bad, worse = event(), event("pos.sale", total=float("nan")), event(text="\ud800")
    batch = decode(json.dumps([good, bad, worse]).encode())
    assert parsed(batch[0]) == parsed(good)
    assert (problem(batch[1]).field, problem(batch[2]).field) == ("data.total", "data.text")
    assert decode(as_text(batch[2]).encode()) == worse
