"""The benchmark of the figures on a tiny size: that it runs to its end, and that an event reaches an open dashboard."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection as hub_connection

from benchmarks import kpi
from kpi.models import Day, FactRow
from tests.hubs import same_database
from tickets.models import Ticket

pytestmark = pytest.mark.skipif(
    hub_connection.vendor != "postgresql", reason="The benchmark is PostgreSQL's: set DATABASE_URL to run this."
)


@pytest.fixture
def bare(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[psycopg.Connection[Any]]:
    for name, value in same_database().items():
        monkeypatch.setenv(name, value)
    with psycopg.connect(same_database()["DATABASE_URL"], autocommit=True) as connection:
        yield connection


def test_figures_are_built_from_events_and_measured(bare: psycopg.Connection[Any]) -> None:
    found = list(kpi.measure(bare, tickets=800, times=1))
    told = "\n".join(figure.name for figure in found)
    assert Ticket.objects.filter(organization__slug="figures").count() >= 800
    assert FactRow.objects.filter(organization__slug="figures").count() > 800
    assert not Day.objects.filter(is_stale=True).exists()
    for part in ("from the events", "six figures", "its part sales", "its part journey", "one more day", "event →"):
        assert part in told
    assert all(figure.value > 0 for figure in found)
