"""How a call stands and since when, what is written after it, and a customer's other calls."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from customers.models import Event
from tests.cast import Cast, make_organization
from tests.tickets.conversations import FRAGMENT, happens, logged_in, ring
from tests.tickets.test_callbacks import missed
from tests.tickets.test_fold import MINUTE, START, did, folded
from tests.tickets.test_ticket_page import statements_for
from tickets.actions import availability, set_topics
from tickets.models import Availability, Ticket
from tickets.models.availability import State
from tickets.queries.callbacks import missed_calls

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_organization()


def steps(*kinds: str) -> Any:
    """A call, a minute between the events; `queue` is a call that waits in one."""
    events = []
    for number, kind in enumerate(kinds):
        qualifier = "queued" if kind == "queue" else "inbound"
        name = "call.queued" if kind in ("queue", "queued") else f"call.{kind}"
        events.append(did(name, after=number * MINUTE, qualifier=qualifier, pk=number + 1, agent="kim@a.example"))
    (ticket,) = folded(*events)
    return ticket.call_state, ticket.call_since and (ticket.call_since - START) // MINUTE, ticket.call_seconds


@pytest.mark.parametrize(
    ("kinds", "state", "since", "seconds"),
    [
        (["queued"], "ringing", 0, None),
        (["queue"], "queued", 0, None),
        (["queue", "ringing"], "ringing", 0, None),
        (["queue", "ringing", "queue"], "queued", 0, None),
        (["queue", "ringing", "answered"], "talking", 2, None),
        (["queued", "answered", "held"], "held", 2, None),
        (["queued", "answered", "held", "resumed"], "talking", 1, None),
        (["queued", "answered", "held", "answered"], "talking", 1, None),
        (["queued", "answered", "held", "ended"], "ended", 1, 120),
        (["queued", "answered", "ended"], "ended", 1, 60),
        (["queued", "answered", "ended", "wrapped_up"], "wrapped", 1, 60),
        (["queued", "answered", "ended", "queued"], "ringing", 3, None),
        (["queued", "held", "resumed"], "ringing", 0, None),
        (["queued", "abandoned", "held", "ended", "wrapped_up"], "abandoned", 0, None),
        (["queued", "abandoned", "ringing"], "abandoned", 0, None),
        (["answered"], "talking", 0, None),
    ],
)
def test_how_a_call_stands(kinds: list[str], state: str, since: int, seconds: int | None):
    assert steps(*kinds) == (state, since, seconds)


def test_a_call_reads_the_same_in_both_directions(cast: Cast):
    happens(cast.organization, "call.queued", "out", source="/seoul/call", direction="outbound", ago=3)
    ticket = happens(cast.organization, "call.answered", "out", source="/seoul/call", agent=cast.agent.email, ago=2)
    assert ticket is not None
    assert "통화 연결 · 박상담" in logged_in(cast.agent).get(f"/inbox/{ticket.public_id}/").content.decode()


@pytest.mark.parametrize(("told", "words"), [("no_answer", "받지 않음"), ("rang-twice", "rang-twice")])
def test_why_a_call_was_missed_is_told_in_her_language(cast: Cast, told: str, words: str):
    ticket = missed(cast, "a", reason=told)
    html = logged_in(cast.agent).get(f"/inbox/{ticket.public_id}/").content.decode()
    assert words in html
    assert "no_answer" not in html


def test_who_is_on_hold_is_on_the_phone_still(cast: Cast):
    availability.arrive(cast.agent, at=timezone.now())
    ring(cast.organization, "c", ago=3)
    happens(cast.organization, "call.answered", "c", agent=cast.agent.email, ago=2, source="/seoul/call")
    happens(cast.organization, "call.held", "c", ago=1, source="/seoul/call")
    availability.follow_calls(cast.agent, at=timezone.now())
    assert Availability.objects.get(person=cast.agent).state == State.BUSY


def talked(cast: Cast, thread: str = "c") -> Ticket:
    ring(cast.organization, thread, ago=9)
    happens(cast.organization, "call.answered", thread, agent=cast.agent.email, ago=8, source="/seoul/call")
    ticket = happens(cast.organization, "call.ended", thread, ago=5, source="/seoul/call")
    assert ticket is not None
    return ticket


def wrap_up(cast: Cast, ticket: Ticket, **said: str) -> Any:
    return logged_in(cast.agent).post(f"/inbox/{ticket.public_id}/wrap-up/", said, headers=FRAGMENT)


def told(thread: str = "c") -> list[tuple[str, str]]:
    rows = Event.objects.filter(thread=thread, source="/hub").order_by("time", "rank", "pk")
    return list(rows.values_list("type", "qualifier"))


def test_what_is_written_after_a_call_is_written_once_and_ends_after_call_work(cast: Cast):
    availability.arrive(cast.agent, at=timezone.now())
    ticket = talked(cast)
    Availability.objects.update(state=State.AFTER_CALL)
    said = {"topic": "delivery", "result": "solved", "next": "nothing", "text": "송장 안내", "key": str(uuid4())}
    for _twice in range(2):
        assert wrap_up(cast, ticket, **said).status_code == 204
    assert told() == [("note.added", ""), ("call.wrapped_up", "solved"), ("ticket.resolved", "agent")]
    ticket.refresh_from_db()
    assert (ticket.status, ticket.topic, ticket.call_state) == ("resolved", "delivery", "wrapped")
    assert Availability.objects.get(person=cast.agent).state == State.ONLINE


@pytest.mark.parametrize(("step", "is_snoozed"), [("stays_open", False), ("call_back", True)])
def test_what_goes_on_stays_open_and_asks_no_more(cast: Cast, step: str, is_snoozed: bool):
    ticket = talked(cast)
    assert "data-wrap-up-form" in logged_in(cast.agent).get(f"/inbox/{ticket.public_id}/").content.decode()
    assert wrap_up(cast, ticket, next=step).status_code == 204
    ticket.refresh_from_db()
    assert (ticket.is_open, ticket.snoozed_until is not None) == (True, is_snoozed)
    assert "data-wrap-up-form" not in logged_in(cast.agent).get(f"/inbox/{ticket.public_id}/").content.decode()


def test_an_unknown_result_changes_nothing(cast: Cast):
    ticket = talked(cast)
    assert wrap_up(cast, ticket, result="great").status_code == 422
    assert told() == []


def test_the_topic_is_suggested_by_what_was_said_on_the_phone(cast: Cast):
    set_topics(cast.organization, {"delivery": "배송", "size": "사이즈"}, by=cast.owner, at=timezone.now())
    ticket = talked(cast)
    segments = [{"speaker": "agent", "text": "사이즈 사이즈 사이즈"}, {"speaker": "customer", "text": "택배 언제 와요"}]
    happens(cast.organization, "call.transcript", "c", segments=segments, ago=2, source="/seoul/call")
    html = logged_in(cast.agent).get(f"/inbox/{ticket.public_id}/wrap-up/").content.decode()
    assert html.index("추천") > html.index("배송")
    assert "“택배”" in html


def test_her_other_calls_stand_together_within_reach(cast: Cast):
    talked(cast, "first")
    missed(cast, "second", ago=4)
    hidden = {"source": "/busan/call", "customer": {"phone": "010-0000-5678"}}
    happens(cast.organization, "call.queued", "elsewhere", ago=3, **hidden)
    ticket = talked(cast, "here")
    html = logged_in(cast.agent).get(f"/inbox/{ticket.public_id}/history/").content.decode()
    assert html.count("data-customers-call") == 2
    assert "3:00" in html
    address = Ticket.objects.get(thread="first").public_id
    lines = logged_in(cast.agent).get(f"/inbox/{address}/messages/", headers=FRAGMENT).content.decode()
    assert "통화 종료" in lines


def test_a_calls_page_costs_a_constant_number_of_statements(cast: Cast):
    ticket = talked(cast)
    for number in range(3):
        happens(cast.organization, "note.added", "c", agent=cast.agent.email, text=f"{number}")
    assert statements_for(cast, f"/inbox/{ticket.public_id}/") <= 15


def test_the_list_of_missed_calls_is_found_by_its_index(cast: Cast):
    missed(cast, "a", ago=4)
    rows = missed_calls().filter(organization=cast.organization).order_by("opened_at", "pk")
    if connection.vendor == "sqlite":
        assert "ticket_missed_call" in rows.explain()
    assert rows.get().opened_at < timezone.now() - timedelta(minutes=3)
