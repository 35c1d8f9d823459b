"""Short signed links: a random key and the beginning of its signature. Nothing personal stands in them. Pure.

A forged one is known without asking the database. What a link opens says its purpose: one for answering opens no tablet.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from django.conf import settings

KEY_LENGTH, SIGNATURE_LENGTH = 12, 11


def new_key() -> str:
    """72 random bits."""
    return secrets.token_urlsafe(9)


def token_of(key: str, purpose: str) -> str:
    return key + _signature(key, purpose, settings.SECRET_KEY)


def key_of(token: str, purpose: str) -> str | None:
    """The key of a link that the hub has made, also under an earlier secret; None for a forged one."""
    key, signed = token[:KEY_LENGTH], token[KEY_LENGTH:]
    if len(token) != KEY_LENGTH + SIGNATURE_LENGTH or not token.isascii():
        return None
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        if hmac.compare_digest(_signature(key, purpose, secret), signed):
            return key
    return None


def _signature(key: str, purpose: str, secret: str) -> str:
    signed = hmac.new(secret.encode(), f"{purpose}:{key}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(signed[:8]).decode().rstrip("=")
