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
from channels_app.intake import Sender
from channels_app.models import ApiKey
from channels_app.problems import Problem, Refused
from channels_app.rate_limits import take
from cxhub.plain_sql import as_instant, fetch


class KeyUser:
    """What stands where Django expects a user: a key that was accepted."""

    is_authenticated = True
    is_active = True
    pk = None

    def __init__(self, key: ApiKey) -> None:
        self.key = key


class KeyAuthentication(BaseAuthentication):
    """Accepts a key that exists, has not expired and was not revoked; refuses every other alike."""

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
    """The key of that hash with its organization. What may end it is asked each time, the rest each few seconds."""
    rows = fetch("SELECT revoked_at, expires_at FROM channels_app_apikey WHERE key_hash = %s", [key_hash])
    if not rows:
        return None
    known, loaded_at = _known.get(key_hash, (None, 0.0))
    if known is None or monotonic() - loaded_at > KNOWN_SECONDS:
        known = ApiKey.objects.select_related("organization").get(key_hash=key_hash)
        if len(_known) >= KNOWN_AT_MOST:
            _known.clear()
        _known[key_hash] = known, monotonic()
    known.revoked_at, known.expires_at = as_instant(rows[0][0]), as_instant(rows[0][1])
    return known


# A key's scopes and sources never change; its organization's settings may, and count a little later.
KNOWN_SECONDS = 5.0
KNOWN_AT_MOST = 1000
_known: dict[str, tuple[ApiKey, float]] = {}


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
