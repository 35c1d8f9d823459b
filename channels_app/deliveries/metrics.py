"""What waits to go out, for whoever watches the hub (/metrics): asked when the figures are read, counted by nobody."""

from __future__ import annotations

import logging
from collections.abc import Iterator

from django.db import DatabaseError
from django.utils import timezone
from prometheus_client import REGISTRY
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from channels_app.deliveries.queries import backlog_of_hub

logger = logging.getLogger(__name__)


class DeliveryBacklog(Collector):
    """`describe` is empty: registering must not ask the database."""

    def describe(self) -> list[GaugeMetricFamily]:
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        try:
            backlog = backlog_of_hub()
        except DatabaseError as error:
            logger.warning("The deliveries were not counted", extra={"cause": type(error).__name__})
            return
        counted = GaugeMetricFamily("cxhub_deliveries", "Deliveries by state.", labels=["state"])
        counted.add_metric(["waiting"], backlog.waiting)
        counted.add_metric(["failed"], backlog.failed)
        yield counted
        oldest = backlog.oldest_due_at
        age = (timezone.now() - oldest).total_seconds() if oldest else 0.0
        yield GaugeMetricFamily("cxhub_delivery_oldest_seconds", "Age of the oldest delivery that is due.", value=age)


def register_own_figures() -> None:
    """Called once by the room's AppConfig."""
    REGISTRY.register(DeliveryBacklog())
