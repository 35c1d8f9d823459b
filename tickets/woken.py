"""Announces tickets whose snooze has just ended. Writes nothing: being awake is a matter of the clock.

A room of its own because it is neither an action (nothing changes) nor a page's question. What it announced last stands in
the cache; announcing twice or not at all does no harm, since a page that looks again sees what is so.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.core.cache import cache
from redis.exceptions import RedisError

from cxhub.live import publish_all
from tickets.events import woken_messages
from tickets.models import Ticket

logger = logging.getLogger(__name__)

# Pages that have been open for longer than this without any word have looked again by themselves or lost their connection.
LOOKS_BACK = timedelta(minutes=5)
# In one round; more than these wake together only where a whole center was snoozed until one morning.
AT_ONCE = 5_000
_TOLD_UNTIL = "tickets.woken-until"


def announce_woken_tickets(*, at: datetime) -> int:
    """Tells the desks and the open pages of all that woke since the last time; returns how many. One statement."""
    since = max(_told_until() or at - LOOKS_BACK, at - LOOKS_BACK)
    rows = Ticket.objects.open().filter(snoozed_until__gt=since, snoozed_until__lte=at)
    woken = list(rows.order_by("snoozed_until", "pk")[:AT_ONCE])
    publish_all(woken_messages(woken))
    try:
        cache.set(_TOLD_UNTIL, at, timeout=None)
    except RedisError as error:
        logger.warning("Woken tickets may be announced again", extra={"cause": type(error).__name__})
    return len(woken)


def _told_until() -> datetime | None:
    try:
        told: datetime | None = cache.get(_TOLD_UNTIL)
    except RedisError:
        return None
    return told
