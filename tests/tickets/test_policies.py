"""Who reaches which tickets."""

from __future__ import annotations

import pytest

from accounts.models import Center, Role
from accounts.queries import NotFound
from tests.cast import Cast, make_center, make_organization, make_other_organization, make_person
from tests.tickets.conversations import chat, happens
from tickets.models import Ticket
from tickets.policies import may_note, may_reply, tickets_reached
from tickets.queries import ticket_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_organization()


def test_agents_reach_the_tickets_of_their_centers_and_those_of_none(cast: Cast):
    seoul = chat(cast.organization, "a")
    busan = chat(cast.organization, "b", source="/busan/chat")
    nobodys = chat(cast.organization, "c", source="/nowhere/chat")
    assert set(tickets_reached(cast.agent)) == {seoul, nobodys}
    assert set(tickets_reached(cast.outsider)) == {busan, nobodys}
    assert set(tickets_reached(cast.owner)) == {seoul, busan, nobodys}
    with pytest.raises(NotFound):
        ticket_for(cast.agent, busan.public_id)
    assert ticket_for(cast.agent, nobodys.public_id) == nobodys


def test_the_head_office_reaches_all(cast: Cast):
    head_office = make_center(cast.organization, "hq", kind=Center.Kind.HEAD_OFFICE)
    member = make_person(cast.organization, "hq", role=Role.AGENT, centers=[head_office])
    chat(cast.organization, "a")
    chat(cast.organization, "b", source="/busan/chat")
    assert tickets_reached(member).count() == 2


def test_store_staff_reach_what_their_stores_raised_and_may_add_a_note_only(cast: Cast):
    chat(cast.organization, "a")
    for store in ("gangnam", "haeundae"):
        happens(cast.organization, "store.inquiry", source=f"/seoul/{store}", store=store, staff="x", text="소매 불량")
    inquiry = Ticket.objects.get(store=cast.gangnam)
    assert list(tickets_reached(cast.store_staff)) == [inquiry]
    assert may_note(cast.store_staff, inquiry)
    assert not may_reply(cast.store_staff, inquiry)


def test_another_organization_is_never_reached(cast: Cast):
    other = make_other_organization()
    ticket = chat(other.organization, "a")
    for person in cast.people.values():
        assert not tickets_reached(person).exists()
        with pytest.raises(NotFound):
            ticket_for(person, ticket.public_id)
        assert not may_reply(person, ticket)


def test_the_inactive_reach_nothing(cast: Cast):
    ticket = chat(cast.organization, "a")
    cast.agent.is_active = False
    assert not tickets_reached(cast.agent).exists()
    assert not may_reply(cast.agent, ticket)


def test_a_replaced_ticket_leads_on(cast: Cast):
    first, second = chat(cast.organization, "a"), chat(cast.organization, "b")
    Ticket.objects.filter(pk=second.pk).update(replaced_by=first)
    assert ticket_for(cast.agent, second.public_id) == first
