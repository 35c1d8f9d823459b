"""Answers the questions of machines: is the process alive, is it ready, what does it count.

Before hosts, redirects, sessions: a load balancer asks by address, without TLS and without a name.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, JsonResponse
from redis.exceptions import RedisError

from cxhub.middleware import GetResponse, client_address
from cxhub.redis_client import redis_client


class HealthMiddleware:
    """Serves /healthz, /readyz and /metrics; everything else passes."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.answers: dict[str, Callable[[HttpRequest], HttpResponse]] = {
            "/healthz": alive,
            "/readyz": ready,
            "/metrics": metrics,
        }

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.answers.get(request.path_info)
        return answer(request) if answer else self.get_response(request)


def alive(request: HttpRequest) -> HttpResponse:
    """200 while the process can answer at all; asks nobody else."""
    return HttpResponse("ok\n", content_type="text/plain")


def ready(request: HttpRequest) -> HttpResponse:
    """200 with both the database and Redis answering, else 503 naming what does not."""
    states = {"database": _database_answers(), "redis": _redis_answers()}
    return JsonResponse(
        {name: "ok" if answers else "unreachable" for name, answers in states.items()},
        status=200 if all(states.values()) else 503,
    )


def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus' text, for the holder of METRICS_TOKEN or, without one, for this machine only."""
    if not _may_read_metrics(request):
        return HttpResponseForbidden("Metrics need METRICS_TOKEN as a bearer token.\n", content_type="text/plain")
    from django_prometheus.exports import ExportToDjangoView

    answer: HttpResponse = ExportToDjangoView(request)
    return answer


def _may_read_metrics(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        sent = request.headers.get("Authorization", "")
        return hmac.compare_digest(sent.encode(), f"Bearer {settings.METRICS_TOKEN}".encode())
    # A proxy on this machine is loopback too, but says for whom it asks.
    return client_address(request) in {"127.0.0.1", "::1"} and "X-Forwarded-For" not in request.headers


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return bool(cursor.fetchone() == (1,))
    except DatabaseError:
        return False


def _redis_answers() -> bool:
    try:
        return bool(redis_client().ping())
    except RedisError:
        return False
