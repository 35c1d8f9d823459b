"""Many workers at once, and one that is killed anywhere: each rule acts once for each cause, and never not."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connections
from django.utils import timezone

from customers.models import Event
from tests.cast import Cast, make_organization
from tests.hubs import same_database
from tests.tickets.conversations import chat
from tests.tickets.ruling import done, follow, part, rule
from tickets.models import AlarmNotice, Rule, RuleRun, RuleTimer, RuleWork

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 6


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
        for finished in [pool.submit(alone, work) for work in works]:
            finished.result()


def test_customers_write_while_many_workers_ask_the_rules(cast: Cast) -> None:
    made = rule(cast.organization, "customer_message", part("tag", "가"), part("note", "봤음"))
    rule(cast.organization, "unanswered", part("note", "오래 기다림"), minutes=30)
    works: list[Callable[[], object]] = []
    for number in range(24):
        works.append(
            lambda number=number: chat(cast.organization, f"c{number % 8}", phone=f"010-0000-10{number % 8:02}")
        )
        works.append(lambda: follow(cast.organization))
    at_once(*works)
    follow(cast.organization)
    later = timezone.now() + timedelta(minutes=31)
    at_once(*[lambda: follow(cast.organization, at=later)] * 6)
    causes = Counter(RuleRun.objects.values_list("rule", "cause"))
    assert set(causes.values()) == {1}
    assert RuleRun.objects.filter(rule=made).count() == 24
    told = Counter(Event.objects.filter(type="note.added").values_list("text", flat=True))
    assert told == {"봤음": 24, "오래 기다림": 8}
    assert not RuleWork.objects.exists()
    assert {each.run_count for each in Rule.objects.all()} == {24, 8}


def test_a_worker_killed_before_any_statement_does_all_or_nothing(cast: Cast) -> None:
    rule(
        cast.organization,
        "customer_message",
        part("tag", "가"),
        part("assign", cast.agent.public_id.hex),
        part("notify", "leads"),
    )
    rule(cast.organization, "unanswered", part("note", "오래"), minutes=5)
    for number in range(2):
        chat(cast.organization, f"c{number}", phone=f"010-0000-000{number}", ago=3)
    environment = os.environ | same_database() | {"DJANGO_SETTINGS_MODULE": "cxhub.settings"}
    command = [sys.executable, "-m", "tests.tickets.dying_follower", str(cast.organization.pk)]
    states = []
    with subprocess.Popen(
        command,
        env=environment,
        cwd=settings.BASE_DIR,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as follower:
        assert follower.stdin is not None
        assert follower.stdout is not None
        for nth in range(1, 200):
            print(nth, file=follower.stdin, flush=True)
            if follower.stdout.readline() != "killed\n":
                break
            states.append((RuleRun.objects.count(), len(done(cast.organization)), AlarmNotice.objects.count()))
        follower.stdin.close()
    assert len(states) > 20
    # One batch of the intake is one transaction.
    assert set(states) <= {(0, 0, 0), (1, 2, 1), (2, 4, 2)}
    assert (RuleRun.objects.count(), len(done(cast.organization)), AlarmNotice.objects.count()) == (2, 4, 2)
    assert RuleTimer.objects.count() == 2
    assert not RuleWork.objects.exists()
