"""Asks the worker to look at a center's queue, at calls or at rules soon. A hint: rounds every few seconds find what was
not asked for."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from functools import partial

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from cxhub.live import channel_prefix
from cxhub.redis_client import redis_client
from tickets.models import CenterRouting
from tickets.routing import Mode

logger = logging.getLogger(__name__)

ROUTE = "tickets.route_center"
FOLLOW_CALLS = "tickets.follow_calls"
FOLLOW_RULES = "tickets.follow_rules"
SETTLE_CALLS = "tickets.settle_calls"
# A second event of the same burst asks for nothing more. The task takes the mark away before it looks.
ASKED_SECONDS = 5
# Which centers route at all changes seldom, and every event asks.
KNOWN_SECONDS = 10.0

_routed: dict[int, tuple[float, frozenset[int]]] = {}


def wake_on_commit(organization_id: int, centers: Iterable[int] | None = None) -> None:
    """After commit: looks soon at those of the centers that route; None: at all of the organization that do."""
    wanted = None if centers is None else frozenset(centers)
    if wanted is None or wanted:
        transaction.on_commit(partial(_wake, organization_id, wanted), robust=True)


def follow_calls_on_commit(organization_id: int, emails: Iterable[str]) -> None:
    """After commit: brings these people's availability in line with the calls they are on."""
    for email in sorted(set(emails)):
        transaction.on_commit(partial(_send, FOLLOW_CALLS, organization_id=organization_id, email=email), robust=True)


def ask_rules_on_commit(organization_id: int) -> None:
    """After commit: asks the organization's rules of what was left to them."""
    transaction.on_commit(
        partial(_wake_once, _rules_mark(organization_id), FOLLOW_RULES, organization_id=organization_id), robust=True
    )


def begin_to_look(center_id: int) -> None:
    """From here on another waking is needed for what comes to the center."""
    _take_back(_mark(center_id))


def begin_to_ask_rules(organization_id: int) -> None:
    """From here on another waking is needed for what is left to the rules."""
    _take_back(_rules_mark(organization_id))


def settle_calls_on_commit(organization_id: int) -> None:
    """After commit: looks soon who need no longer be called back, and how calls stand that were asked for."""
    transaction.on_commit(
        partial(_wake_once, _settling(organization_id), SETTLE_CALLS, organization_id=organization_id), robust=True
    )


def begin_to_settle(organization_id: int) -> None:
    """From here on another waking is needed for what comes."""
    _take_back(_settling(organization_id))


def forget_which_route(organization_id: int) -> None:
    """A center's way of routing has changed, in this process."""
    _routed.pop(organization_id, None)


def _wake(organization_id: int, centers: frozenset[int] | None) -> None:
    routed = _centers_that_route(organization_id)
    for center_id in sorted(routed if centers is None else routed & centers):
        _wake_once(_mark(center_id), ROUTE, center_id=center_id)


def _wake_once(mark: str, task: str, **what: object) -> None:
    try:
        is_new = redis_client().set(mark, 1, nx=True, ex=ASKED_SECONDS)
    except RedisError as error:
        logger.warning("The worker was not asked", extra={"task": task, "cause": type(error).__name__})
        return
    if is_new:
        _send(task, **what)


def _take_back(mark: str) -> None:
    try:
        redis_client().delete(mark)
    except RedisError as error:
        logger.warning("A waking was not taken back", extra={"cause": type(error).__name__})


def _centers_that_route(organization_id: int) -> frozenset[int]:
    known_at, centers = _routed.get(organization_id, (0.0, frozenset()))
    if not known_at or time.monotonic() - known_at > KNOWN_SECONDS:
        rows = CenterRouting.objects.filter(organization_id=organization_id).exclude(mode=Mode.MANUAL)
        centers = frozenset(rows.values_list("center_id", flat=True))
        _routed[organization_id] = (time.monotonic(), centers)
    return centers


def _send(task: str, **what: object) -> None:
    try:
        current_app.send_task(task, kwargs=what, retry=False)
    except (OperationalError, RedisError) as error:
        logger.warning("The worker was not asked", extra={"task": task, "cause": type(error).__name__})


def _settling(organization_id: int) -> str:
    return f"{channel_prefix()}:settle:{organization_id}"


def _mark(center_id: int) -> str:
    return f"{channel_prefix()}:route:{center_id}"


def _rules_mark(organization_id: int) -> str:
    return f"{channel_prefix()}:rules:{organization_id}"
