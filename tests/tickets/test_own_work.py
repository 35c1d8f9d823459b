"""Who waits for one person: whom her pages tell her of, and when they are asked to."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from channels_app.desk.groups import groups_within_reach
from channels_app.hub.actions import assign_ticket, reply_to_ticket
from channels_app.hub.handling import snooze_ticket
from tests.cast import Cast, make_organization
from tests.tickets.conversations import FRAGMENT, chat, happens, logged_in, ring
from tickets.events import work_group
from tickets.models import Ticket

PAGE = "/inbox/waits/"


@pytest.fixture
def cast() -> Cast:
    return make_organization()


def waits(cast: Cast) -> str:
    return logged_in(cast.agent).get(PAGE, headers=FRAGMENT).content.decode()


def hers(cast: Cast, thread: str) -> Ticket:
    ticket = chat(cast.organization, thread, "소매가 뜯어졌어요")
    assign_ticket(ticket, cast.agent, by=cast.lead, at=timezone.now())
    return ticket


@pytest.mark.django_db
def test_those_whose_customers_wait_are_told_and_not_who_they_are(cast: Cast):
    ticket = hers(cast, "a")
    chat(cast.organization, "nobody's")
    html = waits(cast)
    assert html.count("data-wait=") == 1
    assert f'data-wait="{ticket.public_id.hex}"' in html
    assert "고객이 내 답을 기다려요 · 채팅 · 서울" in html
    assert "김서연" not in html
    assert "소매" not in html
    reply_to_ticket(ticket, "교환해 드릴게요", by=cast.agent, at=timezone.now())
    assert "data-wait=" not in waits(cast)


@pytest.mark.django_db
def test_what_is_put_off_waits_for_its_time_and_a_call_has_its_card(cast: Cast):
    snooze_ticket(hers(cast, "a"), timezone.now() + timedelta(hours=1), by=cast.agent, at=timezone.now())
    ring(cast.organization, "c", ago=1)
    happens(cast.organization, "ticket.assigned", "c", agent=cast.agent.email)
    assert "data-wait=" not in waits(cast)


@pytest.mark.django_db
def test_it_costs_one_statement_more_than_being_logged_in(cast: Cast, django_assert_max_num_queries: Any):
    for thread in "abcde":
        hers(cast, thread)
    client = logged_in(cast.agent)
    client.get(PAGE)
    with django_assert_max_num_queries(4):
        client.get(PAGE)


@pytest.mark.django_db
def test_store_staff_answer_nobody(cast: Cast):
    assert logged_in(cast.store_staff).get(PAGE).status_code == 404
    assert groups_within_reach(cast.store_staff, ["work"]) == {f"person.{cast.store_staff.pk}": "person"}


@pytest.mark.django_db(transaction=True)
def test_her_pages_are_asked_to_look_when_a_customer_waits(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    told: list[str] = []
    monkeypatch.setattr("cxhub.live.publish_all", lambda messages: told.extend(group for group, _ in messages))
    mine = work_group(cast.organization.pk, cast.agent.email)
    assert groups_within_reach(cast.agent, ["work"])[mine] == "work"
    ticket = chat(cast.organization, "a")
    assert not [group for group in told if group.startswith("work.")], "nobody's"
    assign_ticket(ticket, cast.agent, by=cast.lead, at=timezone.now())
    assert told.count(mine) == 1
    told.clear()
    assign_ticket(ticket, cast.lead, by=cast.lead, at=timezone.now())
    assign_ticket(ticket, cast.agent, by=cast.lead, at=timezone.now())
    assert [group for group in told if group.startswith("work.")].count(mine) == 2, "gone, and here again"
    told.clear()
    reply_to_ticket(ticket, "네", by=cast.agent, at=timezone.now())
    assert told.count(mine) == 0, "her own answer is no news to her"
    chat(cast.organization, "a", "언제 와요?")
    assert told.count(mine) == 1
