"""Which API keys open nothing any more, asked of the database each time: a revoked key writes nothing from then on."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from cxhub.plain_sql import as_instant, fetch, marks


def ended_keys(key_ids: Collection[int], *, at: datetime) -> set[int]:
    """Those of the keys that were revoked, have expired by `at`, or are gone. One statement."""
    rows = fetch(
        f"SELECT id, revoked_at, expires_at FROM channels_app_apikey WHERE id IN ({marks(list(key_ids))})",  # noqa: S608
        list(key_ids),
    )
    usable = {pk for pk, revoked_at, expires_at in rows if revoked_at is None and not _is_over(expires_at, at)}
    return set(key_ids) - usable


def _is_over(expires_at: datetime | str | None, at: datetime) -> bool:
    return expires_at is not None and as_instant(expires_at) <= at
