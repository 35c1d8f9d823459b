"""The two kinds of providers: any that takes a signed POST (docs/surveys.md says what it gets), and Solapi.

A webhook gets the delivery's key as the idempotency key: one that has it already answers 409 and sends once. Solapi
knows no such key, so what may have reached it is not sent again.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone

from channels_app.deliveries.adapter import DeliveryFailed
from channels_app.sms.settings import SOLAPI_URL, SmsSettings
from cxhub.outgoing import Answer, NotAllowed, NotReached, ask

ANSWER_BYTES = 64 * 1024
# What a plain text message holds, in the encoding of Korean networks; longer ones go as LMS.
SMS_BYTES = 90
_HAS_IT = 409
_LATER = frozenset({408, 425, 429})
_SURELY_NOT_SENT = ("ConnectionRefusedError", "the name is unknown")


@dataclass(frozen=True, slots=True)
class Text:
    """What is to be sent. `shop` and `link` fill a Kakao template; `is_notice` where it may be one."""

    key: str
    sender: str
    recipient: str
    subject: str
    words: str
    shop: str
    link: str
    is_notice: bool


def by_webhook(text: Text, settings: SmsSettings) -> None:
    """Raises DeliveryFailed."""
    told = {"type": "sms", "id": text.key, "from": text.sender, "to": text.recipient, "text": text.words}
    body = json.dumps(told, ensure_ascii=False).encode()
    stamp = str(int(timezone.now().timestamp()))
    signed = hmac.new(settings.secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": text.key,
        "X-Cxhub-Signature": f"t={stamp},v1={signed}",
    }
    answer = _posted(settings.url, body, headers, knows_repeats=True)
    if answer.status != _HAS_IT:
        _look_at(answer)


def by_solapi(text: Text, settings: SmsSettings) -> None:
    """Raises DeliveryFailed."""
    date, salt = timezone.now().isoformat(timespec="milliseconds"), secrets.token_hex(16)
    signed = hmac.new(settings.secret.encode(), (date + salt).encode(), hashlib.sha256).hexdigest()
    body = json.dumps({"messages": [_solapi_message(text, settings)]}, ensure_ascii=False).encode()
    headers = {
        "Content-Type": "application/json",
        "Authorization": f"HMAC-SHA256 ApiKey={settings.api_key}, Date={date}, salt={salt}, signature={signed}",
    }
    answer = _posted(settings.url or SOLAPI_URL, body, headers, knows_repeats=False)
    _look_at(answer)
    try:
        failed = json.loads(answer.body).get("failedMessageList") or []
    except (ValueError, AttributeError):
        return  # taken, in words that we do not know
    if failed:
        told = failed[0] if isinstance(failed[0], dict) else {}
        raise DeliveryFailed("declined", _said(told.get("statusCode"), told.get("statusMessage")), is_permanent=True)


PROVIDERS: dict[str, Callable[[Text, SmsSettings], None]] = {"webhook": by_webhook, "solapi": by_solapi}


def _solapi_message(text: Text, settings: SmsSettings) -> dict[str, object]:
    is_long = len(text.words.encode("cp949", "replace")) > SMS_BYTES
    message: dict[str, object] = {"to": text.recipient, "from": text.sender, "text": text.words}
    message |= {"type": "LMS", "subject": text.subject[:20]} if is_long else {"type": "SMS"}
    message["customFields"] = {"key": text.key}
    if text.is_notice and settings.kakao_profile and settings.kakao_template:
        variables = {"#{상호}": text.shop, "#{링크}": text.link}
        options = {"pfId": settings.kakao_profile, "templateId": settings.kakao_template, "variables": variables}
        message |= {"type": "ATA", "kakaoOptions": options | {"disableSms": False}}
    return message


def _posted(url: str, body: bytes, headers: dict[str, str], *, knows_repeats: bool) -> Answer:
    try:
        return ask("POST", url, body=body, headers=headers, at_most=ANSWER_BYTES)
    except NotAllowed as error:
        raise DeliveryFailed("not_set_up", str(error), is_permanent=True) from error
    except NotReached as error:
        if str(error) in _SURELY_NOT_SENT:
            raise DeliveryFailed("provider_away", str(error), is_everybodys=True) from error
        raise DeliveryFailed("interrupted", str(error), is_unknown=True, is_permanent=not knows_repeats) from error


def _look_at(answer: Answer) -> None:
    if 200 <= answer.status < 300:
        return
    words = _said(answer.status, answer.body[:200].decode("utf-8", "replace"))
    if answer.status in _LATER or answer.status >= 500:
        raise DeliveryFailed("provider_busy", words)
    if answer.status in (401, 403):
        raise DeliveryFailed("provider_login", words, is_everybodys=True)
    raise DeliveryFailed("declined", words, is_permanent=True)


def _said(code: object, words: object) -> str:
    return " ".join(f"{code} {words or ''}".split())
