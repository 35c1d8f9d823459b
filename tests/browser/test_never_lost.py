"""Whatever happens to the line, the hub or Redis: when it is over, both sides show what a fresh page shows."""

from __future__ import annotations

import json
import os
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pytest
from django.utils import timezone

from channels_app.api.actions import create_api_key
from channels_app.hub.actions import reply_to_ticket
from tests.browser.desk import until
from tests.browser.shop_page import ShopPage, box, opened, shop_of, texts, until_shown
from tests.browsers import PageOpener
from tests.cast import SETUP, Cast, make_organization
from tests.hubs import Hub
from tests.wire import RestartableRedis, Wire
from tickets.models import Ticket

# Playwright's own waiting is an eval, which the hub's policy forbids; so is `page.clock`. This is as far as it gets.
SHOWN = """() => ({
  rows: [...document.querySelectorAll("[data-row]")].map((row) => [row.dataset.row, row.dataset.order]),
  lines: [...document.querySelectorAll("[data-lines] li[id^='line-']")].map((line) => line.id),
  tabs: [...document.querySelectorAll("[data-list-tabs] a .tabular")].map((count) => count.textContent),
})"""
PATIENCE_SECONDS = 40.0
# What a browser and htmx write where a request has broken off.
BROKEN = ("net::ERR", "WebSocket", "htmx:sendError", "htmx:afterRequest", "htmx:timeout")


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_organization()


@dataclass
class Contacts:
    """Hands in what customers do, at the hub itself and not over the wire."""

    hub: Hub
    key: str
    count: int = 0

    def happens(self, *envelopes: dict[str, Any]) -> None:
        body = json.dumps(envelopes).encode()
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.key}"}
        request = urllib.request.Request(f"{self.hub.url}/api/v1/events/", body, headers)
        deadline = time.monotonic() + 15
        while True:  # a hub whose Redis is away for a moment is asked again, as every sender does
            try:
                with urllib.request.urlopen(request, timeout=10) as answer:
                    assert b'"refused"' not in answer.read()
                    return
            except (urllib.error.URLError, TimeoutError):
                assert time.monotonic() < deadline
                time.sleep(0.2)

    def message(self, thread: str, text: str, *, phone: str = "010-0000-0001", **data: Any) -> dict[str, Any]:
        self.count += 1
        return {
            "specversion": "1.0",
            "id": f"lost-{self.count}",
            "source": "/seoul/chat",
            "type": "chat.message",
            "time": timezone.now().isoformat(),
            "data": {"thread": thread, "from": "customer", "text": text, "customer": {"phone": phone}, **data},
        }

    def resolved(self, thread: str) -> dict[str, Any]:
        self.count += 1
        return {
            "specversion": "1.0",
            "id": f"lost-{self.count}",
            "source": "/seoul/chat",
            "type": "ticket.resolved",
            "time": timezone.now().isoformat(),
            "data": {"thread": thread, "agent": "agent@haneul.example"},
        }


@pytest.fixture
def start_contacts(cast: Cast) -> Callable[[Hub], Contacts]:
    _key, secret = create_api_key(
        cast.organization, name="sender", scopes=["events:write"], sources=["/seoul"], by=SETUP, at=timezone.now()
    )
    return lambda hub: Contacts(hub, secret)


@pytest.fixture
def wire(live_hub: Hub) -> Iterator[Wire]:
    wire = Wire(live_hub)
    yield wire
    wire.close()


@pytest.fixture
def open_over(chromium: Any) -> Iterator[Callable[[Any], PageOpener]]:
    """Opens pages over a wire. What a page says of a broken line in its console is expected."""
    openers: list[PageOpener] = []

    def over(wire: Any) -> PageOpener:
        openers.append(PageOpener(wire, chromium))
        return openers[-1]

    yield over
    for opener in openers:
        opener.close(forgiving=BROKEN)


class Desk:
    """An agent's list with a conversation beside it, over a wire, and what it must come to."""

    def __init__(self, opener: PageOpener, cast: Cast, contacts: Contacts) -> None:
        self.contacts, self._opener, self._cast = contacts, opener, cast
        for number in range(4):
            contacts.happens(contacts.message(f"other-{number}", "문의해요", phone=f"010-0000-010{number}"))
        contacts.happens(contacts.message("open", "첫 질문"))
        self._ticket = Ticket.objects.get(thread="open")
        self.page = opener(self._path, person=cast.agent)
        until(lambda: len(self.shown()["rows"]) == 5 and len(self.shown()["lines"]) == 1, PATIENCE_SECONDS)

    @property
    def _path(self) -> str:
        return f"/inbox/{self._ticket.public_id}/"

    def shown(self) -> Any:
        return self.page.evaluate(SHOWN)

    def goes_on(self) -> None:
        """What nobody hears of: more is said here, somebody comes, somebody is done."""
        contacts = self.contacts
        contacts.happens(contacts.message("open", "둘째"), contacts.message("open", "셋째"))
        contacts.happens(contacts.message("new", "새로 왔어요", phone="010-0000-0200"), contacts.resolved("other-1"))

    def assert_like_fresh(self, patience_seconds: float = PATIENCE_SECONDS) -> None:
        """Waits until the page shows what one that is opened now shows."""
        fresh = PageOpener(self.contacts.hub, self._opener.browser)
        page = fresh(self._path, person=self._cast.agent)
        until(lambda: len(page.evaluate(SHOWN)["rows"]) == 5, PATIENCE_SECONDS)
        wanted = page.evaluate(SHOWN)
        assert len(wanted["lines"]) == 3
        with suppress(AssertionError):
            until(lambda: self.shown() == wanted, patience_seconds)
        assert self.shown() == wanted
        fresh.close()


def test_the_line_is_cut_and_mended(wire: Wire, open_over: Any, cast: Cast, start_contacts: Any):
    desk = Desk(open_over(wire), cast, start_contacts(wire.hub))
    wire.cut()
    desk.goes_on()
    desk.page.locator("[data-live-bar]").wait_for(timeout=6000)
    wire.mend()
    desk.assert_like_fresh()
    assert desk.page.locator("[data-live-bar]").is_hidden()


def test_a_laptop_sleeps_and_wakes(wire: Wire, open_over: Any, cast: Cast, start_contacts: Any):
    """Nothing tells the page that its connections are dead; waking up, it asks."""
    desk = Desk(open_over(wire), cast, start_contacts(wire.hub))
    wire.freeze()
    desk.goes_on()
    wire.thaw()
    desk.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    desk.assert_like_fresh()


def test_a_proxy_drops_idle_sockets(wire: Wire, open_over: Any, cast: Cast, start_contacts: Any):
    wire.idle_seconds = 1.0
    desk = Desk(open_over(wire), cast, start_contacts(wire.hub))
    desk.page.wait_for_timeout(2500)
    desk.goes_on()
    desk.assert_like_fresh()


def test_the_hub_is_killed_and_another_takes_over(
    hub_factory: Callable[..., Hub], open_over: Any, cast: Cast, start_contacts: Any
):
    wire = Wire(hub_factory())
    desk = Desk(open_over(wire), cast, start_contacts(wire.hub))
    wire.hub.kill()
    wire.hub = desk.contacts.hub = hub_factory()
    desk.goes_on()
    desk.assert_like_fresh()
    wire.close()


def test_redis_comes_back_empty(hub_factory: Callable[..., Hub], open_over: Any, cast: Cast, start_contacts: Any):
    redis = RestartableRedis()
    try:
        wire = Wire(hub_factory(REDIS_URL=redis.url))
        desk = Desk(open_over(wire), cast, start_contacts(wire.hub))
        redis.kill()
        desk.page.wait_for_timeout(500)
        redis.start()
        desk.goes_on()
        desk.assert_like_fresh()
        wire.close()
    finally:
        redis.kill()


@pytest.mark.skipif(not os.environ.get("CI"), reason="ten seconds each way take a minute: run in CI")
def test_ten_seconds_of_latency(wire: Wire, open_over: Any, cast: Cast, start_contacts: Any):
    desk = Desk(open_over(wire), cast, start_contacts(wire.hub))
    wire.cut()
    wire.delay_seconds = 5.0
    wire.mend()
    desk.goes_on()
    desk.assert_like_fresh(patience_seconds=150)


@pytest.fixture
def shop(wire: Wire, cast: Cast) -> Iterator[ShopPage]:
    yield from shop_of(cast, wire.url)


def said(page: Any, text: str) -> None:
    box(page).fill(text)
    box(page).press("Enter")


@pytest.mark.parametrize("trouble", ["cut", "sleep"])
def test_a_visitors_words_outlive_the_line(wire: Wire, open_over: Any, shop: ShopPage, cast: Cast, trouble: str):
    page = opened(open_over(wire), shop)
    said(page, "하나")
    until_shown(page, "하나")
    if trouble == "cut":
        wire.cut()
    else:
        wire.freeze()
    said(page, "둘")
    said(page, "셋")
    reply_to_ticket(Ticket.objects.get(), "네, 말씀하세요", by=cast.agent, at=timezone.now())
    if trouble == "cut":
        wire.mend()
    else:
        wire.thaw()
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    until(lambda: len(texts(page)) == 5 and page.locator(".said.is-pending").count() == 0, PATIENCE_SECONDS)
    fresh = page.context.new_page()
    fresh.goto(shop.url)
    fresh.get_by_role("button", name="채팅 상담 열기").click()
    until_shown(fresh, "셋")
    until(lambda: len(texts(fresh)) == 5, PATIENCE_SECONDS)
    assert texts(page) == texts(fresh)
    _greeting, *rest = texts(fresh)
    assert [text for text in rest if text != "네, 말씀하세요"] == ["하나", "둘", "셋"]
