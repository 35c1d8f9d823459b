"""The inbox's lists with a hundred thousand open tickets, HTML included, beside the bare SELECT of their rows.

Every view, alone and under filters, as the page and as the fragment that keeps it current, for the owner and for an
agent of one center of four; and how many statements a page needs, which must not grow.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

import psycopg

from accounts.models import Person
from benchmarks.backlog import make_backlog
from benchmarks.door import Door, Statements
from benchmarks.figures import Figure, percentile
from benchmarks.shop import Shop, make_conversation
from benchmarks.timing import ROUNDS, each_in_turns, median_of_rounds, replay
from tickets.queries.lists import View

TICKETS = 100_000
SWEEPS = 3
LONG_TALK = 300  # messages
MOST_STATEMENTS = 15
FILTERS = ("", "center=seoul", "channel=chat")
# Where few of what is looked through are meant.
RARE = (
    "channel=store",
    "priority=urgent",
    "tag=vip",
    "tag=불만",
    "view=mine&tag=불만",
    "center=jeju&channel=mail&view=waiting",
)
# A page that has loaded more asks for all that it shows.
FRAGMENT = "/inbox/rows/?size=60"


class Asking(NamedTuple):
    """A list as one person asks for it; `query` is what follows the question mark."""

    who: str
    address: str
    query: str


def measure(
    connection: psycopg.Connection[Any], *, tickets: int = TICKETS, sweeps: int = SWEEPS, rounds: int = ROUNDS
) -> Iterator[Figure]:
    """Server time of all lists, each asked for `sweeps` times in each round, in another order each time."""
    shop, of_one_center = make_backlog(connection, tickets=tickets)
    doors = {"owner": Door(shop.owner), "agent of one center": Door(of_one_center)}
    asked = [Asking(who, address, query) for who in doors for query in lists() for address in addresses(query)]
    bare = {one: _rows_select(doors[one.who], one.address) for one in asked}
    chance = random.Random(5)
    turns = [[one for _ in range(sweeps) for one in chance.sample(asked, len(asked))] for _ in range(rounds)]
    hub, selects = each_in_turns(turns, lambda one: doors[one.who].get(one.address), replay(bare, connection))
    page, select = median_of_rounds(hub), median_of_rounds(selects)
    name = f"inbox list, {tickets:,} open tickets, any view"
    yield Figure(f"{name}, p50 / its SELECT", "ms", page.p50, select.p50)
    yield Figure(f"{name}, p99 / its SELECT", "ms", page.p99, select.p99, "p99 ≤ 40 ms", page.p99 <= 40)
    worst, value, denominator = _slowest(turns, hub, selects)
    yield Figure(f"– the slowest list, {worst}, p99", "ms", value, denominator, "p99 ≤ 40 ms", value <= 40)
    yield from _statements(shop, of_one_center, doors)


def lists() -> list[str]:
    """The queries of all lists that are asked for."""
    found = []
    for view in View:
        for filtered in FILTERS:
            found.append("&".join(part for part in (f"view={view.value}", filtered) if part))
    return [*found, *RARE]


def addresses(query: str) -> tuple[str, str]:
    return f"/inbox/?{query}", f"{FRAGMENT}&{query}"


def _rows_select(door: Door, address: str) -> Statements:
    """The SELECT of the rows alone, or two where a list has two stretches."""
    _content, statements = door.selects(address)
    return [(sql, params) for sql, params in statements if 'FROM "tickets_ticket"' in sql and '"last_text"' in sql]


def _slowest(turns: list[list[Asking]], hub: list[list[float]], selects: list[list[float]]) -> tuple[str, float, float]:
    """The list whose p99 over all its turns is the greatest, with that of its SELECT."""
    pages: dict[str, list[float]] = defaultdict(list)
    bare: dict[str, list[float]] = defaultdict(list)
    for asked, times, bare_times in zip(turns, hub, selects, strict=True):
        for one, time, bare_time in zip(asked, times, bare_times, strict=True):
            pages[f"{one.query} of {one.who}"].append(time)
            bare[f"{one.query} of {one.who}"].append(bare_time)
    worst = max(pages, key=lambda name: percentile(pages[name], 0.99))
    return worst, percentile(pages[worst], 0.99), percentile(bare[worst], 0.99)


def _statements(shop: Shop, of_one_center: Person, doors: dict[str, Door]) -> Iterator[Figure]:
    """The most that any page needs, beside what its shortest sibling does."""
    few, many = "view=mine&tag=불만", "view=open"
    for name, short, long in (
        ("inbox page", [f"/inbox/?{few}"], [f"/inbox/?{query}" for query in lists()]),
        ("inbox fragment of 31 and of 200 rows", [f"/inbox/rows/?{many}"], [f"/inbox/rows/?size=200&{many}"]),
        ("conversation page", [_conversation(shop, 1)], [_conversation(shop, LONG_TALK)]),
    ):
        least = min(door.statements(address) for door in doors.values() for address in short)
        most = max(door.statements(address) for door in doors.values() for address in long)
        reached = most <= MOST_STATEMENTS
        yield Figure(f"statements of one {name}, most / of a short one", "", most, least, "constant, ≤ 15", reached)


def _conversation(shop: Shop, messages: int) -> str:
    return f"/inbox/{make_conversation(shop, f'talk-{messages}', messages=messages)}/"
