"""The list of her conversations: hers alone, the newest first, each to be read and written in, and a new one begun."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from channels_app.hub.actions import add_note, reply_to_ticket, resolve_ticket
from channels_app.models.widget import WidgetConversation, WidgetSettings
from tests.cast import Cast
from tests.channels_app.widget.visitors import Tab, Visitor, said_in, signed, visitor_of
from tests.hubs import Hub
from tickets.models import Ticket


def listed(visitor: Visitor) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = visitor.post("conversations", visitor.credentials).json()["conversations"]
    return found


def begin(visitor: Visitor) -> str:
    visitor.conversation = visitor.post("begin", visitor.credentials).json()["conversation"]
    return visitor.conversation


def test_newest_first_with_last_words_and_what_is_unread(visitor: Visitor, cast: Cast):
    assert listed(visitor) == []
    first = visitor.conversation
    visitor.say("첫 문의")
    ticket = Ticket.objects.get()
    second = begin(visitor)
    assert second != first
    visitor.say("다른 문의")
    reply_to_ticket(ticket, "첫 문의 답이에요", by=cast.agent, at=timezone.now())
    add_note(ticket, "속으로만", by=cast.agent, at=timezone.now())
    resolve_ticket(ticket, topic="", by=cast.agent, at=timezone.now())
    one, other = listed(visitor)
    assert (one["id"], one["text"], one["from"], one["unread"], one["status"]) == (
        *(first, "첫 문의 답이에요", "agent", 1),
        "resolved",
    )
    assert (other["id"], other["text"], other["unread"], other["status"]) == (second, "다른 문의", 0, "open")
    answer = visitor.open()
    assert (answer["conversation"], answer["unread_elsewhere"], answer["seen"]) == (second, 1, 0)
    visitor.conversation = first
    upto = visitor.post("fetch", {**visitor.credentials, "after": 0}).json()["upto"]
    visitor.post("fetch", {**visitor.credentials, "seen": upto})
    assert visitor.open()["seen"] == upto
    assert [one["unread"] for one in listed(visitor)] == [0, 0]


def test_an_earlier_one_is_read_and_written_in(visitor: Visitor, cast: Cast):
    first = visitor.conversation
    visitor.say("첫 문의")
    begin(visitor)
    visitor.say("다른 문의")
    visitor.conversation = first
    answer = visitor.open(after=0)
    assert (answer["conversation"], [said["text"] for said in answer["messages"]]) == (first, ["첫 문의"])
    assert visitor.say("이어서").status_code == 200
    assert Ticket.objects.count() == 2
    assert sorted(said_in(visitor.widget)) == ["다른 문의", "이어서", "첫 문의"]


def test_beginning_twice_begins_one(visitor: Visitor):
    visitor.say("첫 문의")
    earlier = dict(visitor.credentials)
    assert begin(visitor) == visitor.post("begin", earlier).json()["conversation"]
    assert WidgetConversation.objects.count() == 2


def test_an_empty_one_is_not_left_for_another(visitor: Visitor):
    assert begin(visitor) == visitor.credentials["conversation"]
    assert WidgetConversation.objects.count() == 1


def test_nobody_elses(visitor: Visitor):
    visitor.say("내 이야기")
    stranger = Visitor(visitor.widget)
    stranger.open()
    assert listed(stranger) == []
    own = stranger.conversation
    assert stranger.open(conversation=visitor.conversation)["conversation"] == own
    stranger.conversation = visitor.conversation
    for what in ("conversations", "begin", "fetch"):
        assert stranger.post(what, stranger.credentials).status_code == 403


def test_whom_the_shop_has_proven_finds_those_of_her_other_browsers(widget: WidgetSettings):
    phone, laptop, other = Visitor(widget), Visitor(widget), Visitor(widget)
    phone.open(token=signed(widget, member_no="M-1001"))
    phone.say("폰에서")
    laptop.open(token=signed(widget, member_no="M-1001"))
    other.open(token=signed(widget, sub="u-2"))
    assert [one["text"] for one in listed(laptop)] == ["폰에서"]
    assert listed(other) == []
    token = signed(widget, member_no="M-1001")
    answer = laptop.open(conversation=phone.conversation, token=token, after=0)
    assert [said["text"] for said in answer["messages"]] == ["폰에서"]
    other.conversation = phone.conversation
    assert other.post("fetch", other.credentials).status_code == 403


def test_the_list_costs_the_same_however_long_it_is(visitor: Visitor):
    def statements() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            listed(visitor)
        return len(queries)

    visitor.say("하나")
    few = statements()
    for number in range(5):
        begin(visitor)
        visitor.say(f"{number}")
    assert len(listed(visitor)) == 6
    assert statements() == few


def test_an_answer_in_another_conversation_is_told_as_a_number(live_hub: Hub, widget: WidgetSettings, cast: Cast):
    visitor = visitor_of(live_hub, widget)
    visitor.say("첫 문의")
    ticket = Ticket.objects.get()
    begin(visitor)
    visitor.say("다른 문의")
    tab = Tab(live_hub, visitor).hello()
    reply_to_ticket(ticket, "답이에요", by=cast.agent, at=timezone.now())
    assert tab.until(lambda frame: frame["kind"] == "elsewhere") == {"kind": "elsewhere", "unread": 1}
    assert "답이에요" not in tab.texts
    tab.until_acknowledged(tab.say("여기는 여기"))
    tab.until_seen("여기는 여기")
    tab.close()
