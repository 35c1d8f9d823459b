"""What each type of event asks of its data, and what it tells."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from channels_app.event_examples import example_event
from channels_app.event_types import EVENT_TYPES
from tests.channels_app.events import event, parsed, problem


@pytest.mark.parametrize("name", EVENT_TYPES)
def test_every_type_has_an_example_that_is_accepted(name: str) -> None:
    incoming = parsed(example_event(name))
    assert incoming.type == name
    assert incoming.time == datetime(2026, 11, 22, 5, 3, 11, tzinfo=UTC)
    assert incoming.data == example_event(name)["data"]


@pytest.mark.parametrize(
    ("envelope", "field"),
    [
        (event(without=("thread",)), "data.thread"),
        (event(thread=""), "data.thread"),
        (event(thread=" c1"), "data.thread"),
        (event(thread="c" * 301), "data.thread"),
        (event(from_="visitor"), "data.from"),
        (event(text=None), "data.text"),
        (event(text="x" * 100_001), "data.text"),
        (event(agent="kim"), "data.agent"),
        (event(customer=[]), "data.customer"),
        (event(customer={"phone": 1012345678}), "data.customer.phone"),
        (event(customer={"phone": "abc"}), "data.customer.phone"),
        (event(customer={"phone": "5678"}), "data.customer.phone"),
        (event(customer={"email": "hong"}), "data.customer.email"),
        (event(customer={"email": "a" * 288 + "@shop.example"}), "data.customer.email"),
        (event(customer={"external": {"kakao:@shop": 5}}), "data.customer.external"),
        (event(customer={"external": {"": "x"}}), "data.customer.external"),
        (event(customer={"external": {" ": "x"}}), "data.customer.external"),
        (event(customer={"verified": "no"}), "data.customer.verified"),
        (event(attachments=[{"name": "x", "url": "javascript:alert(1)"}]), "data.attachments[0].url"),
        (event("message.message", without=("service",)), "data.service"),
        (event("pos.sale", total=float("nan")), "data.total"),
        (event("pos.sale", total=float("inf")), "data.total"),
        (event("pos.sale", total="189000"), "data.total"),
        (event("pos.sale", total=True), "data.total"),
        (event("pos.sale", total=-1), "data.total"),
        (event("pos.sale", total=10**13), "data.total"),
        (event("pos.sale", total=12.345), "data.total"),
        (event("pos.sale", currency="WON!"), "data.currency"),
        (event("pos.sale", store="  "), "data.store"),
        (event("pos.sale", items=[{"name": "x", "quantity": 1, "unit_price": 1}]), "data.items[0].amount"),
        (
            event("pos.sale", items=[{"name": "x", "quantity": 1, "unit_price": 1, "amount": 1.234}]),
            "data.items[0].amount",
        ),
        (event("pos.refund", total=-189000), "data.total"),
        (event("store.inquiry", without=("staff",)), "data.staff"),
        (event("store.inquiry", text=""), "data.text"),
        (event("call.queued", direction="up"), "data.direction"),
        (event("call.ended", talk_seconds=-1), "data.talk_seconds"),
        (event("call.recording", url="file:///etc/passwd"), "data.url"),
        (event("call.transcript", segments=[{"speaker": "cat", "text": "x"}]), "data.segments[0].speaker"),
        (event("ticket.assigned", without=("agent",)), "data.agent"),
        (event("ticket.assigned", by="bot"), "data.by"),
        (event("ticket.resolved", by="cat"), "data.by"),
        (event("survey.answered", survey="sat"), "data.survey"),
        (event("survey.answered", score=0), "data.score"),
        (event("survey.answered", score=6), "data.score"),
        (event("survey.answered", score=4.5), "data.score"),
        (event("survey.answered", survey="ces", score=8), "data.score"),
        (event("survey.answered", survey="nps", score=11), "data.score"),
        (event("customer.merged", into={}), "data.into"),
        (event("customer.merged", from_={"phone": "010-****-5678"}), "data.from"),
        (event("customer.merged", without=("agent",)), "data.agent"),
        (event("identity.confirmed", without=("agent",)), "data.agent"),
        (event("identity.confirmed", without=("customer",)), "data.customer"),
        (event("note.added", without=("agent",)), "data.agent"),
        (event("note.added", rule={"id": "r-1"}), "data.rule.name"),
        (event("note.added", promise={"text": "x", "due": "tomorrow"}), "data.promise.due"),
        (event("note.added", promise={"text": "x", "due": "2026-11-31"}), "data.promise.due"),
    ],
)
def test_a_bad_field_is_named(envelope: dict[str, Any], field: str) -> None:
    found = problem(envelope)
    assert found.field == field
    assert found.expected


def test_a_sale_in_hundredths() -> None:
    assert parsed(event("pos.sale")).amount_hundredths == 18_900_000
    assert parsed(event("pos.refund")).amount_hundredths == -18_900_000
    assert parsed(event("pos.sale", total=15.299999999999999, currency="eur")).amount_hundredths == 1530
    assert parsed(event("pos.sale")).currency == "KRW"
    assert parsed(event("pos.sale", currency="eur")).currency == "EUR"
    assert (parsed(event("pos.sale")).store, parsed(event("pos.sale")).thread) == ("gangnam", "")


BESIDE = ("ticket.priority", "ticket.tagged", "ticket.snoozed", "ticket.woken", "ticket.linked", "ticket.unlinked")


def test_ranks_within_one_instant() -> None:
    order = [
        event(from_="customer"),
        event(from_="bot"),
        event("chat.handoff"),
        event("ticket.assigned"),
        event(from_="agent", agent="kim@shop.example"),
        event("call.answered"),
        event("call.abandoned"),
        event("note.added"),
        event("ticket.resolved"),
        event("ticket.reopened"),
        event("survey.sent"),
        event("survey.answered"),
        event("pos.sale"),
    ]
    assert [parsed(one).rank for one in order] == list(range(13))
    for name in ("store.inquiry", "call.queued"):
        assert parsed(event(name)).rank == 0
    for name in (
        "call.ended",
        "call.recording",
        "call.transcript",
        "note.edited",
        "ticket.topic",
        "ticket.moved",
        *BESIDE,
    ):
        assert parsed(event(name)).rank == 7
    assert parsed(event("ticket.unassigned")).rank == parsed(event("ticket.assigned")).rank


def test_acts_on_a_ticket() -> None:
    assert parsed(event("ticket.priority")).qualifier == "urgent"
    assert parsed(event("ticket.snoozed")).qualifier == "2026-11-23T00:00:00+00:00"
    tagged = event("ticket.tagged", add=["  VIP  손님 ", "vip 손님"], remove=["재입고"])
    assert parsed(tagged).text == "+vip 손님\n+vip 손님\n-재입고"
    assert parsed(event("ticket.linked")).text == "mail-4"


@pytest.mark.parametrize(
    ("name", "field", "told"),
    [
        ("ticket.priority", "data.priority", {"priority": "top"}),
        ("ticket.snoozed", "data.until", {"until": "tomorrow"}),
        ("ticket.snoozed", "data.until", {"until": "2026-11-23T09:00:00"}),
        ("ticket.tagged", "data.add", {"add": [], "remove": None}),
        ("ticket.tagged", "data.add[0]", {"add": [""]}),
        ("ticket.tagged", "data.add", {"add": ["  "]}),
        ("ticket.linked", "data.to", {"to": ""}),
    ],
)
def test_acts_that_cannot_be_read_are_refused(name: str, field: str, told: dict[str, Any]) -> None:
    assert problem(event(name, **told)).field == field


def test_who_speaks() -> None:
    mine = parsed(event(from_="agent", agent=" Kim@Shop.Example "))
    assert (mine.author, mine.agent_email) == ("agent", "kim@shop.example")
    hers = parsed(event(from_="customer", agent="kim@shop.example"))
    assert (hers.author, hers.agent_email) == ("customer", "")
    note = parsed(event("note.added"))
    assert (note.author, note.agent_email) == ("", "kim@shop.example")
    inquiry = parsed(event("store.inquiry"))
    assert (inquiry.author, inquiry.text) == ("customer", "코트 소매가 뜯어졌어요. 교환되나요?")


def test_an_inquiry_has_a_thread_of_its_own() -> None:
    assert parsed(event("store.inquiry")).thread == "/seoul/store/gangnam#example-store.inquiry"
    assert parsed(event("store.inquiry", thread="t1")).thread == "t1"
    longest = {**event("store.inquiry"), "source": "/" + "s" * 99, "id": "i" * 199}
    assert len(parsed(longest).thread) == 300


def test_who_resolved() -> None:
    assert parsed(event("ticket.resolved", without=("by",))).decided_by == "agent"
    assert parsed(event("ticket.resolved", without=("by", "agent"))).decided_by == "rule"
    assert parsed(event("ticket.resolved", by="bot")).decided_by == "bot"
    assert parsed(event("ticket.resolved")).topic == "exchange"


def test_an_empty_optional_field_is_none() -> None:
    incoming = parsed(event("survey.sent", thread="", agent=""))
    assert (incoming.thread, incoming.agent_email) == ("", "")
    assert parsed(event("ticket.resolved", agent="", by=None, topic="")).decided_by == "rule"


def test_other_columns() -> None:
    assert parsed(event("call.queued", without=("direction",))).direction == "inbound"
    assert parsed(event("ticket.moved")).center == "busan"
    assert parsed(event("survey.answered")).survey == "csat"
    assert parsed(event("survey.answered", without=("thread",))).thread == ""
    assert parsed(event("call.transcript")).text == ""
    assert parsed(event("store.visit")).text == "재고 문의"


def test_what_a_rule_did_says_so() -> None:
    named = {"id": "r-1", "name": "첫인사"}
    note = parsed(event("note.added", without=("agent",), rule=named))
    assert note.agent_email == ""
    assert note.text
    notice = parsed(event("chat.message", from_="bot", rule=named))
    assert (notice.author, notice.qualifier) == ("bot", "rule")
    # Whoever names a rule beside a person's words is the person still.
    assert parsed(event("chat.message", rule=named)).qualifier == ""
    assert parsed(event("ticket.resolved", rule=named)).qualifier == "rule"
