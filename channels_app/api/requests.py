"""What the API takes from a request: the body's events, a page's length and cursor. Refuses everything else by name."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest

from channels_app.api.responses import MAX_BODY_BYTES
from channels_app.plain_json import decode
from channels_app.problems import Problem, Refused
from customers.models import Event

MAX_BATCH = 500
SINGLE, BATCH, EITHER = "application/cloudevents+json", "application/cloudevents-batch+json", "application/json"
PAGE_LENGTH = 50
LONGEST_PAGE = 500


def envelopes_of(request: HttpRequest) -> tuple[list[Any], bool]:
    """The decoded envelopes, and whether they came as a batch. Raises `Refused` for what is neither."""
    kind = request.content_type or ""
    if kind not in (SINGLE, BATCH, EITHER):
        raise Refused(Problem("unsupported-media-type", received=kind[:80]))
    told = decode(raw_body(request))
    is_batch = isinstance(told, list)
    if (kind == BATCH and not is_batch) or (kind == SINGLE and is_batch):
        raise Refused(Problem("not-an-event"))
    if not isinstance(told, list):
        return [told], False
    if not told:
        raise Refused(Problem("empty-batch"))
    if len(told) > MAX_BATCH:
        raise Refused(Problem("batch-too-long", params={"limit": MAX_BATCH}, received=str(len(told))))
    return told, True


def raw_body(request: HttpRequest, *, at_most: int = MAX_BODY_BYTES) -> bytes:
    """The body as it came. Raises `Refused` for one that is packed or larger than `at_most` bytes."""
    encoding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in ("", "identity"):
        raise Refused(Problem("unsupported-encoding", received=encoding[:80]))
    declared = request.headers.get("Content-Length", "")
    too_large = Refused(Problem("body-too-large", params={"limit": at_most}))
    if declared.isdecimal() and int(declared) > at_most:
        raise too_large
    # A chunked body declares no length.
    body = request.read(at_most + 1)
    if len(body) > at_most:
        raise too_large
    return body


def page_length(told: str) -> int:
    """How many entries a page shall have."""
    if not told:
        return PAGE_LENGTH
    # The length first: Python refuses to read thousands of digits.
    if not (told.isascii() and told.isdecimal() and len(told) < 10 and 1 <= int(told) <= LONGEST_PAGE):
        raise Refused(Problem("invalid-query", field="limit", received=told[:80]))
    return int(told)


def cursor_after(event: Event) -> str:
    """What leads on from this event to those older than it."""
    microseconds = int(event.time.timestamp()) * 1_000_000 + event.time.microsecond
    return base64.urlsafe_b64encode(f"{microseconds}.{event.pk}".encode()).decode().rstrip("=")


def cursor(told: str) -> tuple[datetime, int] | None:
    """The place a cursor names; None for the first page."""
    if not told:
        return None
    try:
        plain = base64.urlsafe_b64decode(told + "=" * (-len(told) % 4)).decode("ascii")
        microseconds, pk = (int(part) for part in plain.split("."))
        seconds, rest = divmod(microseconds, 1_000_000)
        return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest), max(min(pk, 2**62), 0)
    except (ValueError, OverflowError, OSError, binascii.Error):
        raise Refused(Problem("invalid-query", field="after", received=told[:80])) from None
