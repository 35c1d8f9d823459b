"""Making and revoking API keys."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit, policies
from accounts.actors import Actor
from accounts.models import Organization, Person
from accounts.policies import Permission
from channels_app.envelope import SOURCE_LENGTH
from channels_app.intake import HUB
from channels_app.models import ApiKey
from channels_app.models.api_key import USUAL_EVENTS_PER_MINUTE, Scope

# A key's use is noted at most this often: the note is for people, and costs a write.
USE_NOTED_EVERY = timedelta(minutes=1)
_SOURCE = re.compile(r"(?:/[^\s/?#]+)+")


class ApiKeyRefusal(ValueError):
    """The key cannot be made as asked; `str()` says what to change, `field` where."""

    def __init__(self, message: str, *, field: str) -> None:
        super().__init__(message)
        self.field = field


def create_api_key(
    organization: Organization,
    *,
    name: str,
    scopes: Sequence[str],
    sources: Sequence[str],
    by: Actor,
    at: datetime,
    events_per_minute: int | None = USUAL_EVENTS_PER_MINUTE,
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """Makes a key and returns it with its secret, which nobody can be shown again. Raises NotAllowed, `ApiKeyRefusal`."""
    policies.require(by, Permission.MANAGE_CHANNELS, organization_id=organization.pk)
    scopes, sources = list(dict.fromkeys(scopes)), _checked_sources(sources)
    if not scopes or any(scope not in Scope.values for scope in scopes):
        words = _("Choose at least one scope among: %(scopes)s.") % {"scopes": ", ".join(Scope.values)}
        raise ApiKeyRefusal(words, field="scopes")
    if Scope.EVENTS_WRITE in scopes and not sources:
        raise ApiKeyRefusal(_("A key that may write events needs at least one source."), field="sources")
    if expires_at is not None and expires_at <= at:
        raise ApiKeyRefusal(_("The key would have expired already."), field="days")
    secret = ApiKey.new_key()
    with transaction.atomic():
        key = ApiKey.objects.create(
            organization=organization,
            name=name.strip()[:100] or ", ".join(sources)[:100] or "API",
            shown_prefix=secret[:8],
            key_hash=ApiKey.hash_of(secret),
            scopes=scopes,
            sources=sources,
            events_per_minute=events_per_minute,
            expires_at=expires_at,
            created_at=at,
            created_by=by.email if isinstance(by, Person) else by.name,
        )
        audit.record(
            organization,
            by=by,
            action="channels.api_key.create",
            obj=f"api_key:{key.public_id}",
            after={"name": key.name, "scopes": scopes, "sources": sources},
            at=at,
        )
    return key, secret


def _checked_sources(told: Sequence[str]) -> list[str]:
    sources = list(dict.fromkeys(unicodedata.normalize("NFC", source.strip()).rstrip("/") for source in told))
    for source in sources:
        if len(source) > SOURCE_LENGTH or not _SOURCE.fullmatch(source):
            words = _("A source begins with / and names where events come from, such as /seoul/pos.")
            raise ApiKeyRefusal(words, field="sources")
        if source == HUB or source.startswith(f"{HUB}/"):
            raise ApiKeyRefusal(_("/hub is what the hub's own screens write; no key may."), field="sources")
    return sources


def revoke_api_key(key: ApiKey, *, by: Actor, at: datetime) -> bool:
    """From now on the key opens nothing. Returns False where it was revoked already. Raises NotAllowed."""
    policies.require(by, Permission.MANAGE_CHANNELS, organization_id=key.organization_id)
    with transaction.atomic():
        if not ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=at):
            return False
        audit.record(key.organization, by=by, action="channels.api_key.revoke", obj=f"api_key:{key.public_id}", at=at)
    key.revoked_at = at
    return True


def note_use(key: ApiKey, *, at: datetime) -> None:
    """Notes that a key was used, at most once a minute."""
    if key.last_used_at is None or at - key.last_used_at >= USE_NOTED_EVERY:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=at)
        key.last_used_at = at
