"""The figures with two years of tickets: a month asked, its page, one more day caught up, all built again; beside plain SQL.

In an organization of its own, whose facts are built from its events: 6 events a ticket, as many chats as calls.
"""

from __future__ import annotations

import random
import resource
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import psycopg
from django.utils.timezone import now

from accounts.models import Organization
from benchmarks import dashboard_live
from benchmarks.door import Door
from benchmarks.figures import Figure
from benchmarks.population import populate, without_indexes
from benchmarks.shop import Shop, make_shop
from benchmarks.timing import ROUNDS, Timed, in_turns
from kpi.actions import catch_up, pack_days, rebuild
from kpi.actions.keeping import mark_stale
from kpi.models import Change, Day, FactRow, Following
from kpi.queries.figures import ask
from kpi.queries.question import Period
from kpi.views.dashboard import PARTS
from tickets.models import Ticket

TICKETS = 500_000
EVENTS_A_TICKET, CUSTOMERS_A_TICKET = 6, 0.6
MONTHS = 12
DAYS = 5
SIX = ("first_response", "fcr", "csat", "nps", "waiting", "volume")
ROLLUPS = (
    "SELECT day, is_stale, content FROM kpi_day WHERE organization_id = %s AND day >= %s AND day < %s ORDER BY day"
)
PERCENTILES = """
SELECT name, channel, agent_email, count(*), avg(calendar_us),
  percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY calendar_us),
  percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY business_us),
  count(DISTINCT customer_id), count(*) FILTER (WHERE until IS NULL)
FROM kpi_factrow WHERE organization_id = %s AND day >= %s AND day < %s GROUP BY name, channel, agent_email
"""
ALL_PERCENTILES = PERCENTILES.replace("SELECT name", "SELECT day, name").replace("GROUP BY name", "GROUP BY day, name")


def measure(
    connection: psycopg.Connection[Any], *, tickets: int = TICKETS, times: int = dashboard_live.TIMES
) -> Iterator[Figure]:
    shop = make_shop("figures")
    organization = shop.organization
    small = make_shop("figures-small").organization
    for one, count in ((organization, tickets), (small, tickets // 20)):
        _fill(connection, one, count)
    yield from _rebuilt(connection, organization, tickets)
    rebuild(small, *_whole(small), at=now())
    connection.execute("VACUUM (ANALYZE) kpi_factrow")
    connection.execute("VACUUM (ANALYZE) kpi_day")
    yield from _months(connection, organization, tickets)
    yield from _pages(connection, shop, tickets)
    yield from _days(connection, organization, small, tickets)
    yield from dashboard_live.measure(shop, times=times)


def _fill(connection: psycopg.Connection[Any], organization: Organization, tickets: int) -> None:
    if not Ticket.objects.filter(organization=organization).exists():
        events = tickets * EVENTS_A_TICKET
        customers = max(int(tickets * CUSTOMERS_A_TICKET), 100)
        half = tickets // 2
        with without_indexes(connection):
            populate(
                connection,
                organization.pk,
                customers=customers,
                events=events,
                seed=7,
                chats=half,
                calls=tickets - half,
            )
    # These were not delivered: all of them are built below, and none is followed.
    Following.objects.update_or_create(pk=1, defaults={"upto": 2**62, "gaps": []})


def _whole(organization: Organization) -> tuple[date, date]:
    today = now().astimezone(organization.zone).date()
    return today - timedelta(days=740), today + timedelta(days=120)


def _rebuilt(connection: psycopg.Connection[Any], organization: Organization, tickets: int) -> Iterator[Figure]:
    period = _whole(organization)
    began = time.perf_counter()
    facts = rebuild(organization, *period, at=now())
    from_events = time.perf_counter() - began
    connection.execute("VACUUM (ANALYZE) kpi_factrow")
    days = list(Day.objects.filter(organization=organization).values_list("day", flat=True))
    mark_stale(organization, days)
    began = time.perf_counter()
    pack_days(organization)
    from_facts = time.perf_counter() - began
    began = time.perf_counter()
    connection.execute(ALL_PERCENTILES, [organization.pk, *period]).fetchall()
    bare = time.perf_counter() - began
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    name = f"figures of {tickets:,} tickets ({facts:,} facts)"
    ratio = from_facts / bare
    yield Figure(f"{name}, all days from their facts / percentile_cont", "s", from_facts, bare, "≤ 8 ×", ratio <= 8)
    yield Figure(f"{name}, from the events / percentile_cont", "s", from_events, bare)
    yield Figure("– memory of the process that did it", "MB", megabytes, None, "≤ 500 MB", megabytes <= 500)


def _months(connection: psycopg.Connection[Any], organization: Organization, tickets: int) -> Iterator[Figure]:
    turns = _turns(organization)

    def dashboard(period: Period) -> object:
        asked = ask(organization, period, now())
        return asked.groups(figures=SIX), asked.groups(by="channel", figures=SIX)

    def everything(period: Period) -> object:
        return ask(organization, period, now()).groups(by="channel")

    def rows(period: Period) -> object:
        return connection.execute(ROLLUPS, [organization.pk, period.first, period.end], prepare=True).fetchall()

    six, whole, bare = in_turns(turns, dashboard, everything, rows)
    name = f"a month of {tickets:,} tickets in two years"
    for what, timed in (("six figures, alone and by channel", six), ("all figures by channel", whole)):
        reached = timed.p50 <= 10 * bare.p50 and timed.p99 <= 150
        yield Figure(
            f"{name}, {what}, p50 / SELECT of its rollups", "ms", timed.p50, bare.p50, "≤ 10 ×, p99 ≤ 150 ms", reached
        )
        yield Figure("– p99", "ms", timed.p99, bare.p99)


def _turns(organization: Organization) -> list[list[Period]]:
    """Some months, in another order in each round; all of them and the months before them lie in the two years."""
    first, _end = _whole(organization)
    chance = random.Random(3)
    months = [
        Period(start, start + timedelta(days=30))
        for start in (first + timedelta(days=40 + chance.randrange(640)) for _ in range(MONTHS))
    ]
    return [chance.sample(months, len(months)) for _ in range(ROUNDS)]


def _pages(connection: psycopg.Connection[Any], shop: Shop, tickets: int) -> Iterator[Figure]:
    """The page through the whole WSGI application, as its owner asks for it, and each part that it fetches then."""
    door = Door(shop.owner)

    def asked(path: str) -> Callable[[Period], object]:
        return lambda period: door.get(f"{path}?period=own&first={period.first}&last={period.end - timedelta(days=1)}")

    def rows(period: Period) -> object:
        days = [shop.organization.pk, period.before.first, period.end]
        return connection.execute(ROLLUPS, days, prepare=True).fetchall()

    parts = [asked(f"/kpi/part/{name}/") for name in PARTS]
    page, *timed, bare = in_turns(_turns(shop.organization), asked("/kpi/"), *parts, rows)
    reached = page.p50 <= 10 * bare.p50 and page.p99 <= 150
    name = f"dashboard of a month of {tickets:,} tickets in two years"
    yield Figure(
        f"{name}, page, p50 / SELECT of its rollups", "ms", page.p50, bare.p50, "≤ 10 ×, p99 ≤ 150 ms", reached
    )
    yield Figure("– p99", "ms", page.p99, bare.p99)
    for part, told in zip(PARTS, timed, strict=True):
        yield Figure(f"– its part {part}, which comes after, p50", "ms", told.p50, bare.p50)
        yield Figure("– – p99", "ms", told.p99, bare.p99)


def _days(
    connection: psycopg.Connection[Any], organization: Organization, small: Organization, tickets: int
) -> Iterator[Figure]:
    found = {one.pk: _timed_days(connection, one) for one in (organization, small)}
    follow, pack, bare = found[organization.pk]
    few, _pack_few, _bare_few = found[small.pk]
    name = f"one more day of {tickets:,} tickets in two years"
    yield Figure(f"{name}, rolled up / its aggregate", "ms", pack.p50, bare.p50, "≤ 3 ×", pack.p50 <= 3 * bare.p50)
    yield Figure(f"{name}, all its threads worked out and rolled up / the same", "ms", follow.p50, bare.p50)
    yield Figure("– a ticket of it / with a twentieth of the history", "ms", follow.p50 / 20, few.p50)


def _timed_days(connection: psycopg.Connection[Any], organization: Organization) -> list[Timed]:
    last = FactRow.objects.filter(organization=organization, name="ticket").latest("day").day - timedelta(days=10)

    def follow(day: date) -> None:
        _follow(organization, day)

    def pack(day: date) -> None:
        _pack(organization, day)

    def aggregate(day: date) -> object:
        return connection.execute(PERCENTILES, [organization.pk, day, day + timedelta(days=1)], prepare=True).fetchall()

    return in_turns([[last - timedelta(days=number * 30) for number in range(DAYS)]], follow, pack, aggregate)


def _follow(organization: Organization, day: date) -> None:
    """A day's conversations, as if all of their events had just come."""
    threads = FactRow.objects.filter(organization=organization, day=day, name="ticket").values_list(
        "ticket__thread", flat=True
    )
    at = now()
    Change.objects.bulk_create(
        [Change(organization=organization, kind="thread", thread=thread, noted_at=at) for thread in threads]
    )
    catch_up(organization, at=at)
    _pack(organization, day)


def _pack(organization: Organization, day: date) -> None:
    mark_stale(organization, [day])
    pack_days(organization)
