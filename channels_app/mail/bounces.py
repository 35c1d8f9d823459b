"""A mail server's report that it could not deliver (RFC 3464), and which of our mails it is about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import Message

_MESSAGE_ID = re.compile(r"^message-id:\s*(<[^<>\s]{1,320}>)", re.IGNORECASE | re.MULTILINE)
_STATUS = re.compile(r"^status:\s*([245]\.\d{1,3}\.\d{1,3})", re.IGNORECASE | re.MULTILINE)
_ACTION = re.compile(r"^action:\s*(\w+)", re.IGNORECASE | re.MULTILINE)
_DIAGNOSIS = re.compile(r"^diagnostic-code:\s*(?:[\w-]+;\s*)?(.+)$", re.IGNORECASE | re.MULTILINE)
# Long enough for any head; a report may repeat all of what was sent.
_LOOKED_AT = 200_000  # characters


@dataclass(frozen=True, slots=True)
class Bounce:
    """`message_id` is what the mail that came back was called; "" where the report does not say."""

    message_id: str
    status: str
    diagnosis: str
    is_final: bool


def bounce_in(mail: Message) -> Bounce | None:
    """What a report says; None for any other mail."""
    told = str(mail.get("content-type", "")).lower()
    if mail.get_content_type() != "multipart/report" or "delivery-status" not in told:
        return None
    text = mail.as_bytes().decode("utf-8", "replace")[:_LOOKED_AT].replace("\r\n", "\n")
    # The report's own head stands in front of all.
    _own, _blank, rest = text.partition("\n\n")
    status, action = _STATUS.search(rest), _ACTION.search(rest)
    name, diagnosis = _MESSAGE_ID.search(rest), _DIAGNOSIS.search(rest)
    code = status[1] if status else ""
    return Bounce(
        message_id=name[1] if name else "",
        status=code,
        diagnosis=" ".join((diagnosis[1] if diagnosis else "").split())[:250],
        is_final=(action[1].lower() if action else "") == "failed" and not code.startswith(("2", "4.")),
    )
