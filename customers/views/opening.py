"""How a view gets at a customer: fetched for the person who asks, in her sight, and the look written down.

Seeing masked data in full lasts a few minutes, for one customer, in one session, after a reason was given.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.timezone import now
from redis.exceptions import RedisError

from accounts.access import person_of
from accounts.audit import record_for
from customers.queries import Profile, profile_for

REVEALED = "customers_revealed"
REVEALED_FOR = timedelta(minutes=10)
# Who reveals this many customers within ten minutes is not serving a counter; the oldest are hidden again.
REVEALED_AT_MOST = 20


# A page that is open fetches its parts anew whenever something happens: one look, one entry for each minute of it.
LOOK_SECONDS = 60


def open_profile(request: HttpRequest, public_id: UUID, *, what: str = "", is_part: bool = False) -> Profile:
    """The profile as this person may see it now, with an audit entry of `what` she looks at. NotFound beyond reach.

    `is_part` where a page fetches a piece of itself: written down unless it was within the last minute.
    A profile that was merged away comes as the one it is part of: compare `public_id`.
    """
    profile = peek_at_profile(request, public_id)
    if _is_new_look(request, profile, is_part=is_part):
        record_for(request, action="customers.view", customer_id=profile.public_id, obj=what)
    return profile


def _is_new_look(request: HttpRequest, profile: Profile, *, is_part: bool) -> bool:
    key = f"look:{person_of(request).pk}:{profile.public_id.hex}:{profile.sight.is_masked}"
    try:
        if is_part:
            return cache.add(key, 1, LOOK_SECONDS)
        cache.set(key, 1, LOOK_SECONDS)
    except RedisError:
        pass  # without Redis every look is written down
    return True


def peek_at_profile(request: HttpRequest, public_id: UUID) -> Profile:
    """As `open_profile` without an entry: only for a view that writes a better one itself, or shows nothing."""
    person = person_of(request)
    shown = request.session.get(REVEALED)
    if not shown:
        return profile_for(person, public_id)
    profile = profile_for(person, public_id, is_revealed=_is_revealed(shown, public_id))
    if profile.public_id != public_id and profile.sight.is_masked and _is_revealed(shown, profile.public_id):
        return profile_for(person, profile.public_id, is_revealed=True)
    return profile


def reveal(request: HttpRequest, profile: Profile) -> None:
    """Shows this customer in full from now on, for ten minutes, in this session. The caller records why."""
    now_seconds = now().timestamp()
    shown: dict[str, Any] = request.session.get(REVEALED, {})
    current = {key: until for key, until in shown.items() if until > now_seconds}
    current[profile.public_id.hex] = now_seconds + REVEALED_FOR.total_seconds()
    newest = sorted(current.items(), key=lambda item: item[1])[-REVEALED_AT_MOST:]
    request.session[REVEALED] = dict(newest)


def _is_revealed(shown: dict[str, float], public_id: UUID) -> bool:
    return shown.get(public_id.hex, 0) > now().timestamp()
