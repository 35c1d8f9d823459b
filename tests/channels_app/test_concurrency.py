"""Exactly one effect, with everybody sending everything at once to two hubs, one of which is killed on the way."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from django.db import connections
from django.db.models import Sum
from django.utils.timezone import now

from channels_app.api.actions import create_api_key
from channels_app.intake import Sender, receive
from channels_app.models import RefusedEvent, RepeatedEvent
from customers.models import Customer, Event
from tests import cast
from tests.channels_app.envelopes import envelope, said, sale
from tests.customers.incoming import profiles
from tests.hubs import Hub
from tests.tickets.test_refold import stored

EVENTS = 300
SENDERS = 6
GIVE_UP_SECONDS = 120  # a quiet machine takes ten


def a_day() -> list[dict[str, Any]]:
    """Sales, chats with answers and ends, calls, and messenger visitors who say later who they are."""
    events = []
    for number in range(EVENTS // 6):
        person = number % 17
        phone, kakao = f"010-0000-{person:04}", {"kakao:@shop": f"visitor-{person}"}
        thread, start = f"chat-{number % 23}", number * 7
        events += [
            sale(f"sale-{number}", phone=phone, minutes=start, total=1000 * (number + 1)),
            said(f"said-{number}", thread, f"{number}번째 문의", phone=phone, minutes=start + 1),
            envelope(
                f"answer-{number}",
                "chat.message",
                minutes=start + 3,
                source="/seoul/chat",
                thread=thread,
                from_="agent",
                agent="kim@haneul.example",
                text="확인했습니다",
            ),
            envelope(
                f"kakao-{number}",
                "message.message",
                minutes=start + 4,
                source="/busan/kakao",
                customer={"external": kakao} if number % 3 else {"external": kakao, "phone": phone},
                thread=f"kakao-{person}",
                service="kakao",
                from_="customer",
                text="안녕하세요",
            ),
            envelope(
                f"call-{number}",
                "call.queued" if number % 2 else "call.abandoned",
                minutes=start + 5 + number % 2,
                source="/seoul/call",
                customer={"phone": phone},
                thread=f"call-{number // 2}",
            ),
            envelope(
                f"end-{number}",
                "ticket.resolved",
                minutes=start + 6,
                source="/seoul/chat",
                thread=thread,
                agent="kim@haneul.example",
                topic="exchange",
            ),
        ]
    return events


class Senders:
    """Deliver the same events in their own orders to whichever hub is up, and send again what was not answered."""

    def __init__(self, hubs: list[Hub], key: str, events: list[dict[str, Any]]) -> None:
        self.hubs = hubs
        self.events = events
        self.headers = {"Authorization": f"Bearer {key}"}
        self.lock = threading.Lock()
        self.answers: dict[str, set[str]] = defaultdict(set)
        self.created: Counter[str] = Counter()
        self.failures: Counter[str] = Counter()
        self.may_stop = threading.Event()
        self.give_up_at = time.monotonic() + GIVE_UP_SECONDS

    def send(self, number: int) -> None:
        chance = random.Random(number)
        with httpx.Client(headers=self.headers, timeout=25) as client:
            while True:
                for part in self._parts(number, chance):
                    self._deliver(client, part, chance)
                if self.may_stop.is_set():
                    return

    def _parts(self, number: int, chance: random.Random) -> Iterator[list[dict[str, Any]]]:
        order = chance.sample(self.events, len(self.events))
        while order:
            length = 1 if number % 2 else chance.randint(2, 60)
            yield order[:length]
            order = order[length:]

    def _deliver(self, client: httpx.Client, part: list[dict[str, Any]], chance: random.Random) -> None:
        while time.monotonic() < self.give_up_at:
            hub = chance.choice(self.hubs)
            try:
                answer = client.post(f"{hub.url}/api/v1/events/", json=part if len(part) > 1 else part[0])
            except httpx.TransportError as error:
                self._count_failure(type(error).__name__)
                time.sleep(0.02)
                continue
            if answer.status_code in (200, 201, 207):
                told = answer.json()
                self._note(told if isinstance(told, list) else [told])
                return
            assert answer.status_code == 503, answer.text
            self._count_failure("503")
        raise AssertionError("The hubs did not answer in time.")

    def _count_failure(self, name: str) -> None:
        with self.lock:
            self.failures[name] += 1

    def _note(self, outcomes: list[dict[str, Any]]) -> None:
        with self.lock:
            for outcome in outcomes:
                assert outcome["status"] in ("created", "duplicate"), outcome
                self.answers[outcome["id"]].add(outcome["event"])
                self.created[outcome["id"]] += outcome["status"] == "created"

    @property
    def answered(self) -> int:
        with self.lock:
            return len(self.answers)


@pytest.mark.django_db(transaction=True)
def test_everybody_sends_everything_at_once_and_a_hub_is_killed(hub_factory: Callable[..., Hub]) -> None:
    organization, reference = cast.make_organization().organization, cast.make_other_organization().organization
    events = a_day()
    sources = ["/seoul", "/busan"]
    _key, secret = create_api_key(
        organization,
        name="all",
        scopes=["events:write"],
        sources=sources,
        by=cast.SETUP,
        at=now(),
        events_per_minute=None,
    )
    assert all(
        outcome.is_created
        for outcome in receive(reference, events, sender=Sender(label="one", sources=tuple(sources)), at=now())
    )
    hubs = [hub_factory(), hub_factory()]
    senders = Senders(hubs, secret, events)
    with ThreadPoolExecutor(SENDERS) as pool:
        running = [pool.submit(senders.send, number) for number in range(SENDERS)]
        while senders.answered < EVENTS // 3 and not any(sender.done() for sender in running):
            time.sleep(0.005)
        at_kill = senders.answered
        hubs[1].kill()
        hubs[1] = hub_factory()
        senders.may_stop.set()
        for sender in running:
            sender.result()

    assert at_kill < EVENTS, "The hub was to be killed in the middle."
    assert senders.failures, "Somebody was to find a dead hub."
    rows = {row.event_id: str(row.public_id) for row in Event.objects.filter(organization=organization)}
    assert Event.objects.filter(organization=organization).count() == len(rows) == EVENTS
    # Every answer for one id names the same event, and it is the one that is there.
    assert {event_id: {event} for event_id, event in rows.items()} == senders.answers
    assert max(senders.created.values()) == 1
    assert not RefusedEvent.objects.exists()
    assert not RepeatedEvent.objects.exists()
    assert profiles(organization) == profiles(reference)
    assert stored(organization) == stored(reference)


@pytest.mark.django_db(transaction=True)
def test_the_same_events_in_batches_of_other_make_have_one_effect() -> None:
    """Each batch writes what needs no lock first and may then wait for who waits for that: the database ends one."""
    organization = cast.make_organization().organization
    door = Sender(label="import", sources=("/seoul",))
    known = [sale(f"known-{number}", phone=f"010-0000-{number:04}") for number in range(60)]
    receive(organization, known, sender=door, at=now())
    events = [sale(f"again-{number}", phone=f"010-0000-{number:04}") for number in range(60)]
    events += [sale(f"new-{number}", phone=f"010-1111-{number:04}") for number in range(60)]
    events += [said(f"said-{number}", f"t{number % 7}", "문의", phone=f"010-0000-{number:04}") for number in range(30)]
    created: Counter[str] = Counter()
    together = threading.Barrier(4)

    def deliver(part: int) -> None:
        mine = [event for number, event in enumerate(events) if (number + part) % 4]
        random.Random(part).shuffle(mine)
        together.wait()
        outcomes = receive(organization, mine, sender=door, at=now())
        assert {outcome.status for outcome in outcomes} <= {"created", "duplicate"}
        created.update(str(outcome.id) for outcome in outcomes if outcome.is_created)
        connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(deliver, part) for part in range(4)]:
            done.result()
    assert created == Counter(event["id"] for event in events)
    assert Event.objects.filter(organization=organization).count() == len(events) + len(known)
    assert not RepeatedEvent.objects.exists()
    counted = Customer.objects.filter(organization=organization).aggregate(Sum("event_count"))
    assert counted == {"event_count__sum": len(events) + len(known)}


@pytest.mark.django_db(transaction=True)
def test_deliveries_with_the_same_new_customers_wait_for_each_other(caplog: pytest.LogCaptureFixture) -> None:
    """Nobody works in vain and begins again: whoever comes second looks once more whose the numbers are."""
    organization = cast.make_organization().organization
    door = Sender(label="import", sources=("/seoul",))
    together = threading.Barrier(4)

    def deliver(part: int) -> None:
        batch = [sale(f"{part}-{number}", phone=f"010-0000-{number:04}") for number in range(60)]
        random.Random(part).shuffle(batch)
        together.wait()
        assert all(outcome.is_created for outcome in receive(organization, batch, sender=door, at=now()))
        connections.close_all()

    with caplog.at_level(logging.INFO, logger="channels_app.intake"), ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(deliver, part) for part in range(4)]:
            done.result()
    assert Customer.objects.filter(organization=organization).count() == 60
    assert set(Customer.objects.values_list("event_count", flat=True)) == {4}
    assert "begins again" not in caplog.text
