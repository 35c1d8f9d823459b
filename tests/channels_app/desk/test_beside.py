"""What pages tell over their sockets of the moment: who is there, who types, what was seen. And what they may not."""

from __future__ import annotations

import pytest
from django.utils import timezone

from channels_app.hub.actions import add_note, reply_to_ticket
from channels_app.hub.handling import transfer_ticket
from channels_app.models import WidgetConversation
from customers.models import Event
from tests.browser.desk import until
from tests.cast import Cast, make_organization
from tests.channels_app.desk.desks import Desk
from tests.channels_app.widget.visitors import Tab, Visitor, make_widget
from tests.hubs import Hub
from tickets.models import Mention, Ticket
from tickets.queries.presence import Others, others_at


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_organization()


@pytest.fixture
def visitor(cast: Cast) -> Visitor:
    visitor = Visitor(make_widget(cast))
    visitor.open()
    visitor.say("안녕하세요")
    return visitor


@pytest.fixture
def ticket(visitor: Visitor) -> Ticket:
    return Ticket.objects.get()


def group_of(ticket: Ticket) -> str:
    return f"ticket.{ticket.public_id.hex}"


def test_who_is_there_is_told_to_those_beside_her_until_her_socket_ends(live_hub: Hub, ticket: Ticket, cast: Cast):
    mine, hers = Desk(live_hub, cast.agent), Desk(live_hub, cast.lead)
    for desk in (mine, hers):
        desk.follow(group_of(ticket))
    hers.send({"kind": "here", "group": group_of(ticket)})
    assert mine.until_hint(group_of(ticket))["what"] == {"kind": "presence"}
    assert others_at(cast.agent, ticket) == Others(looking=("이팀장",))
    assert others_at(cast.lead, ticket) == Others()
    hers.send({"kind": "here", "group": group_of(ticket), "is_writing": True})
    until(lambda: others_at(cast.agent, ticket) == Others(answering=("이팀장",)))
    hers.close()
    until(lambda: others_at(cast.agent, ticket) == Others())
    mine.close()


def test_who_follows_another_ticket_is_not_there_any_more(live_hub: Hub, ticket: Ticket, cast: Cast):
    desk = Desk(live_hub, cast.lead)
    desk.follow(group_of(ticket))
    desk.send({"kind": "here", "group": group_of(ticket)})
    until(lambda: others_at(cast.agent, ticket) == Others(looking=("이팀장",)))
    desk.follow("desk")
    until(lambda: others_at(cast.agent, ticket) == Others())
    desk.close()


@pytest.mark.parametrize("kind", ["here", "gone", "seen"])
def test_of_a_ticket_that_is_out_of_reach_nothing_is_taken(live_hub: Hub, ticket: Ticket, cast: Cast, kind: str):
    desk = Desk(live_hub, cast.outsider)
    desk.follow(group_of(ticket))
    desk.send({"kind": kind, "group": group_of(ticket), "is_writing": True, "upto": 1})
    desk.send({"kind": "ping"})
    desk.until(lambda frame: frame["kind"] == "pong")
    assert others_at(cast.agent, ticket) == Others()
    assert WidgetConversation.objects.get().agents_seen_seq == 0
    desk.close()


def test_a_ticket_that_is_moved_away_is_left(live_hub: Hub, ticket: Ticket, cast: Cast):
    desk = Desk(live_hub, cast.agent)
    desk.follow(group_of(ticket))
    desk.send({"kind": "here", "group": group_of(ticket)})
    until(lambda: others_at(cast.lead, ticket) == Others(looking=("박상담",)))
    transfer_ticket(ticket, cast.busan, by=cast.agent, at=timezone.now())
    desk.send({"kind": "ping"})
    until(lambda: others_at(cast.owner, ticket) == Others())
    desk.close()


def test_the_visitor_is_told_that_somebody_answers_and_not_that_somebody_notes(
    live_hub: Hub, visitor: Visitor, ticket: Ticket, cast: Cast
):
    tab = Tab(live_hub, visitor).hello()
    desk = Desk(live_hub, cast.agent)
    desk.follow(group_of(ticket))
    desk.send({"kind": "here", "group": group_of(ticket), "is_writing": True})
    assert tab.until(lambda frame: frame["kind"] == "typing") == {"kind": "typing"}
    events = Event.objects.count()
    tab.send({"kind": "typing"})
    desk.until(lambda frame: frame["kind"] == "hint" and frame["what"] == {"kind": "typing"})
    assert Event.objects.count() == events
    for page in (tab, desk):
        page.close()


def test_what_was_seen_only_grows_and_no_further_than_what_was_said(
    live_hub: Hub, visitor: Visitor, ticket: Ticket, cast: Cast
):
    tab = Tab(live_hub, visitor).hello()
    reply_to_ticket(ticket, "네", by=cast.agent, at=timezone.now())
    desk = Desk(live_hub, cast.agent)
    desk.follow(group_of(ticket))
    tab.send({"kind": "seen", "upto": 2**31 - 1})
    desk.until(lambda frame: frame["kind"] == "hint" and frame["what"] == {"kind": "seen", "upto": 2})
    tab.send({"kind": "seen", "upto": 1})
    desk.send({"kind": "seen", "group": group_of(ticket), "upto": 1_000_000})
    tab.until(lambda frame: frame["kind"] == "state" and frame["seen"] == 2)
    desk.send({"kind": "seen", "group": group_of(ticket), "upto": 1})
    desk.send({"kind": "ping"})
    desk.until(lambda frame: frame["kind"] == "pong")
    conversation = WidgetConversation.objects.get()
    assert (conversation.visitor_seen_seq, conversation.agents_seen_seq) == (2, 2)
    again = Tab(live_hub, visitor).hello()
    assert again.state["seen"] == 2
    for page in (tab, again, desk):
        page.close()


@pytest.mark.parametrize("upto", [-1, 2**31, 1.5, "1", None])
def test_what_is_no_number_of_a_conversation_is_refused(live_hub: Hub, visitor: Visitor, upto: object):
    tab = Tab(live_hub, visitor).hello()
    tab.send({"kind": "seen", "upto": upto})
    assert tab.until(lambda frame: frame["kind"] == "error")["code"] == "bad_frame"
    assert WidgetConversation.objects.get().visitor_seen_seq == 0
    tab.close()


def test_by_post_what_was_seen_is_told_along(visitor: Visitor):
    visitor.post("fetch", {**visitor.credentials, "after": 1, "seen": 1})
    assert WidgetConversation.objects.get().visitor_seen_seq == 1


def test_a_call_to_somebody_is_told_to_her_pages_and_read_with_the_conversation(
    live_hub: Hub, ticket: Ticket, cast: Cast
):
    desk = Desk(live_hub, cast.lead)
    desk.follow(group_of(ticket))
    add_note(ticket, "@이팀장", by=cast.agent, at=timezone.now(), mentioned=[cast.lead])
    assert desk.until_hint("person")["what"] == {"kind": "mention", "ticket": str(ticket.public_id), "of": "note.added"}
    desk.send({"kind": "seen", "group": group_of(ticket), "upto": 2})
    until(lambda: Mention.objects.get().read_at is not None)
    desk.close()
