"""The desk's socket on a running hub: hints for what she may see, nothing for what she may not."""

import time
from uuid import UUID, uuid4

import pytest
from django.utils import timezone
from websockets.exceptions import ConnectionClosed, InvalidStatus

from accounts.models import Person
from channels_app.hub.actions import add_note, reply_to_ticket
from cxhub import live
from tests.cast import Cast, make_organization, make_other_organization
from tests.channels_app.desk.desks import Desk
from tests.channels_app.widget.visitors import Visitor, make_widget
from tests.hubs import Hub
from tests.tickets.conversations import ring
from tickets.models import Ticket


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_organization()


@pytest.fixture
def visitor(cast: Cast) -> Visitor:
    visitor = Visitor(make_widget(cast))
    visitor.open()
    visitor.say("안녕하세요")
    return visitor


def test_new_message_is_hinted_without_its_content(live_hub: Hub, visitor: Visitor, cast: Cast):
    ticket = Ticket.objects.get()
    desk = Desk(live_hub, cast.agent)
    groups = ["desk", f"ticket.{ticket.public_id.hex}", f"customer.{ticket.customer.public_id.hex}"]
    answer = desk.follow(*groups)
    assert set(answer["groups"]) == {*groups, "person"}
    assert answer["refused"] == []
    visitor.say("비밀스러운 내용")
    for group in groups:
        desk.until_hint(group)
    hint = next(hint for hint in desk.hints if hint["group"] == groups[1])
    assert hint["what"]["ticket"] == str(ticket.public_id)
    assert hint["what"]["seq"] == 2
    assert "비밀" not in str(desk.hints)
    desk.close()


def test_only_calls_are_told_to_who_follows_calls(live_hub: Hub, visitor: Visitor, cast: Cast):
    desk = Desk(live_hub, cast.agent)
    assert desk.follow("calls")["groups"] == ["calls", "person"]
    visitor.say("전화가 아니에요")
    assert desk.hears_nothing()
    ticket = ring(cast.organization, "call-1")
    desk.until_hint("calls")
    what = desk.hints[-1]["what"]
    assert len(what.pop("standing")) == 8
    assert what == {"kind": "ticket.opened", "ticket": str(ticket.public_id), "seq": 1, "call_state": "ringing"}
    desk.close()
    elsewhere = Desk(live_hub, cast.outsider)
    elsewhere.follow("calls")
    ring(cast.organization, "call-2")
    assert elsewhere.hears_nothing()
    elsewhere.close()


def test_another_centers_agent_hears_nothing(live_hub: Hub, visitor: Visitor, cast: Cast):
    ticket = Ticket.objects.get()
    desk = Desk(live_hub, cast.outsider)
    answer = desk.follow("desk", f"ticket.{ticket.public_id.hex}")
    assert answer["refused"] == [f"ticket.{ticket.public_id.hex}"]
    visitor.say("서울 일이에요")
    assert desk.hears_nothing()
    desk.close()


def test_another_organization_hears_nothing(live_hub: Hub, visitor: Visitor, cast: Cast):
    ticket = Ticket.objects.get()
    desk = Desk(live_hub, make_other_organization().owner)
    wanted = [f"ticket.{ticket.public_id.hex}", f"customer.{ticket.customer.public_id.hex}"]
    assert desk.follow("desk", *wanted)["refused"] == wanted
    visitor.say("하늘상회 일이에요")
    assert desk.hears_nothing()
    desk.close()


@pytest.mark.parametrize(
    "name", ["", "desk.1.1", "person.1", "ticket.", "ticket.zz", f"ticket.{UUID(int=7).hex}", "thread.ab", "*"]
)
def test_made_up_groups_are_refused(live_hub: Hub, cast: Cast, name: str):
    desk = Desk(live_hub, cast.owner)
    assert desk.follow(name)["refused"] == [name]
    desk.close()


def test_store_staff_have_no_desk(live_hub: Hub, cast: Cast):
    desk = Desk(live_hub, cast.store_staff)
    assert desk.follow("desk", "calls")["refused"] == ["desk", "calls"]
    desk.close()


def test_leaving_a_group_ends_its_hints(live_hub: Hub, visitor: Visitor, cast: Cast):
    desk = Desk(live_hub, cast.agent)
    desk.follow("desk")
    desk.follow()
    visitor.say("안 들려야 해요")
    assert desk.hears_nothing()
    desk.close()


def test_visitors_without_log_in_are_closed(live_hub: Hub, cast: Cast):
    desk = Desk(live_hub, None)
    with pytest.raises(ConnectionClosed) as closed:
        desk.until(lambda frame: False)
    assert closed.value.rcvd.code == 4401


def test_other_sites_get_no_socket(live_hub: Hub, cast: Cast):
    with pytest.raises(InvalidStatus):
        Desk(live_hub, cast.agent, origin="https://evil.example")


def test_log_out_closes_at_the_next_ping(live_hub: Hub, cast: Cast):
    desk = Desk(live_hub, cast.agent)
    desk.follow("desk")
    desk.client.logout()
    desk.send({"kind": "ping"})
    with pytest.raises(ConnectionClosed) as closed:
        desk.until(lambda frame: False)
    assert closed.value.rcvd.code == 4401


def test_switched_off_person_is_closed_at_once(live_hub: Hub, cast: Cast):
    desk = Desk(live_hub, cast.agent)
    desk.follow("desk")
    Person.objects.filter(pk=cast.agent.pk).update(is_active=False)
    live.publish(f"person.{cast.agent.pk}", {"type": "hub.event", "kind": "person.changed"})
    with pytest.raises(ConnectionClosed) as closed:
        desk.until(lambda frame: False)
    assert closed.value.rcvd.code == 4401


def test_moved_person_loses_what_she_no_longer_reaches(live_hub: Hub, visitor: Visitor, cast: Cast):
    desk = Desk(live_hub, cast.agent)
    desk.follow(f"ticket.{Ticket.objects.get().public_id.hex}")
    cast.agent.centers.set([cast.busan])
    live.publish(f"person.{cast.agent.pk}", {"type": "hub.event", "kind": "person.changed"})
    desk.until_hint("person")
    visitor.say("서울 일이에요")
    assert desk.hears_nothing()
    desk.close()


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "{",
        "[]",
        '{"kind":"dance"}',
        '{"kind":"subscribe","groups":"desk"}',
        '{"kind":"subscribe","groups":[7]}',
        '{"kind":"subscribe","groups":["' + "x" * 20_000 + '"]}',
    ],
)
def test_bad_frames_are_told(live_hub: Hub, cast: Cast, frame: str):
    desk = Desk(live_hub, cast.agent)
    desk.send(frame)
    assert desk.until(lambda told: told["kind"] == "error")["code"] == "bad_frame"
    assert desk.follow("desk")["refused"] == []
    desk.close()


def test_more_groups_than_a_page_needs_are_refused(live_hub: Hub, cast: Cast):
    desk = Desk(live_hub, cast.agent)
    desk.send({"kind": "subscribe", "groups": [f"ticket.{uuid4().hex}" for _ in range(101)]})
    assert desk.until(lambda told: told["kind"] == "error")["code"] == "bad_frame"
    desk.close()


def test_flood_is_closed(live_hub: Hub, cast: Cast):
    desk = Desk(live_hub, cast.agent)

    def flood() -> None:
        for _ in range(300):
            desk.send("{")
        desk.until(lambda frame: False)

    with pytest.raises(ConnectionClosed) as closed:
        flood()
    assert closed.value.rcvd.code == 4008


def test_idle_desk_still_hears_after_seven_seconds(live_hub: Hub, visitor: Visitor, cast: Cast):
    desk = Desk(live_hub, cast.agent)
    desk.follow("desk")
    time.sleep(7)
    add_note(Ticket.objects.get(), "메모", by=cast.agent, at=timezone.now())
    desk.until_hint("desk", seconds=3)
    desk.close()


def test_everybody_at_the_desk_hears_an_answer(live_hub: Hub, visitor: Visitor, cast: Cast):
    ticket = Ticket.objects.get()
    desks = [Desk(live_hub, person) for person in (cast.agent, cast.lead, cast.owner)]
    for desk in desks:
        desk.follow(f"ticket.{ticket.public_id.hex}")
    reply_to_ticket(ticket, "답변", by=cast.agent, at=timezone.now())
    for desk in desks:
        desk.until_hint(f"ticket.{ticket.public_id.hex}")
        desk.close()
