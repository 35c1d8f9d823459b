"""What a customer decides by the link of a notice: all of it goes on, or none. Each becomes an event; the page tells her at once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from channels_app.hub.actions import CannotBeNamed, naming
from channels_app.hub.writing import envelope
from channels_app.intake import hub_sender, receive
from channels_app.models import ConsentNotice
from customers.consenting import GIVEN, MARKETING, MEDIA, WITHDRAWN
from customers.queries.consents import consents_of_members
from customers.queries.history import member_ids


def keep(notice: ConsentNotice, *, at: datetime) -> None:
    """What stands is given anew, with the words that she was shown. Nothing where nothing stands."""
    media = _standing(notice)
    if media:
        _write(notice, GIVEN, {"media": media, "text": notice.words or notice.subject}, at=at)


def take_back(notice: ConsentNotice, *, at: datetime) -> None:
    """All advertising, by every medium. Twice is once."""
    if _standing(notice):
        _write(notice, WITHDRAWN, {}, at=at)


def _standing(notice: ConsentNotice) -> list[str]:
    if notice.customer is None:
        return []
    told = consents_of_members(notice.organization, member_ids(notice.customer))
    return [medium for medium in MEDIA if (MARKETING, medium) in told.standing]


def _write(notice: ConsentNotice, kind: str, data: dict[str, Any], *, at: datetime) -> None:
    assert notice.customer is not None, "Something of hers stands."
    try:
        told = {"customer": naming(notice.customer), "purpose": MARKETING, "how": "web", **data}
    except CannotBeNamed:
        return  # erased meanwhile
    key = f"{kind}-{notice.public_id.hex}-{int(at.timestamp() * 1000)}"
    receive(notice.organization, [envelope(kind, told, at=at, key=key)], sender=hub_sender(), at=at)
