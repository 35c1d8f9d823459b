"""Events handed in over HTTP: what each answer says, and that a bad one harms nobody beside it."""

from __future__ import annotations

import copy
import json
import unicodedata
from typing import Any

import pytest

from channels_app.event_examples import example_event
from channels_app.event_types import EVENT_TYPES
from channels_app.models import RefusedEvent, RepeatedEvent
from customers.models import Customer, Event
from tests.channels_app.api.conftest import Caller, MakeCaller
from tests.channels_app.envelopes import said, sale


def test_one_event_is_taken_and_its_repeat_answered_alike(caller: Caller) -> None:
    first = caller.post(said("m1", "chat-1", "소매가 뜯어졌어요"), "application/cloudevents+json")
    assert first.status_code == 201
    told = first.json()
    assert told["status"] == "created"
    assert told["id"] == "m1"
    assert told["thread"] == "chat-1"
    assert all(told[name] for name in ("event", "customer", "ticket"))
    again = caller.post(said("m1", "chat-1", "소매가 뜯어졌어요"))
    assert again.status_code == 200
    assert again.json() == {**told, "status": "duplicate"}
    assert Event.objects.count() == 1


def test_a_differing_repeat_is_warned_of_kept_and_changes_nothing(make_caller: MakeCaller) -> None:
    caller = make_caller("en")
    caller.post(sale("s1", total=1000))
    answer = caller.post(sale("s1", total=2000))
    assert answer.status_code == 200
    assert "differs" in answer.json()["warning"]
    assert RepeatedEvent.objects.get().data["total"] == 2000
    assert Event.objects.get().data["total"] == 1000


def test_a_batch_is_answered_in_its_order(caller: Caller) -> None:
    answer = caller.post(
        [sale("a"), {**sale("b"), "type": "pos.sell"}, sale("c")], "application/cloudevents-batch+json"
    )
    assert answer.status_code == 207
    assert [(one["id"], one["status"]) for one in answer.json()] == [
        ("a", "created"),
        ("b", "refused"),
        ("c", "created"),
    ]
    assert answer.json()[1]["problem"]["field"] == "type"
    assert RefusedEvent.objects.get().event_id == "b"


def test_one_event_many_times_in_one_batch_counts_once(caller: Caller) -> None:
    answer = caller.post([sale("a"), sale("a"), sale("a")])
    assert [one["status"] for one in answer.json()] == ["created", "duplicate", "duplicate"]
    assert len({one["event"] for one in answer.json()}) == 1


def test_every_event_of_a_batch_may_be_refused_alone(caller: Caller) -> None:
    answer = caller.post([{**sale(str(number)), "time": "yesterday"} for number in range(500)])
    assert {one["status"] for one in answer.json()} == {"refused"}
    assert RefusedEvent.objects.count() == 500
    assert not Event.objects.exists()


@pytest.mark.parametrize("name", EVENT_TYPES)
def test_the_example_of_each_type_is_taken(caller: Caller, name: str) -> None:
    answer = caller.post(example_event(name))
    assert answer.status_code == 201, answer.content


def test_decomposed_hangul_is_the_same_event_and_the_same_name(caller: Caller) -> None:
    composed = {**sale("영수증-1"), "source": "/seoul/포스"}
    decomposed = json.loads(unicodedata.normalize("NFD", json.dumps(composed, ensure_ascii=False)))
    assert decomposed != composed
    assert caller.post(decomposed).status_code == 201
    repeat = caller.post(composed)
    assert repeat.json()["status"] == "duplicate"
    assert "warning" not in repeat.json()
    assert Customer.objects.get().name == "김서연"


@pytest.mark.parametrize(
    ("phone", "words"),
    [
        ("010-****-5678", "masked"),
        ("발신번호표시제한", "withheld"),
        ("0507-1234-5678", "safe"),
        ("1588-1234", "company"),
        ("010-0000-5678", ""),
    ],
)
def test_a_number_that_identifies_nobody_is_told(make_caller: MakeCaller, phone: str, words: str) -> None:
    answer = make_caller("en").post(sale("s1", phone=phone))
    assert answer.status_code == 201
    assert (answer.json()["customer"] is None) == bool(words)
    assert words in answer.json().get("warning", "")
    assert ("warning" in answer.json()) == bool(words)


def bad(**changes: Any) -> dict[str, Any]:
    changed = copy.deepcopy(sale("bad"))
    for path, value in changes.items():
        if path == "data":
            changed["data"].update(value)
        elif value is None:
            del changed[path]
        else:
            changed[path] = value
    return changed


@pytest.mark.parametrize(
    ("event", "status", "kind", "field"),
    [
        (bad(type="pos.sell"), 422, "unknown-type", "type"),
        (bad(time=None), 422, "missing-field", "time"),
        (bad(time="2026-11-22T14:03:11"), 422, "time-without-offset", "time"),
        (bad(time="2999-01-01T00:00:00Z"), 422, "time-in-the-future", "time"),
        (bad(id="a\x00b"), 422, "invalid-characters", "id"),
        (bad(data={"receipt_no": "\ud800"}), 422, "invalid-characters", "data.receipt_no"),
        (bad(data={"total": float("nan")}), 422, "invalid-number", "data.total"),
        (bad(source="/jeju/pos"), 403, "source-not-allowed", "source"),
        (bad(source="/seoul2"), 403, "source-not-allowed", "source"),
        (bad(source="/hub"), 403, "source-not-allowed", "source"),
        (bad(data={"customer": {"email": "a" * 288 + "@shop.example"}}), 422, "invalid-field", "data.customer.email"),
        (5, 422, "not-an-event", None),
        (None, 422, "not-an-event", None),
    ],
)
def test_what_is_refused_is_told_and_kept(caller: Caller, event: Any, status: int, kind: str, field: str) -> None:
    answer = caller.post(event)
    told = answer.json()
    assert answer.status_code == told["status"] == status
    assert answer["Content-Type"] == "application/problem+json"
    assert told["type"] == f"/problems/{kind}"
    assert told.get("field") == field
    kept = RefusedEvent.objects.get()
    assert kept.problem["kind"] == kind
    assert told.get("id") == (kept.event_id or None)
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("body", "kind", "status", "problem"),
    [
        (b"{]", "application/json", 400, "invalid-json"),
        (b" ", "application/json", 400, "invalid-json"),
        ('{"id": "é"}'.encode("latin-1"), "application/json", 400, "invalid-json"),
        (b"[" * 100_000 + b"]" * 100_000, "application/json", 400, "invalid-json"),
        (b"[]", "application/json", 422, "empty-batch"),
        (b"[" + b"1," * 500 + b"1]", "application/json", 413, "batch-too-long"),
        (b'"' + b"x" * 10 * 1024 * 1024 + b'"', "application/json", 413, "body-too-large"),
        (b"{}", "text/plain", 415, "unsupported-media-type"),
        (b"{}", "application/cloudevents-batch+json", 422, "not-an-event"),
        (b"[1]", "application/cloudevents+json", 422, "not-an-event"),
    ],
)
def test_a_request_that_holds_no_events_is_refused_whole(
    caller: Caller, body: bytes, kind: str, status: int, problem: str
) -> None:
    answer = caller.post(body, kind)
    assert answer.status_code == status
    assert answer.json()["type"] == f"/problems/{problem}"
    assert not RefusedEvent.objects.exists()


def test_a_compressed_body_is_refused_by_name(caller: Caller) -> None:
    answer = caller.post(b"\x1f\x8b", content_encoding="gzip")
    assert answer.status_code == 415
    assert answer.json()["type"] == "/problems/unsupported-encoding"


def test_problems_speak_korean_and_english(make_caller: MakeCaller) -> None:
    event = {**sale("x"), "type": "pos.sell"}
    for language, expected in [("", "ko"), ("ko-KR,ko;q=0.9", "ko"), ("en-GB,en;q=0.9", "en"), ("fr", "ko")]:
        answer = make_caller(language).post(event)
        assert answer["Content-Language"] == expected
        assert "Accept-Language" in answer["Vary"]
    assert make_caller("en").post(event).json()["title"] == "Unknown event type"


def test_whatever_accept_asks_for_the_answer_is_json(caller: Caller) -> None:
    answer = caller.post(sale("s"), accept="application/xml")
    assert answer.status_code == 201
    assert caller.get(format="xml").status_code == 200


def test_other_methods_and_addresses_are_problems_too(caller: Caller) -> None:
    put = caller.client.put("/api/v1/events/", headers=caller.headers)
    assert put.status_code == 405
    assert put["Allow"]
    assert put.json()["type"] == "/problems/method-not-allowed"
    nowhere = caller.get("/api/v2/nothing/")
    assert nowhere.status_code == 404
    assert nowhere["Content-Type"] == "application/problem+json"


def test_an_address_without_its_last_slash_keeps_method_and_body(caller: Caller) -> None:
    answer = caller.client.post(
        "/api/v1/events?x=1", data=json.dumps(sale("s")), content_type="application/json", headers=caller.headers
    )
    assert answer.status_code == 308
    assert answer["Location"] == "/api/v1/events/?x=1"
