"""A signed POST to an address of the shop's own: how texts and messengers' messages leave, and how reports of them come back.

It carries the delivery's key as the idempotency key: who has it already answers 409 and sends once.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

from django.utils import timezone

from channels_app.deliveries.adapter import DeliveryFailed
from cxhub.outgoing import Answer, NotAllowed, NotReached, ask

ANSWER_BYTES = 64 * 1024
# A report that is older was recorded and is sent again by somebody else.
SIGNED_WITHIN_SECONDS = 300
_HAS_IT = 409
_LATER = frozenset({408, 425, 429})
_SURELY_NOT_SENT = ("ConnectionRefusedError", "the name is unknown")


def post_signed(told: dict[str, Any], *, url: str, secret: str, key: str) -> None:
    """Raises DeliveryFailed."""
    body = json.dumps(told, ensure_ascii=False).encode()
    stamp = str(int(timezone.now().timestamp()))
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": key,
        "X-Cxhub-Signature": f"t={stamp},v1={_signature(stamp, body, secret)}",
    }
    answer = posted(url, body, headers, knows_repeats=True)
    if answer.status != _HAS_IT:
        look_at(answer)


def is_signed(body: bytes, signature: str, *, secret: str) -> bool:
    """Whether `signature` (t=<seconds>,v1=<hex>) is of this body, by this secret, within the last minutes."""
    told = dict(part.strip().split("=", 1) for part in signature.split(",") if "=" in part)
    stamp, signed = told.get("t", ""), told.get("v1", "")
    if not secret or not (stamp.isascii() and stamp.isdigit() and len(stamp) < 15):
        return False
    if abs(timezone.now().timestamp() - int(stamp)) > SIGNED_WITHIN_SECONDS:
        return False
    return hmac.compare_digest(_signature(stamp, body, secret).encode(), signed.encode())


def _signature(stamp: str, body: bytes, secret: str) -> str:
    return hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()


def posted(url: str, body: bytes, headers: dict[str, str], *, knows_repeats: bool) -> Answer:
    try:
        return ask("POST", url, body=body, headers=headers, at_most=ANSWER_BYTES)
    except NotAllowed as error:
        raise DeliveryFailed("not_set_up", str(error), is_permanent=True) from error
    except NotReached as error:
        if str(error) in _SURELY_NOT_SENT:
            raise DeliveryFailed("provider_away", str(error), is_everybodys=True) from error
        raise DeliveryFailed("interrupted", str(error), is_unknown=True, is_permanent=not knows_repeats) from error


def look_at(answer: Answer) -> None:
    if 200 <= answer.status < 300:
        return
    words = said(answer.status, answer.body[:200].decode("utf-8", "replace"))
    if answer.status in _LATER or answer.status >= 500:
        raise DeliveryFailed("provider_busy", words)
    if answer.status in (401, 403):
        raise DeliveryFailed("provider_login", words, is_everybodys=True)
    raise DeliveryFailed("declined", words, is_permanent=True)


def said(code: object, words: object) -> str:
    return " ".join(f"{code} {words or ''}".split())
