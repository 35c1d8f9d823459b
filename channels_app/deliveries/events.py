"""What follows a committed change of a delivery: a worker is told, and the pages of its ticket. Losing either loses time."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator
from functools import partial
from typing import Any

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from channels_app.models import Delivery
from cxhub.live import publish_on_commit
from tickets.models import Ticket

logger = logging.getLogger(__name__)
SEND = "channels_app.send_delivery"


def announce_work(ids: Collection[int]) -> None:
    """Tells a worker, once the transaction has committed, that these are due."""
    for delivery_id in ids:
        transaction.on_commit(partial(_tell_worker, delivery_id), robust=True)


def announce_delivery(delivery: Delivery) -> None:
    """Tells the pages of the conversation (`ticket.<id>`), after commit, to ask how it stands with what goes out."""
    if delivery.thread:
        publish_on_commit(_told_of(delivery))


def _tell_worker(delivery_id: int) -> None:
    """By the task's name: it imports what imports this. A broker that is away costs the answer no time."""
    try:
        current_app.send_task(SEND, kwargs={"delivery_id": delivery_id}, retry=False)
    except (OperationalError, RedisError) as error:
        logger.warning("The worker was not asked", extra={"task": SEND, "cause": type(error).__name__})


def _told_of(delivery: Delivery) -> Iterator[tuple[str, dict[str, Any]]]:
    tickets = Ticket.objects.standing().filter(organization_id=delivery.organization_id, thread=delivery.thread)
    for public_id in tickets.order_by("-opened_at", "-pk").values_list("public_id", flat=True)[:5]:
        yield f"ticket.{public_id.hex}", {"type": "hub.event", "kind": "delivery"}
