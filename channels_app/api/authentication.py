"""Who calls the API: `Authorization: Bearer <key>`, its scopes and its rate."""

from __future__ import annotations

import math
from time import monotonic
from typing import Any

from django.utils.timezone import now
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from channels_app.api.actions import note_use
from channels_app.ended_keys import ended_keys
from channels_app.intake import Sender
from channels_app.models import ApiKey
from channels_app.problems import Problem, Refused
from channels_app.rate_limits import take


class KeyUser:
    """What stands where Django expects a user: a key that was accepted."""

    is_authenticated = True
    is_active = True
    pk = None

    def __init__(self, key: ApiKey) -> None:
        self.key = key


class KeyAuthentication(BaseAuthentication):
    """Accepts a key that exists, has not expired and was not revoked; refuses every other alike.

    What it knows of a key may be some seconds old: views ask `check_not_ended` besides, or have each group of events
    asked once (`channels_app.combining`).
    """

    def authenticate(self, request: Request) -> tuple[KeyUser, ApiKey]:
        scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
        at = now()
        key = None
        if scheme.lower() == "bearer" and 0 < len(secret) <= 200:
            key = _find(ApiKey.hash_of(secret.strip()))
        if key is None or not key.is_usable(at):
            raise Refused(Problem("unauthorized"))
        note_use(key, at=at)
        return KeyUser(key), key

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


def _find(key_hash: str) -> ApiKey | None:
    """The key of that hash with its organization, as it was at most `KNOWN_SECONDS` ago."""
    known, loaded_at = _known.get(key_hash, (None, 0.0))
    if known is None or monotonic() - loaded_at > KNOWN_SECONDS:
        known = ApiKey.objects.select_related("organization").filter(key_hash=key_hash).first()
        if known is None:
            _known.pop(key_hash, None)
            return None
        if len(_known) >= KNOWN_AT_MOST:
            _known.clear()
        _known[key_hash] = known, monotonic()
    return known


# A key's scopes and sources never change; its organization's settings may, and count a little later.
KNOWN_SECONDS = 5.0
KNOWN_AT_MOST = 1000
_known: dict[str, tuple[ApiKey, float]] = {}


def check_not_ended(key: ApiKey) -> None:
    """Raises the refusal of a key that was revoked or has expired by now."""
    if ended_keys([key.pk], at=now()):
        raise Refused(Problem("unauthorized"))


class HasScope(BasePermission):
    """The view names the scope each method needs, in `scopes`."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        scopes: dict[str, str] = getattr(view, "scopes", {})
        needed = scopes.get(request.method or "")
        key: ApiKey = request.auth  # type: ignore[assignment]  # the stubs know only DRF's own tokens
        if needed and not key.has_scope(needed):
            raise Refused(Problem("scope-not-allowed", received=needed))
        return True


def sender_of(key: ApiKey) -> Sender:
    return Sender(label=f"key {key.shown_prefix}… {key.name}", sources=tuple(key.sources), key_id=key.pk)


def check_rate(key: ApiKey, *, events: int) -> None:
    """Takes `events` from the key's rate; raises a `rate-limited` refusal that says when to come again."""
    limit = key.events_per_minute
    if limit is None:
        return
    wait_seconds = take(f"api key {key.public_id}", limit=limit, per_seconds=60, cost=min(max(events, 1), limit))
    if wait_seconds:
        raise Refused(Problem("rate-limited", params={"seconds": math.ceil(wait_seconds)}))


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Tells the OpenAPI document how keys are sent."""

    target_class = "channels_app.api.authentication.KeyAuthentication"
    name = "key"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "A key made with `manage.py create_api_key`."}
