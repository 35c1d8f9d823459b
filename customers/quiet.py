"""The hours in which nothing is sent, by the organization's clock. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


def is_quiet(at: datetime, *, zone: ZoneInfo, quiet_from: time, quiet_until: time) -> bool:
    """From the evening on (`quiet_from` itself is quiet) until the morning (`quiet_until` is not)."""
    clock = at.astimezone(zone).time()
    return clock >= quiet_from or clock < quiet_until


def next_allowed(at: datetime, *, zone: ZoneInfo, quiet_from: time, quiet_until: time) -> datetime:
    """The instant itself, or the next morning where it is quiet then."""
    if not is_quiet(at, zone=zone, quiet_from=quiet_from, quiet_until=quiet_until):
        return at
    local = at.astimezone(zone)
    day = local.date() + timedelta(days=1 if local.time() >= quiet_from else 0)
    return datetime.combine(day, quiet_until, tzinfo=zone).astimezone(UTC)
