"""Waiting tickets find somebody: who, when, never twice and never beyond a limit."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.actions import deactivate_person, set_center_schedule
from channels_app.hub.actions import assign_ticket, resolve_ticket
from channels_app.hub.handling import unassign_ticket
from customers.models import Event
from cxhub.presence import forget_socket
from tests.cast import SETUP, Cast, make_organization, make_person
from tests.tickets.conversations import answer, chat, happens, ring
from tests.tickets.teams import later, online, owners, route, routes
from tickets.actions.availability import choose_state
from tickets.actions.routing import Special
from tickets.actions.topics import set_topics
from tickets.models import Ticket
from tickets.routing import Mode

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast() -> Cast:
    return make_organization()


def test_the_oldest_goes_to_whoever_is_available(cast: Cast) -> None:
    routes(cast.seoul, limit=1)
    chat(cast.organization, "young", ago=1, phone="")
    chat(cast.organization, "old", ago=9, phone="")
    online(cast.agent)
    assert route(cast.seoul) == 1
    assert owners() == {"old": cast.agent.email, "young": ""}
    event = Event.objects.get(type="ticket.assigned")
    assert (event.source, event.qualifier) == ("/hub", "rule")
    assert event.event_id.startswith(f"route-{Ticket.objects.get(thread='old').public_id.hex}-")
    assert route(cast.seoul) == 0


def test_by_hand_moves_nothing(cast: Cast) -> None:
    routes(cast.seoul, Mode.MANUAL)
    chat(cast.organization, "a", phone="")
    online(cast.agent)
    assert route(cast.seoul) == 0


@pytest.mark.parametrize("state", ["away", "busy", "offline"])
def test_only_who_is_online_is_given_anything(cast: Cast, state: str) -> None:
    routes(cast.seoul)
    chat(cast.organization, "a", phone="")
    choose_state(cast.agent, state, at=timezone.now())
    assert route(cast.seoul) == 0


def test_another_centers_people_are_not_asked(cast: Cast) -> None:
    routes(cast.seoul)
    chat(cast.organization, "a", phone="")
    online(cast.outsider)
    assert route(cast.seoul) == 0


def test_calls_are_the_telephone_systems(cast: Cast) -> None:
    routes(cast.seoul)
    ring(cast.organization, "call")
    online(cast.agent)
    assert route(cast.seoul) == 0


def test_outside_of_hours_everybody_waits(cast: Cast) -> None:
    routes(cast.seoul)
    chat(cast.organization, "a", phone="")
    online(cast.agent)
    today = timezone.now().astimezone(cast.organization.zone).date()
    set_center_schedule(
        cast.seoul,
        hours={day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")},
        holidays=[(today + timedelta(days=n)).isoformat() for n in (-1, 0, 1)],
        targets={},
        by=SETUP,
        at=timezone.now(),
    )
    assert route(cast.seoul) == 0
    assert route(cast.seoul, at=later(days=3)) == 1


def test_round_robin_goes_on_where_it_was(cast: Cast) -> None:
    routes(cast.seoul, Mode.ROUND_ROBIN)
    second = make_person(cast.organization, "second", centers=[cast.seoul])
    online(cast.agent, second)
    given = []
    for number in range(4):
        chat(cast.organization, f"c{number}", phone="")
        route(cast.seoul)
        given.append(owners()[f"c{number}"])
    assert given == [cast.agent.email, second.email] * 2


def test_a_limit_of_her_own_counts_before_the_centers(cast: Cast) -> None:
    routes(cast.seoul, limit=1, specials={cast.agent.pk: Special(chat_limit=3)})
    online(cast.agent)
    for number in range(5):
        chat(cast.organization, f"c{number}", phone="")
    assert route(cast.seoul) == 3


def test_a_slot_is_free_when_resolved_handed_back_or_silent_for_an_hour(cast: Cast) -> None:
    routes(cast.seoul, limit=1)
    online(cast.agent)
    for number, ago in enumerate((9, 8, 7)):
        chat(cast.organization, f"c{number}", ago=ago, phone="")
    route(cast.seoul)
    ticket = Ticket.objects.get(thread="c0")
    resolve_ticket(ticket, topic="", by=cast.agent, at=timezone.now())
    assert route(cast.seoul) == 1
    assert owners()["c1"] == cast.agent.email
    answer(cast.organization, "c1", cast.agent)
    assert route(cast.seoul) == 0
    assert route(cast.seoul, at=later(minutes=61)) == 1
    assert owners()["c2"] == cast.agent.email


def test_topics_lead_to_who_has_them_else_to_anybody(cast: Cast) -> None:
    set_topics(cast.organization, {"refund": "환불", "etc": "기타"}, by=SETUP, at=timezone.now())
    second = make_person(cast.organization, "second", centers=[cast.seoul])
    routes(cast.seoul, limit=1, specials={second.pk: Special(topics=("refund",))})
    online(cast.agent, second)
    for number, ago in enumerate((9, 8)):
        chat(cast.organization, f"c{number}", ago=ago, phone="")
        happens(cast.organization, "ticket.topic", f"c{number}", topic="refund")
    assert route(cast.seoul) == 2
    assert owners() == {"c0": second.email, "c1": cast.agent.email}


def test_who_served_her_last_comes_first_if_free(cast: Cast) -> None:
    routes(cast.seoul, limit=2)
    second = make_person(cast.organization, "second", centers=[cast.seoul])
    chat(cast.organization, "before", ago=600)
    answer(cast.organization, "before", second, ago=599)
    online(cast.agent, second)
    chat(cast.organization, "now", ago=1)
    assert route(cast.seoul) == 1
    assert owners()["now"] == second.email


def test_who_leaves_hands_back_what_waits_and_keeps_what_does_not(cast: Cast) -> None:
    routes(cast.seoul)
    online(cast.agent)
    chat(cast.organization, "waits", ago=9, phone="010-0000-0001")
    chat(cast.organization, "answered", ago=8, phone="010-0000-0002")
    route(cast.seoul)
    answer(cast.organization, "answered", cast.agent)
    choose_state(cast.agent, "offline", at=timezone.now())
    assert route(cast.seoul) == 1
    assert owners() == {"waits": "", "answered": cast.agent.email}
    chat(cast.organization, "answered", "아직 계신가요?", phone="010-0000-0002")
    assert route(cast.seoul) == 1
    assert owners() == {"waits": "", "answered": ""}
    online(cast.agent)
    route(cast.seoul)
    assert set(owners().values()) == {cast.agent.email}


def test_a_closed_account_hands_back_too(cast: Cast) -> None:
    routes(cast.seoul)
    online(cast.agent)
    chat(cast.organization, "a", phone="")
    route(cast.seoul)
    deactivate_person(cast.agent, by=cast.owner, at=timezone.now())
    route(cast.seoul)
    assert owners() == {"a": ""}


def test_somebody_who_never_was_at_this_desk_keeps_her_tickets(cast: Cast) -> None:
    """An agent of another system, known by her events: whether she is there is not known here."""
    routes(cast.seoul)
    chat(cast.organization, "a", phone="")
    happens(cast.organization, "ticket.assigned", "a", agent=cast.agent.email)
    assert route(cast.seoul) == 0


def test_handed_back_by_herself_it_goes_to_somebody(cast: Cast) -> None:
    routes(cast.seoul, limit=1)
    online(cast.agent)
    ticket = chat(cast.organization, "a", ago=9, phone="")
    route(cast.seoul)
    ticket.refresh_from_db()
    unassign_ticket(ticket, by=cast.agent, at=timezone.now())
    assert owners() == {"a": ""}


def test_a_person_who_takes_it_meanwhile_keeps_it(cast: Cast) -> None:
    ticket = chat(cast.organization, "a", ago=9, phone="")
    assign_ticket(ticket, cast.lead, by=cast.lead, at=timezone.now())
    happens(cast.organization, "ticket.assigned", "a", source="/hub", agent=cast.agent.email, by="rule")
    assert owners() == {"a": cast.lead.email}


def test_a_sender_whose_clock_is_ahead_is_not_given_out_again_and_again(cast: Cast) -> None:
    routes(cast.seoul)
    online(cast.agent)
    chat(cast.organization, "a", ago=-4, phone="")
    assert route(cast.seoul) == 1
    assert route(cast.seoul) == 0
    assert owners() == {"a": cast.agent.email}


def test_what_somebody_takes_by_hand_while_offline_is_hers_as_long_as_she_is_there(cast: Cast) -> None:
    routes(cast.seoul)
    online(cast.lead)
    choose_state(cast.lead, "offline", at=timezone.now())
    ticket = chat(cast.organization, "a", ago=9, phone="")
    assign_ticket(ticket, cast.lead, by=cast.lead, at=timezone.now())
    assert route(cast.seoul) == 0
    forget_socket(cast.lead.pk, "test")
    assert route(cast.seoul) == 1
    assert owners() == {"a": ""}
