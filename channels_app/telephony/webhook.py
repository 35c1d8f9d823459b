"""Hands a call over to any telephone system that takes a signed POST: docs/telephony.md says what it gets.

The request's id goes along as the idempotency key, so that a system which has it already answers 409 and rings once.
"""

from __future__ import annotations

import hashlib
import hmac
import json

from django.utils.timezone import now

from channels_app.models import CallRequest, TelephonySettings
from channels_app.telephony.handing import NotPlaced, Placed
from cxhub.outgoing import NotAllowed, NotReached, ask

ANSWER_BYTES = 16 * 1024
_HAS_IT = 409
_BUSY = frozenset({408, 425, 429})


def place(request: CallRequest, settings: TelephonySettings) -> Placed:
    """Posts the call. Raises `NotPlaced`."""
    body = json.dumps(content_of(request), ensure_ascii=False).encode()
    stamp = str(int(now().timestamp()))
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": request.public_id.hex,
        "X-Cxhub-Signature": f"t={stamp},v1={signature(settings.secret, stamp, body)}",
    }
    try:
        answer = ask("POST", settings.url, body=body, headers=headers, at_most=ANSWER_BYTES)
    except NotAllowed as error:
        raise NotPlaced("address", is_temporary=False) from error
    except NotReached as error:
        raise NotPlaced("unreachable", is_temporary=True) from error
    if 200 <= answer.status < 300 or answer.status == _HAS_IT:
        return Placed(answer.status)
    is_temporary = answer.status >= 500 or answer.status in _BUSY
    raise NotPlaced("unreachable" if is_temporary else "declined", is_temporary=is_temporary, status=answer.status)


def content_of(request: CallRequest) -> dict[str, str]:
    return {
        "type": "call.request",
        "id": request.public_id.hex,
        "thread": request.thread,
        "to": request.number,
        "agent": request.person.email,
        "center": request.center.slug if request.center else "",
        "at": request.created_at.isoformat(),
    }


def signature(secret: str, stamp: str, body: bytes) -> str:
    return hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
