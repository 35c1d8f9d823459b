"""However planner and sender are run, repeated or cut off: one survey for a cause, the caps and the night hold, none is lost."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from threading import Thread
from typing import Any
from zoneinfo import ZoneInfo

import time_machine
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels_app.deliveries.sending import send_due
from customers.models import Event
from customers.quiet import is_quiet, next_allowed
from kpi.actions.surveys_planning import plan_surveys
from kpi.actions.surveys_sending import hand_over_due, tell_what_was_sent
from kpi.models import Survey
from kpi.surveys import reasons
from tests.cast import Cast
from tests.kpi.surveys.shops import Provider, ask_after, buys, called, connect, resolved

MONDAY = datetime(2026, 11, 1, 15, 0, tzinfo=UTC)  # midnight in Seoul
HOUR = timedelta(hours=1)
SEOUL = ZoneInfo("Asia/Seoul")
NIGHT = {"quiet_from": time(21), "quiet_until": time(8)}
PHONES = ("010-0123-1111", "010-0123-2222")
HAPPENED = st.lists(
    st.tuples(st.sampled_from(["resolved", "call", "sale"]), st.sampled_from(PHONES), st.integers(0, 40)),
    min_size=1,
    max_size=5,
)
# What runs at which hour, and before which of its statements it is cut off (0: it is not).
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["plan", "hand", "send", "tell"]), st.integers(0, 12), st.sampled_from([0, 0, 3, 7, 12, 20])
    ),
    min_size=4,
    max_size=10,
)


HAPPENS: dict[str, Callable[..., Any]] = {"resolved": resolved, "call": called, "sale": buys}


class Killed(Exception):
    pass


@contextmanager
def cut_off(before: int) -> Iterator[None]:
    """The process dies before its n-th statement: what was not committed is gone."""
    seen = 0

    def die(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal seen
        seen += 1
        if seen == before:
            raise Killed
        return execute(sql, params, many, context)

    if not before:
        yield
        return
    with suppress(Killed), connection.execute_wrapper(die):
        yield


def run(cast: Cast, what: str, at: datetime, before: int = 0) -> None:
    with time_machine.travel(at, tick=False), cut_off(before):
        match what:
            case "plan":
                plan_surveys(cast.organization, at=at)
            case "hand":
                hand_over_due(cast.organization, at=at)
            case "send":
                send_due(cast.organization)
            case "tell":
                tell_what_was_sent(cast.organization, at=at)


def finish(cast: Cast, at: datetime) -> None:
    """Rounds as a worker that is well goes: what is cut off is taken up."""
    for hours in (0, 1, 5, 10, 15, 16, 20):  # whenever it begins, some of them by day
        for what in ("plan", "hand", "send", "tell"):
            run(cast, what, at + hours * HOUR)


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(happened=HAPPENED, steps=STEPS)
def test_the_promises_hold(
    db_reset: Any, provider: Provider, happened: list[tuple[str, str, int]], steps: list[tuple[str, int, int]]
):
    cast = db_reset()
    provider.posts.clear()
    connect(cast, provider, at=MONDAY - HOUR)
    for occasion in ("resolved", "call"):
        ask_after(cast, occasion, at=MONDAY - HOUR, wait_minutes=30)
    ask_after(cast, "purchase", at=MONDAY - HOUR, wait_minutes=60)
    for kind, phone, hour in happened:
        HAPPENS[kind](cast, at=MONDAY + hour * HOUR, phone=phone)
    at = MONDAY
    for what, hours, before in steps:
        at += hours * HOUR
        run(cast, what, at, before)
    finish(cast, max(at, MONDAY + 41 * HOUR))
    look_at(cast, provider)


def look_at(cast: Cast, provider: Provider) -> None:
    surveys = list(Survey.objects.filter(organization=cast.organization))
    assert not [one for one in surveys if one.state in ("planned", "handed")], "What was begun was not finished."
    assert max(Counter((one.occasion, one.cause) for one in surveys).values(), default=1) == 1
    sent = [one for one in surveys if one.state == "sent"]
    keys = {headers["Idempotency-Key"] for headers, _body in provider.posts}
    assert keys == {one.delivery.key.hex for one in sent}
    events = Event.objects.filter(organization=cast.organization, type="survey.sent")
    assert sorted(events.values_list("event_id", flat=True)) == sorted(one.sent_id for one in sent)
    by_customer: dict[int | None, list[datetime]] = defaultdict(list)
    for one in sent:
        by_customer[one.customer_id].append(one.sent_at)
        assert not is_quiet(one.sent_at, zone=cast.organization.zone, **NIGHT)
    for instants in by_customer.values():
        instants.sort()
        assert all(b - a >= timedelta(days=7) for a, b in pairwise(instants))
    # Whoever could be asked was: of each customer somebody knows, one went, or the reason stands there.
    asked = {one.customer_id for one in surveys}
    assert asked == set(by_customer)
    assert {one.reason for one in surveys if one.state == "dropped"} <= {reasons.TOO_SOON}


@given(st.integers(0, 365 * 24 * 3600).map(lambda seconds: MONDAY + timedelta(seconds=seconds)))
def test_the_morning_is_the_first_instant_that_is_allowed(at: datetime):
    allowed = next_allowed(at, zone=SEOUL, **NIGHT)
    assert not is_quiet(allowed, zone=SEOUL, **NIGHT)
    assert allowed - at <= 11 * HOUR
    assert allowed == at or is_quiet(allowed - timedelta(seconds=1), zone=SEOUL, **NIGHT)


def test_many_workers_at_once_ask_once(cast: Cast, provider: Provider):
    connect(cast, provider, at=MONDAY - HOUR)
    for occasion in ("resolved", "call", "ease"):
        ask_after(cast, occasion, at=MONDAY - HOUR, wait_minutes=30)
    for hour in (10, 11, 12):
        resolved(cast, at=MONDAY + hour * HOUR, phone=PHONES[0])
        called(cast, at=MONDAY + hour * HOUR, phone=PHONES[1])
    at = MONDAY + 14 * HOUR

    def work() -> None:
        try:
            plan_surveys(cast.organization, at=at)
            hand_over_due(cast.organization, at=at)
        finally:
            connection.close()

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    run(cast, "hand", at)
    run(cast, "send", at)
    run(cast, "tell", at)
    assert sorted(text["to"] for text in provider.texts) == ["01001231111", "01001232222"]
    look_at(cast, provider)
