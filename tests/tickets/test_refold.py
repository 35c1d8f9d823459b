"""Stored tickets follow the thread's events, however late those come and however they are batched."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts import actions
from accounts.models import CenterSchedule
from customers.actions import record_events
from customers.incoming import IncomingEvent
from customers.models import Event
from tests import cast
from tests.customers.incoming import AT, START, identity
from tickets.actions import refold_threads
from tickets.actions.alarms import watch_clocks
from tickets.models import Breach, Ticket
from tickets.queries import tickets_holding

pytestmark = pytest.mark.django_db

SHOWN = (
    "thread", "opened_at", "opened_by", "channel", "center__slug", "status", "agent_email", "topic", "call_state",
    "response_started_at", "first_response_at", "waiting_since", "last_event_at", "last_author", "messages_in",
    "messages_out", "first_resolved_at", "resolved_at", "resolved_by", "reopen_count", "opened_event__event_id",
    "due_at", "due_kind", "call_since", "call_seconds",
    "priority", "tags", "snoozed_until", "links", "merged_thread", "absorbed",
)  # fmt: skip


AGENTS = ("kim@haneul.example", "lee@haneul.example")


@pytest.fixture
def organization() -> Any:
    family = cast.make_organization()
    actions.set_center_schedule(
        family.seoul,
        hours={day: [["09:00", "12:00"], ["13:00", "22:00"]] for day in ("mon", "wed", "thu", "sat")},
        holidays=[],
        targets={},
        resolution_targets={"any": 6 * 3600},
        by=family.lead,
        at=now(),
    )
    # In force when these conversations were held.
    CenterSchedule.objects.filter(center=family.seoul, hours__has_key="sat").update(effective_from=START)
    return family.organization


MERGES = ("ticket.merged", "ticket.unmerged")


def event(
    number: int,
    kind: str,
    hours: float,
    *,
    author: str = "",
    qualifier: str = "",
    source: str = "/seoul/chat",
    thread: str = "t",
) -> IncomingEvent:
    rank = {"customer": 0, "bot": 1, "agent": 4}.get(author, 7)
    return IncomingEvent(
        source=source,
        event_id=str(number),
        type=kind,
        time=START + timedelta(hours=hours),
        data={},
        content_hash=str(number),
        rank=rank,
        channel=kind.split(".", 1)[0],
        thread=thread,
        author=author,
        agent_email=AGENTS[number % 2] if author == "agent" or kind in ("ticket.assigned", "ticket.unassigned") else "",
        text=("u" if thread == "t" else "t")
        if kind in MERGES
        else qualifier
        if kind in ("ticket.tagged", "ticket.linked", "ticket.unlinked")
        else f"{number}",
        detail=qualifier if kind in ("ticket.priority", "ticket.snoozed", *MERGES) else "",
        direction=qualifier if kind == "call.queued" else "",
        decided_by=qualifier if kind in ("ticket.resolved", "ticket.assigned") else "",
        center=qualifier if kind == "ticket.moved" else "",
        identities=(identity("phone:1"),) if author == "customer" else (),
    )


def deliver(organization: Any, *events: IncomingEvent) -> None:
    recording = record_events(organization, events, at=AT, exclusive=True)
    refold_threads(organization, recording.threads, arrived=recording.arrived)


def stored(organization: Any) -> list[tuple[Any, ...]]:
    rows = Ticket.objects.filter(organization=organization).standing().order_by("thread", "opened_at")
    # A key of another organization's center is another; its short name is compared.
    return [
        (*shown, {name: value for name, value in clocks.items() if name != "center_id"})
        for *shown, clocks in rows.values_list(*SHOWN, "memory__clocks")
    ]


def breaches(organization: Any) -> list[tuple[Any, ...]]:
    """What is recorded once everything that has run out by now has been seen to."""
    watch_clocks(organization, at=now())
    rows = Breach.objects.filter(organization=organization).order_by("ticket__thread", "ticket__opened_at", "due_at")
    return list(rows.values_list("ticket__thread", "ticket__opened_at", "kind", "ordinal", "due_at"))


def ends(ticket: Ticket | None) -> bool:
    """Whether following `replaced_by` comes to a standing ticket, or to nothing, without going round."""
    for _ in range(20):
        if ticket is None or ticket.replaced_by is None:
            return True
        ticket = ticket.replaced_by
    return False


def test_late_event_that_joins_two_tickets_lets_the_old_address_lead_on(organization: Any) -> None:
    week = 24 * 7
    deliver(
        organization, event(1, "chat.message", 0, author="customer"), event(2, "ticket.resolved", 1, qualifier="agent")
    )
    deliver(organization, event(3, "chat.message", week + 2, author="customer"))
    first, second = Ticket.objects.order_by("opened_at")
    deliver(organization, event(4, "chat.message", 5, author="customer"))  # she had come back within the window
    second.refresh_from_db()
    assert second.replaced_by == first
    assert tickets_holding(organization, [Event.objects.get(event_id="3")]) != {
        second.opened_event_id: second.public_id
    }
    assert len(stored(organization)) == 1


def test_late_resolve_divides_a_ticket_and_keeps_the_first_ones_address(organization: Any) -> None:
    week = 24 * 7
    deliver(
        organization,
        event(1, "chat.message", 0, author="customer"),
        event(2, "chat.message", week + 2, author="customer"),
    )
    ticket = Ticket.objects.get()
    deliver(organization, event(3, "ticket.resolved", 1, qualifier="agent"))
    assert len(stored(organization)) == 2
    ticket.refresh_from_db()
    assert ticket.opened_event.event_id == "1"


def test_late_first_message_keeps_the_tickets_address(organization: Any) -> None:
    deliver(organization, event(1, "chat.message", 5, author="customer"))
    ticket = Ticket.objects.get()
    deliver(organization, event(2, "chat.message", 1, author="customer"))
    assert Ticket.objects.get().pk == ticket.pk


KINDS = st.sampled_from(
    [
        ("chat.message", "customer", ""), ("chat.message", "agent", ""), ("chat.message", "bot", ""),
        ("chat.handoff", "", ""), ("ticket.resolved", "", "agent"), ("ticket.resolved", "", "bot"),
        ("ticket.reopened", "", ""), ("ticket.assigned", "", ""),
        ("ticket.assigned", "", "rule"), ("ticket.unassigned", "", ""), ("note.added", "", ""),
        ("note.edited", "", ""),
        ("call.queued", "", "inbound"), ("call.queued", "", "queued"), ("call.answered", "", ""),
        ("call.abandoned", "", ""), ("call.ringing", "", ""), ("call.held", "", ""), ("call.resumed", "", ""),
        ("call.ended", "", ""), ("call.wrapped_up", "", ""),
        ("ticket.moved", "", "busan"), ("store.inquiry", "", ""), ("ticket.unassigned", "", ""),
        ("ticket.priority", "", "urgent"), ("ticket.priority", "", "low"), ("ticket.tagged", "", "+vip"),
        ("ticket.tagged", "", "+refund\n-vip"), ("ticket.snoozed", "", "2026-11-20T00:00:00+00:00"),
        ("ticket.merged", "", "into"), ("ticket.merged", "", "from 2026-11-01T00:00:00+00:00"),
        ("ticket.unmerged", "", "into"), ("ticket.unmerged", "", "from"),
        ("ticket.woken", "", ""), ("ticket.linked", "", "u"), ("ticket.unlinked", "", "u"),
    ]
)  # fmt: skip


@st.composite
def threads(draw: st.DrawFn) -> list[IncomingEvent]:
    return [
        event(
            number,
            kind,
            draw(st.integers(0, 500)) * draw(st.sampled_from([0.01, 1])),
            author=author,
            qualifier=qualifier,
            source=draw(st.sampled_from(["/seoul/chat", "/hub"])),
            thread=draw(st.sampled_from(["t", "t", "u"])),
        )
        for number, (kind, author, qualifier) in enumerate(draw(st.lists(KINDS, min_size=1, max_size=14)))
    ]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=threads(), data=st.data())
def test_any_order_and_batching_gives_the_tickets_of_all_at_once(
    organization: Any, events: Any, data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(events))
    batch = data.draw(st.integers(1, 5))
    # As it happens, each event is folded into what its ticket came to before; one late one has all read again.
    in_order = sorted(events, key=lambda event: event.order)
    one_is_late = [*in_order, in_order.pop(data.draw(st.integers(0, len(in_order) - 1)))]
    seen = []
    for order, size, is_watched in (
        (events, len(events), False),
        (shuffled, batch, True),
        (sorted(events, key=lambda event: event.order), 1, False),
        (one_is_late, 1, True),
    ):
        with transaction.atomic():
            for start in range(0, len(order), size):
                deliver(organization, *order[start : start + size])
                if is_watched:
                    watch_clocks(organization, at=now())
            seen.append((stored(organization), breaches(organization)))
            for row in Ticket.objects.exclude(replaced_by=None):
                assert ends(row)
            transaction.set_rollback(True)
    assert seen[1:] == seen[:1] * 3


def test_an_event_that_follows_is_folded_without_reading_the_conversation_again(
    organization: Any,
) -> None:
    long = [event(number, "chat.message", number / 60, author="customer") for number in range(200)]
    deliver(organization, *long)
    with CaptureQueriesContext(connection) as asked:
        deliver(organization, event(200, "chat.message", 4, author="agent"))
    read = [query["sql"] for query in asked if "FROM customers_event" in query["sql"] or "CROSS JOIN" in query["sql"]]
    assert not [statement for statement in read if "e.agent_email" in statement]
    ticket = Ticket.objects.get()
    assert (ticket.messages_in, ticket.messages_out, ticket.last_seq) == (200, 1, 201)
    deliver(organization, event(201, "chat.message", 3.9, author="agent"))
    ticket.refresh_from_db()
    assert (ticket.messages_out, ticket.last_text) == (2, "200")


def test_a_ticket_of_before_there_was_a_memory_is_read_once_and_then_remembered(organization: Any) -> None:
    deliver(organization, event(1, "chat.message", 0, author="customer"), event(2, "ticket.assigned", 1))
    Ticket.objects.update(memory=None)
    deliver(organization, event(3, "note.added", 2))
    ticket = Ticket.objects.get()
    assert ticket.memory["assigned_to"] == ticket.agent_email == AGENTS[0]
