"""What a provider tells afterwards: that a text has arrived, or has not, and why. Read here, noted by the deliveries.

Ours: `{"id", "status": "delivered" | "failed", "reason"?}` or a list of them, signed as texts are. Solapi: a list of reports,
flat or below `data`, told by our key in `customFields`; 4000 has arrived, 2000 and 3000 are under way, all others have not.
Its secret comes as SHA-1 in `X-Solapi-Secret`. That is how several senders' own code reads it; Solapi's documents were not
at hand, so what is not understood is passed over and never an error.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings as hub

from channels_app.deliveries.webhook import is_signed
from channels_app.models import ChannelAccount
from channels_app.sms.settings import settings_of
from cxhub.identifiers import is_uuid

REPORTS_AT_MOST = 500
_ARRIVED, _UNDER_WAY = "4000", frozenset({"2000", "3000"})


class NotAReport(Exception):
    """Neither one report nor a list of up to REPORTS_AT_MOST."""


@dataclass(frozen=True, slots=True)
class Report:
    """`key` is the delivery's."""

    key: str
    has_arrived: bool
    reason: str = ""


def report_secret(account: ChannelAccount) -> str:
    """What is typed into Solapi's console; made of the account's, so that nothing else need be kept."""
    told = f"sms-reports:{account.public_id.hex}:{settings_of(account).secret}"
    return hmac.new(hub.SECRET_KEY.encode(), told.encode(), hashlib.sha256).hexdigest()[:40]


def is_from_provider(account: ChannelAccount, body: bytes, headers: Mapping[str, str]) -> bool:
    settings = settings_of(account)
    if settings.provider == "webhook":
        return is_signed(body, headers.get("X-Cxhub-Signature", ""), secret=settings.secret)
    expected = hashlib.sha1(report_secret(account).encode()).hexdigest()  # noqa: S324 - Solapi's choice
    return hmac.compare_digest(expected.encode(), headers.get("X-Solapi-Secret", "").strip().lower().encode())


def read_reports(account: ChannelAccount, body: bytes) -> list[Report]:
    """Those that say something final of one of our keys. Raises NotAReport."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise NotAReport from error
    told = told if isinstance(told, list) else [told]
    if len(told) > REPORTS_AT_MOST or not all(isinstance(one, dict) for one in told):
        raise NotAReport
    read = _of_solapi if settings_of(account).provider == "solapi" else _of_webhook
    return [report for one in told for report in read(one) if is_uuid(report.key)]


def _of_webhook(told: dict[str, Any]) -> Iterator[Report]:
    if told.get("status") in ("delivered", "failed"):
        yield Report(str(told.get("id")), told["status"] == "delivered", str(told.get("reason") or "")[:300])


def _of_solapi(told: dict[str, Any]) -> Iterator[Report]:
    inner = told.get("data")
    told = inner if isinstance(inner, dict) else told
    fields = told.get("customFields")
    code = str(told.get("statusCode") or "")
    if isinstance(fields, dict) and code and code not in _UNDER_WAY:
        yield Report(
            str(fields.get("key")), code == _ARRIVED, f"{code} {told.get('statusMessage') or ''}".strip()[:300]
        )
