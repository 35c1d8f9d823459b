"""How a desk page keeps itself current: hints for what it shows, a bar when the line is cut, a refresh after."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Person
from channels_app.hub.actions import reply_to_ticket
from cxhub import live
from tests.browsers import PageOpener
from tests.cast import Cast, make_organization
from tests.channels_app.widget.visitors import Visitor, make_widget
from tickets.models import Ticket

# A live element put into a quiet page, counting what it is told; as a fragment that htmx has just settled.
PUT = """(groups) => {
  window.told = [];
  const place = document.createElement("div");
  place.dataset.live = groups;
  place.id = "place";
  place.addEventListener("live", (event) => window.told.push(event.detail.at(-1).kind));
  document.getElementById("main").append(place);
  document.dispatchEvent(new CustomEvent("htmx:afterSettle"));
}"""


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_organization()


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    visitor = Visitor(make_widget(cast))
    visitor.open()
    visitor.say("안녕하세요")
    return Ticket.objects.get()


def until_told(page: Any, *kinds: str, seconds: float = 5.0) -> None:
    """Waits until the element was told exactly this. Playwright's own waiting is an eval, which the hub's policy forbids."""
    deadline = time.monotonic() + seconds
    while page.evaluate("window.told") != list(kinds):
        assert time.monotonic() < deadline, page.evaluate("window.told")
        page.wait_for_timeout(20)


def page_that_follows(open_page: PageOpener, person: Person, groups: str) -> Any:
    page = open_page("/settings/widget/", person=person)
    page.evaluate(PUT, groups)
    until_told(page, "subscribed")
    return page


def test_hint_reaches_the_element_that_names_the_group(open_page: PageOpener, cast: Cast, ticket: Ticket):
    page = page_that_follows(open_page, cast.lead, f"ticket.{ticket.public_id.hex}")
    reply_to_ticket(ticket, "답변", by=cast.agent, at=timezone.now())
    until_told(page, "subscribed", "ticket.changed")


def test_a_burst_refreshes_twice_and_not_fifty_times(open_page: PageOpener, cast: Cast, ticket: Ticket):
    page = page_that_follows(open_page, cast.lead, f"ticket.{ticket.public_id.hex}")
    for number in range(50):
        live.publish(f"ticket.{ticket.public_id.hex}", {"type": "hub.event", "kind": "ticket.changed", "seq": number})
    page.wait_for_timeout(600)
    assert 2 <= page.evaluate("window.told.length") <= 6


def test_other_groups_leave_it_alone(open_page: PageOpener, cast: Cast, ticket: Ticket):
    assert ticket.customer is not None
    # Not "desk": every page follows that by itself, for the caller's card.
    page = page_that_follows(open_page, cast.lead, f"customer.{ticket.customer.public_id.hex}")
    live.publish(f"ticket.{ticket.public_id.hex}", {"type": "hub.event", "kind": "ticket.changed", "seq": 9})
    page.wait_for_timeout(300)
    assert page.evaluate("window.told") == ["subscribed"]


def test_cut_line_shows_a_bar_and_refreshes_after(open_page: PageOpener, cast: Cast, ticket: Ticket):
    page = page_that_follows(open_page, cast.lead, f"ticket.{ticket.public_id.hex}")
    bar = page.locator("[data-live-bar]")
    assert bar.is_hidden()
    page.context.set_offline(True)
    bar.wait_for(timeout=4000)
    reply_to_ticket(ticket, "못 들은 답변", by=cast.agent, at=timezone.now())
    page.context.set_offline(False)
    until_told(page, "subscribed", "subscribed", seconds=8)
    assert bar.is_hidden()
    open_page.errors.clear()


def test_switched_off_person_is_told_and_left_alone(open_page: PageOpener, cast: Cast, ticket: Ticket):
    page = page_that_follows(open_page, cast.lead, f"ticket.{ticket.public_id.hex}")
    Person.objects.filter(pk=cast.lead.pk).update(is_active=False)
    live.publish(f"person.{cast.lead.pk}", {"type": "hub.event", "kind": "person.changed"})
    page.locator("[data-live-bar]").wait_for(timeout=4000)
    reply_to_ticket(ticket, "답변", by=cast.agent, at=timezone.now())
    page.wait_for_timeout(300)
    assert page.evaluate("window.told") == ["subscribed"]
