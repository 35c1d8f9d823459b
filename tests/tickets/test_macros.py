"""Macros: everything or nothing, through the same doors as single acts."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Person
from customers.models import Event
from tests.cast import Cast, make_organization
from tests.tickets.conversations import FRAGMENT, answer, chat, logged_in, ring
from tickets.actions.tools import Audience, save_macro
from tickets.macros import Steps, steps_of
from tickets.models import Macro, Tag, Ticket

pytestmark = pytest.mark.django_db

KEY = "0192f0c5-0000-7000-8000-000000000001"


@pytest.fixture
def cast() -> Cast:
    return make_organization()


def make(cast: Cast, **steps: Any) -> Macro:
    told = {"title": "교환 접수", "shortcut": "접수", "audience": Audience(), "by": cast.owner, "at": timezone.now()}
    return save_macro(cast.organization, steps=Steps(**steps), **told)


def run(person: Person, ticket: Ticket, macro: Macro, **said: str) -> Any:
    url = f"/inbox/{ticket.public_id}/macros/{macro.public_id}/"
    return logged_in(person).post(url, said, headers=FRAGMENT)


def told(person: Person, ticket: Ticket, macro: Macro) -> str:
    url = f"/inbox/{ticket.public_id}/macros/{macro.public_id}/"
    return logged_in(person).get(url, headers=FRAGMENT).content.decode()


def acts() -> list[str]:
    return list(Event.objects.filter(source="/hub").order_by("thread_seq").values_list("type", flat=True))


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def test_all_is_done_in_its_order_and_at_once(cast: Cast):
    ticket = chat(cast.organization, "a", ago=5)
    steps = {"text": "{{고객 이름}}님, 교환해 드릴게요", "reply": "send", "note": "교환 건", "tags": ("교환", "VIP")}
    macro = make(cast, **steps, priority="high", assign="me", resolves=True, topic="exchange")
    response = run(cast.agent, ticket, macro, key=KEY)
    assert response.status_code == 200
    assert acts() == ["chat.message", "note.added", "ticket.tagged", "ticket.priority", "ticket.resolved"]
    said = Event.objects.get(type="chat.message", author="agent")
    assert (said.text, said.agent_email) == ("김서연님, 교환해 드릴게요", cast.agent.email)
    now = fresh(ticket)
    assert (now.is_open, now.topic, now.priority, now.agent_email) == (False, "exchange", "high", cast.agent.email)
    assert now.tag_keys == ["vip", "교환"]
    assert set(Tag.objects.values_list("name", flat=True)) == {"교환", "VIP"}
    assert Macro.objects.get().uses == 1


def test_the_same_press_twice_is_one(cast: Cast):
    ticket = chat(cast.organization, "a", ago=5)
    macro = make(cast, text="확인할게요", reply="send", tags=("vip",), snooze="hour")
    run(cast.agent, ticket, macro, key=KEY)
    run(cast.agent, ticket, macro, key=KEY)
    assert acts().count("chat.message") == 1
    assert acts().count("ticket.tagged") == 1


def test_what_cannot_be_done_is_told_and_nothing_is_done(cast: Cast):
    call = ring(cast.organization, "c")
    macro = make(
        cast, text="확인할게요", reply="send", tags=("vip",), assign="person", person=str(cast.outsider.public_id)
    )
    page = told(cast.agent, call, macro)
    assert "disabled" in page
    assert "전화" in page
    response = run(cast.agent, call, macro, key=KEY)
    assert response.status_code == 422
    problem = response.content.decode()
    assert "답변 보내기" in problem
    assert "담당" in problem
    assert acts() == []
    assert not Tag.objects.exists()
    assert Macro.objects.get().uses == 0


def test_a_second_answer_is_refused_with_everything_else(cast: Cast):
    ticket = chat(cast.organization, "a", ago=5)
    seen = str(fresh(ticket).last_seq)
    answer(cast.organization, "a", cast.lead)
    macro = make(cast, text="확인할게요", reply="send", priority="urgent")
    response = run(cast.agent, ticket, macro, key=KEY, seen=seen)
    assert response.status_code == 422
    assert "이팀장" in response.content.decode()
    assert acts() == []
    assert fresh(ticket).priority == "normal"
    assert run(cast.agent, ticket, macro, key=KEY, seen=str(fresh(ticket).last_seq)).status_code == 200


def test_an_answer_to_look_over_is_handed_to_the_page_and_not_sent(cast: Cast):
    ticket = chat(cast.organization, "a", phone="")
    macro = make(cast, text="{{고객 이름}}님, 확인할게요", priority="high")
    page = told(cast.agent, ticket, macro)
    assert "고객님, 확인할게요" in page
    assert "고객 이름" in page
    response = run(cast.agent, ticket, macro, key=KEY)
    assert "composer-insert" in response["HX-Trigger-After-Settle"]
    assert acts() == ["ticket.priority"]


def test_a_macro_hands_over_and_leads_back_who_no_longer_reaches_it(cast: Cast):
    ticket = chat(cast.organization, "a", ago=5)
    answer(cast.organization, "a", cast.agent, ago=3)
    macro = make(cast, note="부산에서 이어서 부탁해요", assign="center", center="busan")
    response = run(cast.agent, ticket, macro, key=KEY)
    assert response["HX-Redirect"] == "/inbox/"
    now = fresh(ticket)
    assert (now.center, now.agent_email) == (cast.busan, "")
    assert acts() == ["note.added", "ticket.unassigned", "ticket.moved"]


def test_steps_stand_on_those_before_them(cast: Cast):
    ticket = chat(cast.organization, "a", ago=5)
    # Whoever answers has the ticket: there is nothing left to assign.
    run(cast.agent, ticket, make(cast, text="네", reply="send", assign="me"), key=KEY)
    assert acts() == ["chat.message"]
    assert fresh(ticket).agent_email == cast.agent.email


def test_what_is_resolved_is_not_resolved_again(cast: Cast):
    ticket = chat(cast.organization, "a", ago=5)
    macro = make(cast, resolves=True, tags=("끝",))
    assert run(cast.agent, ticket, macro).status_code == 200
    assert run(cast.agent, ticket, macro).status_code == 422
    assert acts() == ["ticket.tagged", "ticket.resolved"]


def test_the_screen_takes_what_it_shows_again(cast: Cast):
    said = {
        "title": "접수",
        "audience": "everyone",
        "text": "네",
        "reply": "send",
        "tags": "교환, VIP,",
        "priority": "high",
    }
    said |= {"assign": f"person:{cast.lead.public_id}", "snooze": "", "resolves": "on", "topic": ""}
    client = logged_in(cast.lead)
    assert client.post("/settings/macros/new/", said).status_code == 302
    macro = Macro.objects.get()
    whom = {"assign": "person", "person": str(cast.lead.public_id)}
    assert steps_of(macro.steps) == Steps(
        text="네", reply="send", tags=("교환", "VIP"), priority="high", resolves=True, **whom
    )
    page = client.get(f"/settings/macros/{macro.public_id}/").content.decode()
    assert 'value="교환, VIP"' in page
    assert client.post(f"/settings/macros/{macro.public_id}/", said | {"snooze": "hour"}).status_code == 422
    assert (
        client.post("/settings/macros/new/", {"title": "빈 것", "audience": "own", "reply": "send"}).status_code == 422
    )
    assert client.post("/settings/macros/new/", said | {"text": "{{없음}}"}).status_code == 422
    assert Macro.objects.count() == 1
    assert client.post(f"/settings/macros/{macro.public_id}/delete/").status_code == 302
    assert not Macro.objects.exists()


def test_macros_stand_among_the_acts_of_a_ticket_and_in_its_list(cast: Cast):
    ticket = chat(cast.organization, "a")
    make(cast, priority="high")
    client, url = logged_in(cast.agent), f"/inbox/{ticket.public_id}/tools/"
    assert "data-macro-url" in client.get(url, headers=FRAGMENT).content.decode()
    menu = client.get(f"{url}?only=macros", headers=FRAGMENT).content.decode()
    assert "교환 접수" in menu
    assert "data-macro>" in menu
