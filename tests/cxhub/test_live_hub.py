"""The hub as a process: it answers, sees the test's rows, and ends when told."""

import time

import httpx
import pytest
from django.conf import settings
from django.db import connection

from cxhub.celery import app
from cxhub.redis_client import redis_client
from tests.hubs import Hub


def test_process_answers_on_the_database_of_the_test(live_hub: Hub):
    assert httpx.get(f"{live_hub.url}/readyz").json() == {"database": "ok", "redis": "ok"}


def test_every_answer_carries_a_request_id(live_hub: Hub):
    assert len(httpx.get(f"{live_hub.url}/healthz").headers["x-request-id"]) == 32
    sent = httpx.get(f"{live_hub.url}/healthz", headers={"X-Request-ID": "till-7-000123"})
    assert sent.headers["x-request-id"] == "till-7-000123"
    forged = httpx.get(f"{live_hub.url}/healthz", headers={"X-Request-ID": 'x" onload=1'})
    assert len(forged.headers["x-request-id"]) == 32


def test_embedded_worker_starts_and_stops_with_the_hub(hub_factory):
    hub = hub_factory(CXHUB_EMBEDDED_WORKER="1", LOG_LEVEL="INFO")
    assert "Embedded worker and beat started" in hub.log
    hub.stop()
    assert hub.process.returncode == 0


def test_embedded_worker_takes_what_is_to_do(hub_factory):
    queue = f"{settings.REDIS_PREFIX}:celery"
    # Other tests have asked for things that nobody did.
    redis_client().delete(queue)
    app.send_task("channels_app.pick_up_sales_imports")
    assert redis_client().llen(queue) == 1
    hub_factory(CXHUB_EMBEDDED_WORKER="1")
    deadline = time.monotonic() + 15
    while redis_client().llen(queue) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert redis_client().llen(queue) == 0


@pytest.mark.django_db(transaction=True)
def test_sqlite_waits_for_its_turn():
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL needs none of this")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        assert cursor.fetchone() == ("wal",)
        cursor.execute("PRAGMA busy_timeout")
        assert cursor.fetchone() == (20000,)
