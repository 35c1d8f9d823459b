"""A visitor's socket on a running hub: what is said arrives once, in order, on every open page."""

import json
import random
import time
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.utils import timezone
from websockets.exceptions import ConnectionClosed, InvalidStatus

from channels_app.hub.actions import add_note, assign_ticket, reply_to_ticket
from channels_app.models.widget import WidgetSettings
from customers.models import Event
from tests.cast import Cast
from tests.channels_app.widget.visitors import Tab, Visitor, said_in
from tests.hubs import Hub
from tickets.models import Ticket


def reply(cast: Cast, text: str) -> None:
    reply_to_ticket(Ticket.objects.get(), text, by=cast.agent, at=timezone.now())


def test_message_is_stored_before_it_is_acknowledged(live_hub: Hub, visitor: Visitor):
    tab = Tab(live_hub, visitor).hello()
    id = tab.say("안녕하세요")
    ack = tab.until_acknowledged(id)
    event = Event.objects.get()
    assert (ack["seq"], ack["event"]) == (event.thread_seq, str(event.public_id))
    tab.until_seen("안녕하세요")
    assert tab.seen[0]["id"] == id
    tab.until_state("waiting")
    tab.close()


def test_agents_answer_arrives_by_itself_and_notes_never(live_hub: Hub, visitor: Visitor, cast: Cast):
    tab = Tab(live_hub, visitor).hello()
    tab.until_acknowledged(tab.say("계세요?"))
    ticket = Ticket.objects.get()
    assign_ticket(ticket, cast.agent, by=cast.agent, at=timezone.now())
    add_note(ticket, "비밀 메모", by=cast.agent, at=timezone.now())
    reply(cast, "네, 안녕하세요")
    tab.until_seen("네, 안녕하세요")
    assert "비밀" not in str(tab.seen)
    tab.until_state("assigned")
    assert tab.state["agent"] == "박상담"
    tab.close()


def test_two_tabs_show_the_same(live_hub: Hub, visitor: Visitor, cast: Cast):
    one, other = Tab(live_hub, visitor).hello(), Tab(live_hub, visitor).hello()
    one.say("첫째 창")
    other.until_seen("첫째 창")
    other.say("둘째 창")
    one.until_seen("둘째 창")
    reply(cast, "둘 다 보여요")
    for tab in (one, other):
        tab.until_seen("둘 다 보여요")
        assert tab.texts == ["첫째 창", "둘째 창", "둘 다 보여요"]
        tab.close()


def test_both_tabs_resend_the_same_queue(live_hub: Hub, visitor: Visitor):
    tabs = [Tab(live_hub, visitor).hello() for _ in range(2)]
    queue = [(str(uuid4()), f"{number}번째") for number in range(8)]

    def resend(tab: Tab) -> None:
        for id, text in queue:
            tab.until_acknowledged(tab.say(text, id=id))

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(resend, tabs))
    assert said_in(visitor.widget) == [text for _, text in queue]
    assert tabs[0].acks.keys() == tabs[1].acks.keys()
    assert all(tabs[0].acks[id] == tabs[1].acks[id] for id, _ in queue)
    for tab in tabs:
        tab.close()


def test_back_after_a_loss_she_gets_what_she_missed(live_hub: Hub, visitor: Visitor, cast: Cast):
    tab = Tab(live_hub, visitor).hello()
    tab.until_acknowledged(tab.say("하나"))
    tab.until_seen("하나")
    tab.close()
    reply(cast, "둘")
    reply(cast, "셋")
    again = Tab(live_hub, visitor, after=tab.upto).hello()
    assert again.texts == ["둘", "셋"]
    assert Tab(live_hub, visitor, after=again.upto).hello().texts == []
    assert Tab(live_hub, visitor).hello().texts == ["하나", "둘", "셋"]


def test_fetch_asks_again_from_any_place(live_hub: Hub, visitor: Visitor):
    tab = Tab(live_hub, visitor).hello()
    for text in ("하나", "둘"):
        tab.until_acknowledged(tab.say(text))
    tab.until_seen("둘")
    tab.seen.clear()
    tab.send({"kind": "fetch", "after": 1})
    tab.until_seen("둘")
    assert tab.texts == ["둘"]
    tab.close()


def test_socket_and_post_are_one_conversation(live_hub: Hub, visitor: Visitor):
    tab = Tab(live_hub, visitor).hello()
    id = str(uuid4())
    visitor.say("길이 달라도", id=id)
    tab.until_seen("길이 달라도")
    tab.until_acknowledged(tab.say("길이 달라도", id=id))
    assert said_in(visitor.widget) == ["길이 달라도"]
    tab.close()


def test_idle_socket_still_hears_after_seven_seconds(live_hub: Hub, visitor: Visitor, cast: Cast):
    # redis-py 8 closed idle listeners after five.
    tab = Tab(live_hub, visitor).hello()
    tab.until_acknowledged(tab.say("기다릴게요"))
    time.sleep(7)
    reply(cast, "오래 기다리셨죠")
    tab.until_seen("오래 기다리셨죠", seconds=3)
    tab.close()


@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_lost_the_page_equals_a_fresh_one(live_hub: Hub, visitor: Visitor, cast: Cast, seed: int):
    chance = random.Random(seed)
    tab = Tab(live_hub, visitor).hello()
    seen = []
    for number in range(20):
        text = f"{number}"
        if number and chance.random() < 0.4:
            reply(cast, text)
        elif chance.random() < 0.3:
            id = tab.say(text)
            tab.socket.socket.close()
            seen += tab.seen
            tab = Tab(live_hub, visitor, after=tab.upto).hello()
            tab.until_acknowledged(tab.say(text, id=id))
        else:
            tab.until_acknowledged(tab.say(text))
    tab.send({"kind": "ping"})
    tab.until_seen("19") if "19" not in [said["text"] for said in seen] else None
    fresh = Tab(live_hub, visitor).hello()
    assert [said["text"] for said in seen + tab.seen] == fresh.texts == [str(number) for number in range(20)]
    assert [said["seq"] for said in fresh.seen] == sorted({said["seq"] for said in fresh.seen})


@pytest.mark.parametrize("origin", ["https://evil.example", "null", None])
def test_other_pages_get_no_socket(live_hub: Hub, visitor: Visitor, origin: str | None):
    with pytest.raises(InvalidStatus) as refused:
        Tab(live_hub, visitor, origin=origin)
    assert refused.value.response.status_code == 403


def test_unknown_widget_gets_no_socket(live_hub: Hub, visitor: Visitor):
    visitor.widget = WidgetSettings(public_id=uuid4())
    with pytest.raises(InvalidStatus):
        Tab(live_hub, visitor)


def test_wrong_secret_is_closed(live_hub: Hub, visitor: Visitor):
    visitor.secret = "guessed"
    tab = Tab(live_hub, visitor)
    tab.send({"kind": "hello", **visitor.credentials, "after": 0})
    with pytest.raises(ConnectionClosed) as closed:
        tab.until(lambda frame: False)
    assert closed.value.rcvd.code == 4401
    assert tab.errors[0]["code"] == "unknown_visitor"


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("", "bad_frame"),
        ("{", "bad_frame"),
        ("[]", "bad_frame"),
        ('{"kind":"dance"}', "bad_frame"),
        ('{"kind":"send","id":"x","text":"y"}', "bad_frame"),
        ('{"kind":"send","text":"y"}', "bad_frame"),
        ('{"kind":"send","id":"0192f0c5-0000-4000-8000-000000000000","text":7}', "bad_frame"),
        ('{"kind":"fetch","after":"1"}', "bad_frame"),
        ('{"kind":"fetch","after":1e999}', "bad_frame"),
        ("[" * 10_000, "bad_frame"),
        ('{"kind":"send","text":"' + "가" * 20_000 + '"}', "too_big"),
        ('{"kind":"send","id":"0192f0c5-0000-4000-8000-000000000000","text":"\\ud83d"}', "bad_frame"),
        ('{"kind":"send","id":"0192f0c5-0000-4000-8000-000000000000","text":"  "}', "empty"),
        ('{"kind":"send","id":"0192f0c5-0000-4000-8000-000000000000","text":"' + "a" * 4001 + '"}', "too_long"),
    ],
)
def test_bad_frames_are_told_and_cost_nothing(live_hub: Hub, visitor: Visitor, frame: str, code: str):
    tab = Tab(live_hub, visitor).hello()
    tab.send(frame)
    assert tab.until(lambda told: told["kind"] == "error")["code"] == code
    tab.until_acknowledged(tab.say("그래도 됩니다"))
    assert said_in(visitor.widget) == ["그래도 됩니다"]
    tab.close()


def test_binary_frame_is_told(live_hub: Hub, visitor: Visitor):
    tab = Tab(live_hub, visitor).hello()
    tab.socket.send(b"\x00\x01")
    assert tab.until(lambda told: told["kind"] == "error")["code"] == "bad_frame"
    tab.close()


def test_frame_beyond_the_servers_limit_closes(live_hub: Hub, visitor: Visitor):
    tab = Tab(live_hub, visitor).hello()
    tab.send(json.dumps({"kind": "send", "id": str(uuid4()), "text": "x" * 200_000}))
    with pytest.raises(ConnectionClosed) as closed:
        tab.until(lambda frame: False)
    assert closed.value.rcvd.code == 1009


def test_nothing_before_hello(live_hub: Hub, visitor: Visitor):
    tab = Tab(live_hub, visitor)
    tab.say("인사도 없이")
    assert tab.until(lambda told: told["kind"] == "error")["code"] == "no_hello"
    assert not Event.objects.exists()
    tab.close()
