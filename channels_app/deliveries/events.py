"""What follows a committed change of a delivery: a worker is told, and the pages of its ticket. Losing either loses time."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import partial
from typing import Any

from django.db import transaction

from channels_app.models import Delivery
from cxhub.live import publish_on_commit
from tickets.models import Ticket


def announce_work(ids: Collection[int]) -> None:
    """Tells a worker, once the transaction has committed, that these are due."""
    from channels_app.deliveries import tasks

    for delivery_id in ids:
        transaction.on_commit(partial(tasks.send_delivery.delay, delivery_id=delivery_id), robust=True)


def announce_delivery(delivery: Delivery) -> None:
    """Tells the pages of the conversation (`ticket.<id>`), after commit, to ask how it stands with what goes out."""
    if delivery.thread:
        publish_on_commit(_told_of(delivery))


def _told_of(delivery: Delivery) -> Iterator[tuple[str, dict[str, Any]]]:
    tickets = Ticket.objects.standing().filter(organization_id=delivery.organization_id, thread=delivery.thread)
    for public_id in tickets.order_by("-opened_at", "-pk").values_list("public_id", flat=True)[:5]:
        yield f"ticket.{public_id.hex}", {"type": "hub.event", "kind": "delivery"}
