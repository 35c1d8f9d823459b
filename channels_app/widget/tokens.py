"""Secrets of the widget: the one a browser keeps, and the token with which a shop's server vouches for its visitor.

A visitor token is a JWT signed by HS256 with the widget's signing secret. No other algorithm is taken, whatever the
token's header says. The format and snippets for PHP, Node and Python are in docs/widget.md.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from datetime import datetime
from typing import Any

import msgspec

# A copied token is good for as long as it lives: a day is the longest a shop may choose, minutes are wiser.
MAX_LIFETIME_SECONDS = 86_400
# Clocks of shops' servers are a little off.
LEEWAY_SECONDS = 60
MAX_TOKEN_CHARACTERS = 4_096


class BadToken(Exception):
    """The token proves nothing. `code`: malformed | algorithm | signature | expired | not_yet | lifetime | claims."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Claims(msgspec.Struct, frozen=True):
    """What the shop says of its visitor. `sub` is the shop's own name for her and never changes."""

    sub: str
    iat: float
    exp: float
    member_no: str = ""
    phone: str = ""
    email: str = ""
    name: str = ""

    def about(self) -> dict[str, str]:
        told = {"member_no": self.member_no, "phone": self.phone, "email": self.email, "name": self.name}
        return {key: value.strip() for key, value in told.items() if value.strip()}


def read_token(token: str, *, signing_secret: str, at: datetime) -> Claims:
    """Returns the claims of a valid token. Raises BadToken."""
    if len(token) > MAX_TOKEN_CHARACTERS or token.count(".") != 2:
        raise BadToken("malformed")
    signed, _, signature = token.rpartition(".")
    header, _, payload = signed.partition(".")
    if _json(header).get("alg") != "HS256":
        raise BadToken("algorithm")
    expected = hmac.digest(signing_secret.encode(), signed.encode(), "sha256")
    if not hmac.compare_digest(expected, _decoded(signature)):
        raise BadToken("signature")
    try:
        claims = msgspec.convert(_json(payload), Claims)
    except msgspec.ValidationError as error:
        raise BadToken("claims") from error
    _check_times(claims, at.timestamp())
    if not 0 < len(claims.sub) <= 200 or any(len(value) > 200 for value in claims.about().values()):
        raise BadToken("claims")
    return claims


def _check_times(claims: Claims, now: float) -> None:
    if claims.exp + LEEWAY_SECONDS < now:
        raise BadToken("expired")
    if claims.iat - LEEWAY_SECONDS > now:
        raise BadToken("not_yet")
    if claims.exp - claims.iat > MAX_LIFETIME_SECONDS:
        raise BadToken("lifetime")


def _decoded(part: str) -> bytes:
    try:
        return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadToken("malformed") from error


def _json(part: str) -> dict[str, Any]:
    try:
        return msgspec.json.decode(_decoded(part), type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeError) as error:
        raise BadToken("malformed") from error


def new_visitor_secret() -> str:
    """Returns 128 random bits as text, for the browser to keep."""
    return secrets.token_urlsafe(16)


def hash_of(visitor_secret: str) -> str:
    """Returns what is stored. A plain hash is enough: the secret is random, there is nothing to guess."""
    return hashlib.sha256(visitor_secret.encode("utf-8", "replace")).hexdigest()


def is_secret_of(visitor_secret: str, secret_hash: str) -> bool:
    return hmac.compare_digest(hash_of(visitor_secret), secret_hash)
