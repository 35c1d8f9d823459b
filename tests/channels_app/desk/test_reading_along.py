"""A lead beside an agent and a visitor, over their sockets: who is told what, and what no visitor is told."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from channels_app.hub.actions import assign_ticket, reply_to_ticket
from channels_app.hub.leading import take_over, whisper
from channels_app.models import WidgetConversation
from tests.browser.desk import until
from tests.cast import Cast, make_organization
from tests.channels_app.desk.desks import Desk
from tests.channels_app.widget.visitors import Tab, Visitor, make_widget
from tests.hubs import Hub
from tickets.actions.broadcasts import send_broadcast
from tickets.models import Ticket
from tickets.queries.presence import Others, others_at

SECRET = "영수증부터 여쭤보세요"


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
def ticket(visitor: Visitor, cast: Cast) -> Ticket:
    assign_ticket(Ticket.objects.get(), cast.agent, by=cast.agent, at=timezone.now())
    return Ticket.objects.get()


def group_of(ticket: Ticket) -> str:
    return f"ticket.{ticket.public_id.hex}"


def test_the_agent_is_told_that_a_lead_reads_along_and_the_visitor_is_not(
    live_hub: Hub, visitor: Visitor, ticket: Ticket, cast: Cast
):
    lead, agent = Desk(live_hub, cast.lead), Desk(live_hub, cast.agent)
    for desk in (lead, agent):
        desk.follow(group_of(ticket))
    lead.send({"kind": "here", "group": group_of(ticket)})
    assert agent.until_hint(group_of(ticket))["what"] == {"kind": "presence"}
    assert others_at(cast.agent, ticket) == Others(along=("이팀장",))
    lead.send({"kind": "seen", "group": group_of(ticket), "upto": ticket.last_seq})
    lead.send({"kind": "ping"})
    lead.until(lambda frame: frame["kind"] == "pong")
    assert WidgetConversation.objects.get().agents_seen_seq == 0
    agent.send({"kind": "seen", "group": group_of(ticket), "upto": ticket.last_seq})
    until(lambda: WidgetConversation.objects.get().agents_seen_seq == ticket.last_seq)
    for desk in (lead, agent):
        desk.close()


def test_a_whisper_reaches_her_pages_and_nothing_of_the_visitors(
    live_hub: Hub, visitor: Visitor, ticket: Ticket, cast: Cast
):
    agent, outsider, tab = Desk(live_hub, cast.agent), Desk(live_hub, cast.outsider), Tab(live_hub, visitor).hello()
    agent.follow("desk")
    outsider.follow("desk")
    whisper(ticket, SECRET, by=cast.lead, at=timezone.now())
    told = {"kind": "notice", "ticket": str(ticket.public_id), "of": "note.added"}
    assert agent.until_hint("person")["what"] == told
    assert outsider.hears_nothing()
    reply_to_ticket(ticket, "네, 도와드릴게요", by=cast.agent, at=timezone.now())
    tab.until_seen("네, 도와드릴게요")
    assert tab.texts == ["안녕하세요", "네, 도와드릴게요"]
    again = Tab(live_hub, visitor).hello()
    assert again.texts == ["안녕하세요", "네, 도와드릴게요"]
    fetched = visitor.post("fetch", {**visitor.credentials, "after": 0})
    assert SECRET not in json.dumps(json.loads(fetched.content), ensure_ascii=False)
    for page in (agent, outsider, tab, again):
        page.close()


def test_whoever_had_it_is_told_that_it_was_taken_over(live_hub: Hub, ticket: Ticket, cast: Cast):
    agent = Desk(live_hub, cast.agent)
    agent.follow()
    take_over(ticket, by=cast.lead, at=timezone.now())
    told = {"kind": "notice", "ticket": str(ticket.public_id), "of": "ticket.assigned"}
    assert agent.until(lambda frame: frame["kind"] == "hint" and frame["what"] == told)
    agent.close()


def test_a_broadcast_is_told_to_its_people_alone(live_hub: Hub, cast: Cast):
    agent, outsider = Desk(live_hub, cast.agent), Desk(live_hub, cast.outsider)
    for desk in (agent, outsider):
        desk.follow()
    at = timezone.now()
    send_broadcast("6시에 닫아요", to=[cast.seoul], ends_at=at + timedelta(hours=1), by=cast.lead, at=at)
    assert agent.until(lambda frame: frame["kind"] == "hint" and frame["what"] == {"kind": "notice"})
    assert outsider.hears_nothing()
    for desk in (agent, outsider):
        desk.close()
