"""By mail what did not reach her by text or messenger: once, and never what may have reached her."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from channels_app.deliveries.actions import CannotSend, announce
from channels_app.deliveries.ways import ways_to
from channels_app.models import Delivery


def may_go_by_mail(failed: Delivery) -> bool:
    """Whether it has failed for good on another way. Of one that was interrupted nobody knows: twice is worse than not at
    all."""
    return failed.state == Delivery.State.FAILED and failed.account.adapter != "mail" and failed.cause != "interrupted"


def announce_by_mail(
    failed: Delivery, members: Collection[int], *, center_id: int | None = None, language: str, at: datetime
) -> Delivery | None:
    """Writes the intention to send the same by mail, in the caller's transaction; None where she has no address or there is
    no account to send from."""
    way = ways_to(failed.organization, members, center_id=center_id).get("mail")
    if way is None:
        return None
    try:
        return announce(way.account, failed.kind, way.recipient, language=language, at=at)
    except CannotSend:
        return None
