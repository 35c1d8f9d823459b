"""A key for the API: what a till, a telephone exchange or a shop's server shows to be let in.

The key itself is shown once and never stored; a row keeps its hash.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from django.db import models

from cxhub.identifiers import uuid7

PREFIX = "cx_"
# A chain's tills at noon stay far below; a loop gone wild does not.
USUAL_EVENTS_PER_MINUTE = 60_000


class Scope(models.TextChoices):
    EVENTS_WRITE = "events:write"
    EVENTS_READ = "events:read"
    CUSTOMERS_READ = "customers:read"
    KPI_READ = "kpi:read"


class ApiKey(models.Model):
    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(max_length=100)
    # The first characters, so that people can tell keys apart; far too few to guess the rest.
    shown_prefix = models.CharField(max_length=12)
    key_hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    # Where it may write: each source named, and any path below it.
    sources = models.JSONField(default=list)
    # Null lifts the limit, for an import.
    events_per_minute = models.PositiveIntegerField(null=True, blank=True, default=USUAL_EVENTS_PER_MINUTE)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=254, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["organization", "-created_at"], name="api_key_listed")]

    def __str__(self) -> str:
        return f"{self.name} ({self.shown_prefix}…)"

    @staticmethod
    def new_key() -> str:
        """A new key with 256 bits of chance."""
        return PREFIX + secrets.token_urlsafe(32)

    @staticmethod
    def hash_of(key: str) -> str:
        """What is stored of a key. Plain SHA-256 is enough: a key is chance, not a password to be guessed."""
        return hashlib.sha256(key.encode()).hexdigest()

    def is_usable(self, now: datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)

    def has_scope(self, scope: str) -> bool:
        return scope in self.scopes
