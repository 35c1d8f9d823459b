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
from channels_app.deliveries.webhook import look_at, post_signed, posted, said
from channels_app.sms.settings import SOLAPI_URL, SmsSettings

# What a plain text message holds, in the encoding of Korean networks; longer ones go as LMS.
SMS_BYTES = 90


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
    post_signed(told, url=settings.url, secret=settings.secret, key=text.key)


def by_solapi(text: Text, settings: SmsSettings) -> None:
    """Raises DeliveryFailed."""
    date, salt = timezone.now().isoformat(timespec="milliseconds"), secrets.token_hex(16)
    signed = hmac.new(settings.secret.encode(), (date + salt).encode(), hashlib.sha256).hexdigest()
    body = json.dumps({"messages": [_solapi_message(text, settings)]}, ensure_ascii=False).encode()
    headers = {
        "Content-Type": "application/json",
        "Authorization": f"HMAC-SHA256 ApiKey={settings.api_key}, Date={date}, salt={salt}, signature={signed}",
    }
    answer = posted(settings.url or SOLAPI_URL, body, headers, knows_repeats=False)
    look_at(answer)
    try:
        failed = json.loads(answer.body).get("failedMessageList") or []
    except (ValueError, AttributeError):
        return  # taken, in words that we do not know
    if failed:
        told = failed[0] if isinstance(failed[0], dict) else {}
        raise DeliveryFailed("declined", said(told.get("statusCode"), told.get("statusMessage")), is_permanent=True)


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
