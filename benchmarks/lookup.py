"""The counter's look-up: the list with its HTML, and the query function alone, beside the bare SELECT.

Each kind of search is also done in an organization of 30,000 events in the same rounds: it must not grow with the data.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import psycopg

from benchmarks.door import Door
from benchmarks.figures import Figure
from benchmarks.shop import Shop
from benchmarks.timing import ROUNDS, Timed, in_turns
from customers import hangul
from customers.names import name_query
from customers.queries import find_customers_for

VALUES = 300
_ROW = "SELECT c.id, c.merged_into_id, c.name, c.last_seen_at FROM"
_OWNERS = f"{_ROW} customers_identity i JOIN customers_customer c ON c.id = i.customer_id WHERE i.organization_id = %s"
_NAMED = f"{_ROW} customers_customer c WHERE c.organization_id = %s AND NOT (c.event_count = 0 AND c.is_unconfirmed)"
LAST4 = f"{_OWNERS} AND i.last4 = %s LIMIT 101"
PHONE = f"{_OWNERS} AND i.kind = 'phone' AND i.account = '' AND i.value = %s LIMIT 101"
NAME = (
    f"({_NAMED} AND name_nfd >= %s AND name_nfd < %s ORDER BY name_nfd LIMIT 101) UNION ALL "
    f"({_NAMED} AND substring(name, 2) >= %s AND substring(name, 2) < %s ORDER BY substring(name, 2) LIMIT 101)"
)
INITIALS = f"{_NAMED} AND name_chosung >= %s AND name_chosung < %s ORDER BY name_chosung LIMIT 101"
_LAST = "\U0010ffff"


@dataclass(frozen=True)
class Search:
    """`typed` makes what a person types of a customer's name and phone; `bare` the SELECT's parameters of that."""

    name: str
    statement: str
    typed: Callable[[random.Random, str, str], str]
    bare: Callable[[int, str], list[object]]


def _begins(column: Callable[[str], str]) -> Callable[[int, str], list[object]]:
    return lambda organization, typed: [organization, column(typed), column(typed) + _LAST]


def _name_parameters(organization: int, typed: str) -> list[object]:
    nfd = name_query(typed).nfd
    return [organization, nfd, nfd + _LAST, organization, typed, typed + _LAST]


def _two_syllables(chance: random.Random, name: str, _phone: str) -> str:
    start = chance.randrange(max(1, len(name) - 1))
    return name[start : start + 2]


def _initials(count: int) -> Callable[[random.Random, str, str], str]:
    return lambda _chance, name, _phone: "".join(hangul.initial_of(char) for char in name[:count])


SEARCHES = (
    Search("last 4 digits", LAST4, lambda _chance, _name, phone: phone[-4:], lambda pk, typed: [pk, typed]),
    Search(
        "full phone number",
        PHONE,
        lambda _chance, _name, phone: "0" + phone.removeprefix("+82"),
        lambda pk, typed: [pk, "+82" + typed[1:]],
    ),
    Search("two syllables of a name", NAME, _two_syllables, _name_parameters),
    Search("three initials", INITIALS, _initials(3), _begins(lambda typed: name_query(typed).chosung)),
    Search("two initials", INITIALS, _initials(2), _begins(lambda typed: name_query(typed).chosung)),
)


def measure(large: Shop, small: Shop, connection: psycopg.Connection[Any], *, values: int = VALUES) -> Iterator[Figure]:
    """Server time of each kind of search. `connection` is the bare one."""
    doors = {shop.organization.pk: Door(shop.clerk) for shop in (large, small)}
    for search in SEARCHES:
        rounds = [
            list(zip(*(_typed(search, shop, connection, values, seed) for shop in (large, small)), strict=True))
            for seed in range(ROUNDS)
        ]
        pages = [_page(doors[shop.organization.pk], place) for place, shop in enumerate((large, small))]
        queries = [_query(shop, place) for place, shop in enumerate((large, small))]
        timed = in_turns(rounds, _bare(search, large, connection), pages[0], pages[1], queries[0], queries[1])
        yield from _figures(search.name, *timed)


def _figures(
    name: str, bare: Timed, page: Timed, small_page: Timed, query: Timed, small_query: Timed
) -> Iterator[Figure]:
    told = f"look-up, {name}"
    yield Figure(f"{told}: list with HTML, p50", "ms", page.p50, bare.p50)
    yield Figure(f"{told}: list with HTML, p99", "ms", page.p99, bare.p99, "p99 ≤ 10 ms", page.p99 <= 10)
    yield Figure(f"{told}: query function, p99", "ms", query.p99, bare.p99, "p99 ≤ 10 ms", query.p99 <= 10)
    for what, one, other in (("list", page, small_page), ("query", query, small_query)):
        ratio = one.p50 / other.p50
        yield Figure(
            f"{told}: {what}, p50 / at 30 k events", "ms", one.p50, other.p50, "≤ 2 × of 30 k events", ratio <= 2
        )
        yield Figure(f"{told}: {what}, p99 / at 30 k events", "ms", one.p99, other.p99)


def _typed(search: Search, shop: Shop, connection: psycopg.Connection[Any], count: int, seed: int) -> list[str]:
    chance = random.Random(seed)
    rows = connection.execute(
        "SELECT c.name, i.value FROM customers_identity i JOIN customers_customer c ON c.id = i.customer_id"
        " WHERE i.organization_id = %s AND i.kind = 'phone' AND c.name !~ '[a-zA-Z]' AND length(c.name) > 2 ORDER BY c.id",
        [shop.organization.pk],
    ).fetchall()
    return [search.typed(chance, *chance.choice(rows)) for _ in range(count)]


def _page(door: Door, place: int) -> Callable[[tuple[str, ...]], object]:
    return lambda typed: door.post("/customers/search/", {"q": typed[place], "place": "counter"})


def _query(shop: Shop, place: int) -> Callable[[tuple[str, ...]], object]:
    return lambda typed: find_customers_for(shop.clerk, typed[place])


def _bare(search: Search, shop: Shop, connection: psycopg.Connection[Any]) -> Callable[[tuple[str, ...]], object]:
    def ask(typed: tuple[str, ...]) -> object:
        parameters = search.bare(shop.organization.pk, typed[0])
        return connection.execute(search.statement, parameters, prepare=True).fetchall()

    return ask
