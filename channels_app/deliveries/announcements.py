"""What the hub sends on its own account, as a survey is: written by the room that asks for it, carried by any adapter.

Such a room registers how the words are found, and what is to be looked at right before they go. Nothing is announced in a
conversation, so no ticket is told of a failure.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from channels_app.deliveries.adapter import DeliveryFailed
from channels_app.models import Delivery


@dataclass(frozen=True, slots=True)
class Announcement:
    """The same for each attempt. `stop_link` is where she asks for no more of them, `stop_words` say so; `link` may be "".

    `fills_template`: it says what the organization's Kakao template says, but for the link.
    """

    subject: str
    words: str
    link: str
    stop_words: str
    stop_link: str
    fills_template: bool = False

    @property
    def as_text(self) -> str:
        link = f"\n{self.link}" if self.link else ""
        return f"{self.words}{link}\n\n{self.stop_words} {self.stop_link}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a last look says: go (neither), wait until, or never (`drops`, with a cause)."""

    until: datetime | None = None
    drops: bool = False
    cause: str = ""


Write = Callable[[Delivery], Announcement | None]
Look = Callable[[Delivery, datetime], Verdict]
_rooms: dict[str, tuple[Write, Look]] = {}


def register_announcements(kind: str, write: Write, look: Look) -> None:
    """Called once by the room's AppConfig."""
    _rooms[kind] = write, look


def is_announced(kind: str) -> bool:
    return kind in _rooms


def announcement_of(delivery: Delivery) -> Announcement:
    """Raises DeliveryFailed where there is nothing to say any more."""
    found = _rooms[delivery.kind][0](delivery) if delivery.kind in _rooms else None
    if found is None:
        raise DeliveryFailed("nothing_to_say", is_permanent=True)
    return found


def may_go(delivery_id: int, *, at: datetime) -> bool:
    """The last look, before a worker claims it. Puts off what is to wait, drops what is not wanted any more."""
    rows = Delivery.objects.filter(pk=delivery_id, state=Delivery.State.WAITING, due_at__lte=at)
    delivery = rows.filter(kind__in=_rooms).select_related("organization").first()
    if delivery is None:
        return True  # of another kind, or not to be sent: whoever claims it sees
    verdict = _rooms[delivery.kind][1](delivery, at)
    if verdict.drops:
        rows.update(state=Delivery.State.DROPPED, done_at=at, cause=verdict.cause)
        return False
    if verdict.until is not None:
        rows.update(due_at=verdict.until, queued_at=verdict.until)
        return False
    return True
