"""What she has said of a ticket's end, as it stands now: her answer and the changes of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from channels_app.models.widget import WidgetConversation
from customers.models import Event
from cxhub.prepared import Prepared, Told

# As with links: for so long after the first answer, and no more often.
CHANGEABLE_FOR = timedelta(days=14)
CHANGES_AT_MOST = 20
_ANSWERS = Prepared(
    lambda: (
        Event.objects.filter(
            organization_id=Told("organization_id"), thread=Told("thread"), event_id__any_of=Told("ids")
        )
        .order_by("time", "id")
        .values_list("event_id", "time", "data")
    )
)


@dataclass(frozen=True, slots=True)
class Rating:
    """`at` is when she answered first; score and words are those of her last change."""

    score: int
    comment: str
    at: datetime
    changes: int

    def is_changeable(self, at: datetime) -> bool:
        return at < self.at + CHANGEABLE_FOR and self.changes < CHANGES_AT_MOST


def answer_id(ticket_id: UUID) -> str:
    return f"{ticket_id.hex}-csat"


def change_id(ticket_id: UUID, number: int) -> str:
    return f"{answer_id(ticket_id)}-{number}"


def rating_of(conversation: WidgetConversation, ticket_id: UUID) -> Rating | None:
    """None where she has not answered. One statement."""
    ids = [answer_id(ticket_id), *(change_id(ticket_id, number) for number in range(1, CHANGES_AT_MOST + 1))]
    rows = _ANSWERS(organization_id=conversation.organization_id, thread=conversation.thread_key, ids=ids)
    told = {event_id: (time, data) for event_id, time, data in rows}
    if ids[0] not in told:
        return None
    last = max((one for one in ids if one in told), key=ids.index)
    data = told[last][1]
    return Rating(int(data.get("score") or 0), str(data.get("comment") or ""), told[ids[0]][0], len(told) - 1)
