"""What the hub's own screens do is written as events with source /hub, once, and only by those who may."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from channels_app.hub import actions
from channels_app.hub.handling import transfer_ticket
from channels_app.intake import receive
from customers.incoming import IdentityKey
from customers.models import Customer, Event, Merge
from tests import cast
from tests.channels_app.envelopes import AT, TILL, envelope, said, sale
from tickets.models import Ticket

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(minutes=1)


@pytest.fixture
def people() -> Any:
    return cast.make_organization()


@pytest.fixture
def ticket(people: Any) -> Ticket:
    receive(people.organization, [said("1", "t", "소매 실밥이 풀렸어요")], sender=TILL, at=AT)
    return Ticket.objects.get()


def test_reply_is_an_event_of_the_hub_and_ends_the_wait(people: Any, ticket: Ticket) -> None:
    outcome = actions.reply_to_ticket(ticket, "확인해 드릴게요", by=people.agent, at=LATER, key="k1")
    again = actions.reply_to_ticket(ticket, "확인해 드릴게요", by=people.agent, at=LATER, key="k1")
    assert (outcome.status, again.status) == ("created", "duplicate")
    event = Event.objects.get(source="/hub")
    assert (event.type, event.author, event.agent_email) == ("chat.message", "agent", people.agent.email)
    ticket.refresh_from_db()
    assert ticket.waiting_since is None
    assert ticket.agent_email == people.agent.email


def test_a_call_is_answered_in_person(people: Any) -> None:
    call = envelope("c", "call.queued", source="/seoul/call", thread="call", direction="inbound")
    call["data"] |= {"from": "010-0123-4567", "to": "02-000-0000"}
    receive(people.organization, [call], sender=TILL, at=AT)
    with pytest.raises(actions.CannotReply):
        actions.reply_to_ticket(Ticket.objects.get(), "네", by=people.agent, at=LATER)


def test_store_staff_and_strangers_may_not_resolve(people: Any, ticket: Ticket) -> None:
    stranger = cast.make_organization("other", name="남의상회").owner
    for person in (people.store_staff, stranger):
        with pytest.raises(actions.NotAllowed):
            actions.resolve_ticket(ticket, topic="", by=person, at=LATER)
    assert Event.objects.count() == 1


def test_resolving_reopening_assigning_and_moving(people: Any, ticket: Ticket) -> None:
    actions.resolve_ticket(ticket, topic="delivery", by=people.agent, at=LATER)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.topic, ticket.resolved_by) == ("resolved", "delivery", "agent")
    actions.reopen_ticket(ticket, by=people.agent, at=LATER + timedelta(minutes=1))
    actions.assign_ticket(ticket, people.lead, by=people.agent, at=LATER + timedelta(minutes=2))
    ticket.refresh_from_db()
    transfer_ticket(ticket, people.busan, by=people.agent, at=LATER + timedelta(minutes=3))
    ticket.refresh_from_db()
    assert (ticket.status, ticket.agent_email, ticket.center) == ("open", "", people.busan)


def test_an_inquiry_at_the_counter_opens_a_ticket_in_the_stores_center(people: Any, ticket: Ticket) -> None:
    customer = Customer.objects.get()
    outcome = actions.raise_inquiry(
        customer, "코트 소매 교환 가능한가요", store=people.gangnam, by=people.store_staff, at=LATER
    )
    raised = Ticket.objects.get(public_id=outcome.ticket)
    assert (raised.channel, raised.center, raised.customer) == ("store", people.seoul, customer)
    assert raised.store == people.gangnam


def test_a_visit_with_a_note_is_history(people: Any, ticket: Ticket) -> None:
    customer = Customer.objects.get()
    actions.record_visit(customer, store=people.gangnam, note="수선 문의", by=people.store_staff, at=LATER)
    customer.refresh_from_db()
    assert customer.last_visit_store == people.gangnam


def test_merging_and_undoing_through_the_hub(people: Any) -> None:
    receive(
        people.organization, [sale("1", phone="010-0111-1111"), sale("2", phone="010-0222-2222")], sender=TILL, at=AT
    )
    one, other = Customer.objects.order_by("id")
    actions.merge_customers(one, other, by=people.agent, at=LATER)
    other.refresh_from_db()
    assert other.merged_into == one
    actions.unmerge_customers(one, other, by=people.agent, at=LATER + timedelta(minutes=1))
    other.refresh_from_db()
    assert other.merged_into is None
    assert not Merge.objects.filter(is_active=True).exists()


def test_confirming_what_a_visitor_claimed(people: Any) -> None:
    told = [
        sale("1", phone="010-0111-1111"),
        envelope(
            "2",
            "chat.message",
            minutes=1,
            source="/seoul/chat",
            thread="w",
            customer={"external": {"widget:1": "v"}, "phone": "010-0111-1111", "verified": False},
            from_="customer",
            text="저 지난주에 코트 산 사람인데요",
        ),
    ]
    receive(people.organization, told, sender=TILL, at=AT)
    assert Customer.objects.roots().count() == 2
    claimed = IdentityKey("phone", "", "+821001111111")
    actions.confirm_identity(Ticket.objects.get(), claimed, by=people.agent, at=LATER)
    assert Customer.objects.roots().count() == 1


def test_an_unconfirmed_customer_can_be_served_at_the_counter(people: Any) -> None:
    told = envelope(
        "1", "mail.message", source="/seoul/mail", thread="m", customer={"email": "a@b.example", "verified": False},
        from_="customer", text="문의드립니다",
    )  # fmt: skip
    receive(people.organization, [told], sender=TILL, at=AT)
    customer = Customer.objects.get()
    actions.record_visit(customer, store=people.gangnam, by=people.store_staff, at=LATER)
    assert Event.objects.get(source="/hub").customer == customer
