"""“We heard you”: who is told and who is not, in her own conversation, once, whatever happens on the way."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client

from accounts.policies import NotAllowed
from channels_app.consents.settings_actions import set_consents
from channels_app.hub.actions import resolve_ticket
from channels_app.intake import receive
from customers.models import Event
from tests.cast import SETUP, Cast, make_organization
from tests.channels_app.envelopes import START, TILL, envelope
from tests.voc.voices import NOW, chat, say_and_hear
from tickets.models import Ticket
from voc.actions import heard
from voc.actions.heard import CannotTell, by_day, check_text, send_heard, tell_heard
from voc.actions.improvements import Content, make_improvement, move_improvement
from voc.models import HeardReply, Improvement, Voice
from voc.queries.heard import Why, plan_for

BACKEND = "accounts.backends.PersonBackend"
TEXT = "{{고객 이름}}님, 말씀하신 포장을 바꾸었습니다. 알려 주셔서 감사합니다."
SEOUL = ZoneInfo("Asia/Seoul")
# Half past two in the afternoon of the day on which all of it was said.
AT = START + timedelta(hours=4, minutes=30)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_organization()


def by(number: int, name: str, text: str, **told: Any) -> dict[str, Any]:
    hers = {"phone": f"010-0000-{number:04d}", "name": name}
    return chat(f"m{number}", text, thread=f"chat:{number}", minutes=number, customer=hers, **told)


def done(cast: Cast, *envelopes: dict[str, Any]) -> Improvement:
    """An improvement that answers all that is said in these, and is done; so are their tickets."""
    say_and_hear(cast.organization, *envelopes)
    for ticket in Ticket.objects.filter(organization=cast.organization).waiting():
        resolve_ticket(ticket, topic="", by=cast.lead, at=AT - timedelta(minutes=30))
    content = Content("포장 바꾸기", "", None, None, None, None, 1, 3, "short")
    voices = list(Voice.objects.filter(organization=cast.organization))
    improvement = make_improvement(cast.organization, content, voices=voices, by=cast.lead, at=AT)
    move_improvement(improvement, Improvement.State.DONE, by=cast.lead, at=AT)
    return improvement


def everybody(cast: Cast, improvement: Improvement) -> list[Any]:
    return [one.customer.public_id for one in plan_for(cast.lead, improvement, at=AT).recipients]


def answers() -> list[tuple[str, str]]:
    return list(Event.objects.filter(author="agent").order_by("thread").values_list("thread", "text"))


def test_each_is_told_in_her_own_conversation_by_name(cast: Cast):
    improvement = done(cast, by(1, "김서연", "포장이 엉망이에요."), by(2, "이하나", "포장이 찢어졌어요."))
    assert tell_heard(improvement, TEXT, everybody(cast, improvement), by=cast.lead, at=AT) == 2
    assert answers() == []
    assert send_heard(cast.organization, at=AT) == 2
    assert [(thread, text.split(",")[0]) for thread, text in answers()] == [
        ("chat:1", "김서연님"),
        ("chat:2", "이하나님"),
    ]
    event = Event.objects.filter(author="agent").first()
    assert (event.source, event.agent_email) == ("/hub", cast.lead.email)
    assert set(HeardReply.objects.values_list("state", flat=True)) == {"sent"}


def test_nobody_is_told_twice(cast: Cast):
    improvement = done(cast, by(1, "김서연", "포장이 엉망이에요."))
    chosen = everybody(cast, improvement)
    assert tell_heard(improvement, TEXT, chosen, by=cast.lead, at=AT) == 1
    assert tell_heard(improvement, TEXT, chosen, by=cast.owner, at=AT) == 0
    send_heard(cast.organization, at=AT)
    send_heard(cast.organization, at=AT)
    assert tell_heard(improvement, TEXT, chosen, by=cast.owner, at=AT) == 0
    assert len(answers()) == 1
    (left,) = plan_for(cast.lead, improvement, at=AT).left_out
    assert left.why == Why.TOLD
    other = done(cast)
    assert [one.why for one in plan_for(cast.lead, other, at=AT).left_out] == [Why.TOLD_LATELY]
    later = plan_for(cast.lead, other, at=AT + timedelta(days=8))
    assert len(later.recipients) == 1


def test_a_worker_that_dies_after_sending_sends_nothing_twice(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    improvement = done(cast, by(1, "김서연", "포장이 엉망이에요."))
    tell_heard(improvement, TEXT, everybody(cast, improvement), by=cast.lead, at=AT)

    def dies(*_told: Any, **_named: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(heard, "_done", dies)
        with pytest.raises(KeyboardInterrupt):
            send_heard(cast.organization, at=AT)
    assert len(answers()) == 1
    assert send_heard(cast.organization, at=AT) == 1
    assert len(answers()) == 1


def test_who_is_left_out_and_why(cast: Cast):
    call = {"source": "/seoul/call", "thread": "call:9"}
    segments = [{"speaker": "customer", "text": "포장이 다 찢어져서 왔어요."}]
    improvement = done(
        cast,
        by(1, "김서연", "포장이 엉망이에요."),
        by(2, "이하나", "포장이 엉망이에요. 소비자원에 신고하겠습니다."),
        by(3, "박두리", "포장이 엉망이에요. 이제 광고 문자 보내지 마세요. 수신거부할게요."),
        envelope(
            "q",
            "call.queued",
            customer={"phone": "010-0000-0009", "name": "최전화"},
            to="1",
            minutes=9,
            **{"from": "2"},
            **call,
        ),
        envelope("t", "call.transcript", segments=segments, minutes=12, **call),
    )
    plan = plan_for(cast.lead, improvement, at=AT)
    assert [one.profile.name for one in plan.recipients] == ["김서연"]
    why = {one.profile.name: one.why for one in plan.left_out}
    assert why == {"이하나": Why.DELICATE, "박두리": Why.OPTED_OUT, "최전화": Why.NO_CONVERSATION}
    # Whoever picks them all the same tells only who may be told.
    everyone = [one.profile.public_id for one in plan.left_out] + everybody(cast, improvement)
    assert tell_heard(improvement, TEXT, everyone, by=cast.lead, at=AT) == 1


def test_what_she_says_meanwhile_counts(cast: Cast):
    improvement = done(cast, by(1, "김서연", "포장이 엉망이에요."))
    tell_heard(improvement, TEXT, everybody(cast, improvement), by=cast.lead, at=AT)
    hers = {"phone": "010-0000-0001", "name": "김서연"}
    say_and_hear(
        cast.organization, chat("m9", "소비자원에 신고하겠습니다.", thread="chat:1", minutes=60, customer=hers)
    )
    assert send_heard(cast.organization, at=AT) == 0
    reply = HeardReply.objects.get()
    assert reply.state == "not_sent"
    assert reply.reason
    assert answers() == []


def test_who_waits_for_an_answer_is_answered_by_a_person(cast: Cast):
    """What is told of an improvement answers nothing that she asked, and is not to count as if it did."""
    improvement = done(cast, by(1, "김서연", "포장이 엉망이에요."), by(2, "이하나", "포장이 찢어졌어요."))
    hers = {"phone": "010-0000-0001", "name": "김서연"}
    again = chat("m8", "제 주문은 언제 오나요?", thread="chat:1", minutes=250, customer=hers)
    say_and_hear(cast.organization, again)
    (left,) = plan_for(cast.lead, improvement, at=AT).left_out
    assert (left.profile and left.profile.name, left.why) == ("김서연", Why.WAITING)
    assert tell_heard(improvement, TEXT, everybody(cast, improvement), by=cast.lead, at=AT) == 1

    also = {"phone": "010-0000-0002", "name": "이하나"}
    meanwhile = chat("m9", "환불은요?", thread="chat:2", minutes=260, customer=also)
    say_and_hear(cast.organization, meanwhile)
    assert send_heard(cast.organization, at=AT) == 0
    assert answers() == []
    assert Ticket.objects.waiting().count() == 2
    assert "답변을 기다리고" in HeardReply.objects.get().reason


def test_another_centers_customers_are_not_a_leads_to_tell(cast: Cast):
    improvement = done(cast, by(1, "김서연", "포장이 엉망이에요."))
    Ticket.objects.update(center=cast.busan)
    Voice.objects.update(center=cast.busan)
    assert plan_for(cast.lead, improvement, at=AT).recipients == []
    assert len(plan_for(cast.owner, improvement, at=AT).recipients) == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "가" * 1001,
        "{{최근 구매}} 잘 쓰시나요",
    ],
)
def test_nonsense_does_not_go_out(text: str):
    with pytest.raises(CannotTell):
        check_text(text)


def in_kakao(number: int, name: str) -> dict[str, Any]:
    return by(number, name, "포장이 엉망이에요.", service="kakao") | {"type": "message.message"}


@pytest.mark.parametrize("text", ["10% 할인 쿠폰을 드려요", "(광고) 신상이 나왔어요", "A sale for you"])
def test_what_advertises_goes_to_those_who_agreed_in_that_medium(cast: Cast, text: str):
    improvement = done(cast, *(in_kakao(n, name) for n, name in enumerate(["김서연", "이하나", "박두리"], start=1)))
    people = everybody(cast, improvement)
    with pytest.raises(CannotTell, match=r"연락처|contact"):
        tell_heard(improvement, text, people, by=cast.lead, at=AT)
    set_consents(cast.organization, tells_results=True, reminds=False, contact="02-000-0100", by=SETUP, at=AT)
    for number, media in ((1, ["kakao"]), (2, ["sms"])):
        told = {"media": media, "how": "web", "version": "1", "customer": {"phone": f"010-0000-{number:04d}"}}
        (outcome,) = receive(cast.organization, [envelope(f"c{number}", "consent.given", **told)], sender=TILL, at=AT)
        assert not outcome.is_refused
    with pytest.raises(CannotTell, match="2"):
        tell_heard(improvement, text, people, by=cast.lead, at=AT)
    plan = plan_for(cast.lead, improvement, at=AT, is_advertising=True)
    assert [one.profile.name for one in plan.recipients] == ["김서연"]
    assert {one.why for one in plan.left_out} == {Why.NO_CONSENT}
    assert tell_heard(improvement, text, [plan.recipients[0].customer.public_id], by=cast.lead, at=AT) == 1
    send_heard(cast.organization, at=AT)
    ((_thread, said),) = answers()
    assert said.startswith("(광고) 하늘상회 02-000-0100\n" if cast.organization.language == "ko" else "(Ad)")
    assert text in said


def test_a_consent_taken_back_meanwhile_stops_what_advertises(cast: Cast):
    improvement = done(cast, in_kakao(1, "김서연"))
    set_consents(cast.organization, tells_results=True, reminds=False, contact="02-000-0100", by=SETUP, at=AT)
    told = {"media": ["kakao"], "how": "web", "customer": {"phone": "010-0000-0001"}}
    receive(cast.organization, [envelope("c1", "consent.given", version="1", **told)], sender=TILL, at=AT)
    tell_heard(improvement, "쿠폰을 드려요", everybody(cast, improvement), by=cast.lead, at=AT)
    receive(cast.organization, [envelope("c2", "consent.withdrawn", **told)], sender=TILL, at=AT)
    assert send_heard(cast.organization, at=AT) == 0
    assert (answers(), HeardReply.objects.get().state) == ([], "not_sent")


def test_at_night_it_waits_for_the_morning(cast: Cast):
    def at(hour: int, minute: int = 0) -> datetime:
        return datetime(2026, 11, 2, hour, minute, tzinfo=SEOUL)

    assert by_day(cast.organization, at(14)) == at(14)
    assert by_day(cast.organization, at(21)) == at(8) + timedelta(days=1)
    assert by_day(cast.organization, at(3)) == at(8)
    improvement = done(cast, by(1, "김서연", "포장이 엉망이에요."))
    tell_heard(improvement, TEXT, everybody(cast, improvement), by=cast.lead, at=at(23))
    assert send_heard(cast.organization, at=at(23, 30)) == 0
    assert send_heard(cast.organization, at=at(8) + timedelta(days=1)) == 1


def test_only_what_is_done_is_told_and_only_by_who_leads(cast: Cast):
    improvement = done(cast, by(1, "김서연", "포장이 엉망이에요."))
    with pytest.raises(NotAllowed):
        tell_heard(improvement, TEXT, [], by=cast.agent, at=AT)
    move_improvement(improvement, Improvement.State.DOING, by=cast.lead, at=AT)
    with pytest.raises(CannotTell):
        tell_heard(improvement, TEXT, [], by=cast.lead, at=AT)


@time_machine.travel(AT, tick=False)
def test_the_screen_shows_both_lists_and_keeps_what_was_typed(cast: Cast, client: Client):
    improvement = done(
        cast, by(1, "김서연", "포장이 엉망이에요."), by(2, "이하나", "포장이 엉망이에요. 소비자원에 신고하겠습니다.")
    )
    client.force_login(cast.lead, backend=BACKEND)
    url = f"/voc/improvements/{improvement.public_id}/tell/"
    read = client.get(url).content.decode()
    assert read.index("김서연") < read.index("not-title") < read.index("이하나")
    picked = everybody(cast, improvement)
    refused = client.post(url, {"text": "쿠폰을 드립니다", "customer": picked})
    assert refused.status_code == 422
    assert "쿠폰을 드립니다" in refused.content.decode()
    assert HeardReply.objects.count() == 0
    told = client.post(url, {"text": TEXT, "customer": picked}, follow=True).content.decode()
    assert HeardReply.objects.count() == 1
    assert "고객 1명에게 알리고 있습니다." in told
    client.force_login(cast.agent, backend=BACKEND)
    assert client.get(url).status_code == 404


def test_a_merged_customer_is_one(cast: Cast):
    improvement = done(cast, by(1, "김서연", "포장이 엉망이에요."), by(2, "김서연", "포장이 찢어졌어요."))
    merge = {"into": {"phone": "010-0000-0001"}, "from": {"phone": "010-0000-0002"}, "agent": cast.lead.email}
    receive(
        cast.organization,
        [envelope("mm", "customer.merged", source="/seoul/chat", minutes=90, **merge)],
        sender=TILL,
        at=NOW,
    )
    plan = plan_for(cast.lead, improvement, at=AT)
    assert len(plan.recipients) == 1
    # Her latest conversation, for both are hers.
    assert plan.recipients[0].ticket.thread == "chat:2"


@time_machine.travel(AT.replace(hour=14), tick=False)
def test_at_night_the_screen_says_when_it_goes_out(cast: Cast, client: Client):
    """23:00 in Seoul: neither the page nor the word after the press says that it has gone."""
    improvement = done(cast, by(1, "김서연", "포장이 엉망이에요."))
    client.force_login(cast.lead, backend=BACKEND)
    url = f"/voc/improvements/{improvement.public_id}/tell/"
    assert "08:00에 나갑니다" in client.get(url).content.decode()
    told = client.post(url, {"text": TEXT, "customer": everybody(cast, improvement)}, follow=True).content.decode()
    assert "고객 1명에게 08:00에 알립니다." in told
