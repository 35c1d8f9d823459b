"""The shop with many open tickets: its rows are what the hub makes of its events, and its lists are measured."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection as hub_connection
from django.db import transaction

from benchmarks import chat, helpdesk, inbox
from benchmarks.backlog import make_backlog
from benchmarks.fanout import Side
from tests.hubs import same_database
from tickets.actions.refold import refold_threads
from tickets.actions.rows import BEGINNING, COPIED
from tickets.models import Ticket
from tickets.queries.lists import View

on_postgresql = pytest.mark.skipif(
    hub_connection.vendor != "postgresql", reason="The benchmark is PostgreSQL's: set DATABASE_URL to run this."
)


@pytest.fixture
def bare(transactional_db: None) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(same_database()["DATABASE_URL"], autocommit=True) as connection:
        yield connection


@on_postgresql
def test_tickets_are_what_folding_their_events_makes_of_them(bare: psycopg.Connection[Any]) -> None:
    shop, _agent = make_backlog(bare, tickets=300, agents=3)
    # When somebody must look next is for the worker, which has seen all of these.
    columns = [name for name in COPIED if name != "next_alarm_at"]
    rows = Ticket.objects.filter(organization=shop.organization)
    written = {row["thread"]: row for row in rows.values("thread", *columns)}
    assert len(written) == 315
    rows.update(last_seq=999, priority="low")
    with transaction.atomic():
        refold_threads(shop.organization, dict.fromkeys(written, BEGINNING), arrived={})
    assert {row["thread"]: row for row in rows.values("thread", *columns)} == written


@on_postgresql
def test_every_list_is_measured_in_few_statements(bare: psycopg.Connection[Any]) -> None:
    found = list(inbox.measure(bare, tickets=100, sweeps=1, rounds=1))
    assert all(figure.value > 0 and figure.denominator for figure in found)
    assert all(figure.reached for figure in found if figure.name.startswith("statements"))


def test_lists_are_all_views_and_filters() -> None:
    assert len(set(inbox.lists())) == len(inbox.lists()) == len(View) * 3 + len(inbox.RARE)


def test_a_socket_counts_only_the_message_that_is_on_its_way() -> None:
    side = Side()
    before = side.expect(2)
    mark = side.expect(2)
    for raw in (before, mark, "pong", mark):
        assert not side.all_here.is_set()
        side.saw(raw)
    assert side.all_here.is_set()
    assert len(side.times) == 2


def test_what_cannot_be_installed_is_told(tmp_path: Path) -> None:
    with pytest.raises(helpdesk.NotInstalled, match="could not be installed"):
        helpdesk.install(tmp_path / "environment", wanted=(str(tmp_path / "nothing-here.whl"),))


def test_five_hundred_conversations_are_the_fifty_with_other_numbers() -> None:
    assert (chat.MANY.conversations, chat.MANY.every_seconds, chat.MANY.most_ms) == (500, 10, 100)
