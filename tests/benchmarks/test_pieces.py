"""The benchmark's pieces on tiny sizes: that they run and say something true. How fast anything is, is not tested."""

import os
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection as hub_connection

from benchmarks import customer_page, database, figures, lookup, memory
from benchmarks.population import populate
from benchmarks.shop import Shop, make_shop
from customers.models import Customer, Event, Identity
from tests.hubs import same_database
from tickets.models import Ticket

pytestmark = pytest.mark.skipif(
    hub_connection.vendor != "postgresql", reason="The benchmark is PostgreSQL's: set DATABASE_URL to run this."
)


@pytest.fixture
def bare(transactional_db: None) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(same_database()["DATABASE_URL"], autocommit=True) as connection:
        yield connection


@pytest.fixture
def shop(bare: psycopg.Connection[Any]) -> Shop:
    made = make_shop("large", agents=2)
    populate(bare, made.organization.pk, customers=40, events=4000, seed=1)
    return made


def test_rows_are_as_the_hub_would_have_written_them(shop: Shop) -> None:
    organization = shop.organization
    assert Customer.objects.filter(organization=organization).count() == 40
    assert abs(Event.objects.filter(organization=organization).count() - 4000) < 200
    assert Identity.objects.filter(organization=organization, kind="phone").values("value").distinct().count() == 40
    busiest = Customer.objects.filter(organization=organization).order_by("-event_count")[0]
    assert busiest.event_count == Event.objects.filter(customer=busiest).count()
    ticket = Ticket.objects.filter(organization=organization, channel="chat")[0]
    assert ticket.opened_event.thread == ticket.thread
    assert ticket.opened_event.customer_id == ticket.customer_id


def test_look_up_and_page_are_measured(shop: Shop, bare: psycopg.Connection[Any]) -> None:
    small = make_shop("small", agents=1)
    populate(bare, small.organization.pk, customers=20, events=200, seed=2)
    found = [*lookup.measure(shop, small, bare, values=2), *customer_page.measure(shop, bare, values=2)]
    assert all(figure.value > 0 and figure.denominator for figure in found)
    assert "customer page" in figures.table(found)


def test_memory_counts_this_process() -> None:
    assert os.getpid() in memory.processes_of(os.getpid())


def test_server_that_was_named_is_the_only_one_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:9/none")
    with pytest.raises(database.NoServer, match="CREATEDB"):
        database.find_server()
