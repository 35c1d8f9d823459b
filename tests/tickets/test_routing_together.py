"""Many workers at once: no ticket goes to two people, nobody gets more than her limit, nothing is left lying."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from django.db import connections
from django.utils import timezone

from channels_app.hub.actions import assign_ticket, resolve_ticket
from customers.models import Event
from tests.cast import Cast, make_organization, make_person
from tests.hubs import same_database
from tests.tickets.conversations import chat
from tests.tickets.teams import online, owners, route, routes
from tickets.actions.availability import choose_state
from tickets.models import Ticket
from tickets.routing import Mode

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 8


@pytest.fixture
def cast() -> Cast:
    return make_organization()


def at_once(*works: Callable[[], object]) -> None:
    def alone(work: Callable[[], object]) -> None:
        try:
            work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        for done in [pool.submit(alone, work) for work in works]:
            done.result()


@pytest.mark.parametrize("mode", [Mode.ROUND_ROBIN, Mode.LEAST_LOADED])
def test_two_centers_that_share_their_people(cast: Cast, mode: Mode) -> None:
    routes(cast.seoul, mode, limit=3)
    routes(cast.busan, mode, limit=3)
    shared = [make_person(cast.organization, f"shared{n}", centers=[cast.seoul, cast.busan]) for n in range(3)]
    online(cast.agent, cast.outsider, *shared)
    for number in range(24):
        source = ("/seoul/chat", "/busan/chat")[number % 2]
        chat(cast.organization, f"c{number}", ago=60 - number, phone="", source=source)
    at_once(*[lambda center=center: route(center) for center in (cast.seoul, cast.busan) * THREADS])
    counts = Counter(owners().values())
    assert counts.pop("") == 24 - 15
    assert set(counts.values()) == {3}, counts
    given = Counter(Event.objects.filter(type="ticket.assigned").values_list("thread", flat=True))
    assert set(given.values()) == {1}


def test_customers_write_agents_take_leave_and_resolve_while_it_routes(cast: Cast) -> None:
    routes(cast.seoul, limit=2)
    team = [cast.agent, *(make_person(cast.organization, f"a{n}", centers=[cast.seoul]) for n in range(4))]
    online(*team)
    choice = random.Random(7)

    def write(number: int) -> None:
        chat(cast.organization, f"c{number}", phone=f"010-0000-{number:04}")

    def take_and_resolve() -> None:
        ticket = Ticket.objects.open().order_by("?").first()
        if ticket is not None:
            assign_ticket(ticket, cast.lead, by=cast.lead, at=timezone.now())
            resolve_ticket(ticket, topic="", by=cast.lead, at=timezone.now())

    def leave_and_come_back(place: int) -> None:
        choose_state(team[place], "offline", at=timezone.now())
        route(cast.seoul)
        online(team[place])

    works: list[Callable[[], object]] = [lambda number=number: write(number) for number in range(30)]
    works += [take_and_resolve] * 8
    works += [lambda place=place: leave_and_come_back(place) for place in (0, 1, 2, 3)]
    works += [lambda: route(cast.seoul)] * 24
    choice.shuffle(works)
    at_once(*works)
    while route(cast.seoul):
        pass
    is_open = Ticket.objects.open().values_list("thread", flat=True)
    counts = Counter(email for thread, email in owners().items() if thread in set(is_open))
    waiting = counts.pop("", 0)
    assert max(counts.values(), default=0) <= 2, counts
    # Whatever is left waits because everybody has all that she may have.
    assert not waiting or [counts[person.email] for person in team] == [2] * 5


def test_a_worker_killed_before_any_statement_leaves_all_or_nothing(cast: Cast) -> None:
    routes(cast.seoul, limit=3)
    online(cast.agent)
    for number in range(3):
        chat(cast.organization, f"c{number}", ago=9 - number)
    states = []
    with subprocess.Popen(
        [sys.executable, "-m", "tests.tickets.dying_router", str(cast.seoul.pk)],
        cwd=settings.BASE_DIR,
        env={**os.environ, **same_database()},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as router:
        assert router.stdin
        assert router.stdout
        for nth in range(1, 80):
            router.stdin.write(f"{nth}\n")
            router.stdin.flush()
            if router.stdout.readline() != "killed\n":
                break
            states.append(tuple(sorted(owners().values())))
        router.stdin.close()
    assert len(states) > 10
    assert set(states) <= {("",) * 3, (cast.agent.email,) * 3}
    assert set(owners().values()) == {cast.agent.email}
    assert Event.objects.filter(type="ticket.assigned").count() == 3
