"""What machines ask: alive, ready, metrics."""

import pytest
from django.test import Client

from cxhub.redis_client import redis_client


def test_alive_answers_any_host_name(client: Client):
    response = client.get("/healthz", headers={"host": "10.0.0.7"})
    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_ready_with_database_and_redis(client: Client):
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (200, {"database": "ok", "redis": "ok"})


@pytest.mark.django_db
def test_not_ready_names_what_is_missing(client: Client, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    redis_client.cache_clear()
    try:
        response = client.get("/readyz")
    finally:
        redis_client.cache_clear()
    assert (response.status_code, response.json()) == (503, {"database": "ok", "redis": "unreachable"})


@pytest.mark.django_db
def test_metrics_for_this_machine_only(client: Client):
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.7").status_code == 403
    assert client.get("/metrics", headers={"x-forwarded-for": "192.0.2.7"}).status_code == 403


@pytest.mark.django_db
def test_metrics_for_the_holder_of_the_token(client: Client, settings):
    settings.METRICS_TOKEN = "let-me-in"
    assert client.get("/metrics").status_code == 403
    assert client.get("/metrics", headers={"authorization": "Bearer let-me-in"}).status_code == 200
