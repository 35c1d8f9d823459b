"""What a visitor is told while she waits: her place, as it changes; out of hours, when people are back."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from accounts.actions import set_center_schedule
from channels_app.hub.actions import assign_ticket, resolve_ticket
from channels_app.hub.handling import unassign_ticket
from channels_app.models.widget import WidgetSettings
from tests.cast import SETUP, Cast
from tests.channels_app.widget.visitors import Tab, Visitor
from tests.hubs import Hub
from tests.tickets.teams import online, route, routes
from tickets.models import Ticket

EVERY_DAY = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@pytest.fixture
def waiting(widget: WidgetSettings, cast: Cast) -> list[Visitor]:
    """Three who wait, in this order, in a center that is always open."""
    routes(cast.seoul, limit=1)
    visitors = [Visitor(widget) for _ in range(3)]
    for number, visitor in enumerate(visitors):
        visitor.open()
        visitor.say(f"{number}번째 문의")
    return visitors


def until_place(tab: Tab, place: int) -> None:
    if tab.state["place"] != place:
        tab.until(lambda _frame: tab.state["place"] == place)


def test_her_place_gets_smaller_by_itself(live_hub: Hub, waiting: list[Visitor], cast: Cast):
    last = Tab(live_hub, waiting[2]).hello()
    until_place(last, 3)
    first, second, _ = Ticket.objects.order_by("waiting_since")
    assign_ticket(first, cast.lead, by=cast.lead, at=timezone.now())
    until_place(last, 2)
    resolve_ticket(second, topic="", by=cast.lead, at=timezone.now())
    until_place(last, 1)
    assert last.state["place"] == 1
    unassign_ticket(Ticket.objects.get(pk=first.pk), by=cast.lead, at=timezone.now())
    until_place(last, 2)
    assign_ticket(first, cast.lead, by=cast.lead, at=timezone.now())
    online(cast.agent)
    route(cast.seoul)
    last.until_state("assigned")
    assert (last.state["agent"], last.state["place"]) == ("박상담", 0)
    last.close()


def test_the_same_by_post(waiting: list[Visitor]):
    answers = [visitor.post("fetch", visitor.credentials).json()["state"] for visitor in waiting]
    assert [answer["place"] for answer in answers] == [1, 2, 3]
    assert not any(answer["closed"] for answer in answers)


def test_out_of_hours_she_is_told_when_people_are_back(visitor: Visitor, cast: Cast):
    today = timezone.now().astimezone(cast.organization.zone).date()
    set_center_schedule(
        cast.seoul,
        hours={day: [["10:00", "18:00"]] for day in EVERY_DAY},
        holidays=[(today + timedelta(days=n)).isoformat() for n in range(2)],
        targets={},
        by=SETUP,
        at=timezone.now(),
    )
    opens = datetime.fromisoformat(visitor.open()["state"]["opens"])
    assert opens == datetime.fromisoformat(f"{today + timedelta(days=2)}T10:00:00+09:00")
    visitor.say("내일은 여나요?")
    state = visitor.post("fetch", visitor.credentials).json()["state"]
    assert (state["status"], state["place"], state["closed"]) == ("waiting", 1, True)
