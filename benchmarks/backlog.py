"""A shop with a hundred thousand open tickets, of every kind that a list of the inbox tells apart.

Made through the hub's actions but for customers, events and tickets: those are written by SQL (backlog.sql).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from accounts import actions
from accounts.models import Center, Person
from benchmarks import population
from benchmarks.shop import LONG_AGO, SETUP, Shop, make_person, make_shop
from tickets.actions.saved_views import save_view

SLUG = "inbox"
_SQL = Path(__file__).with_name("backlog.sql")
TABLES = (*population.TABLES, "tickets_tag", "tickets_draft", "tickets_mention")
# What people save: one number of each stands above every list of theirs.
VIEWS = {
    "급한 일": "?priority=urgent",
    "내 채팅": "?view=mine&channel=chat",
    "불만": "?tag=불만",
    "부산": "?center=busan",
}


def make_backlog(connection: psycopg.Connection[Any], *, tickets: int, agents: int = 20) -> tuple[Shop, Person]:
    """The shop with so many open tickets, and an agent of one of its centers; what is there already stays."""
    shop = make_shop(SLUG, agents=agents)
    organization = shop.organization
    is_there = Center.objects.filter(organization=organization, slug="jeju").exists()
    if not is_there:
        for slug, name in (("daegu", "대구 고객센터"), ("jeju", "제주 고객센터")):
            kind = Center.Kind.CONTACT_CENTER
            actions.create_center(organization, slug=slug, name=name, kind=kind, by=SETUP, at=LONG_AGO)
        make_person(organization, "seoul", "agent", centers=[shop.center])
        pile_up(connection, organization.pk, tickets=tickets, seed=7)
    of_one_center = Person.objects.get(organization=organization, email=f"seoul@{SLUG}.example")
    if not is_there:
        for person in (shop.owner, of_one_center):
            for name, query in VIEWS.items():
                save_view(person, name=name, query=query, center=None)
    return shop, of_one_center


def pile_up(connection: psycopg.Connection[Any], organization_id: int, *, tickets: int, seed: int) -> None:
    """Gives an empty organization so many open tickets, a twentieth as many resolved ones, and a third as many customers."""
    population.fill(
        connection, _SQL, organization=organization_id, customers=max(tickets // 3, 1), tickets=tickets, seed=seed
    )
    for table in TABLES:
        connection.execute(sql.SQL("VACUUM (ANALYZE) {}").format(sql.Identifier(table)))
