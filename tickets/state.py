"""What the rules of a thread take in and come to: one event of it, and the state of one ticket.

Pure, as `tickets.fold`, which works on them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from tickets.clocks import Clocks

Order = tuple[datetime, int, str, str]


class ThreadEvent(NamedTuple):
    """What the rules need of one event. Sort by `order` before folding."""

    pk: int
    time: datetime
    rank: int
    source: str
    event_id: str
    type: str
    author: str
    agent_email: str
    text: str
    topic: str
    qualifier: str
    customer_id: int | None
    center_id: int | None
    store_id: int | None
    seq: int
    # Said in a conversation that was merged into this one.
    is_foreign: bool = False

    @property
    def order(self) -> Order:
        return (self.time, self.rank, self.source, self.event_id)

    @classmethod
    def opening(cls, pk: int, time: datetime) -> ThreadEvent:
        """The event that opened a ticket, of which only this is known any more. Sorts before what has followed it."""
        return cls(pk, time, -1, "", "", "", "", "", "", "", "", None, None, None, 0)


@dataclass(slots=True)
class TicketState:
    """What the events of one ticket come to. Field names are those of `Ticket`."""

    opened: ThreadEvent
    opened_by: str
    channel: str
    center_id: int | None = None
    store_id: int | None = None
    customer_id: int | None = None
    status: str = "open"
    topic: str = ""
    call_state: str = ""
    call_since: datetime | None = None
    call_seconds: int | None = None
    call_answered: str = ""  # when the talk that goes on began, ISO 8601
    assigned_to: str = ""
    first_answered_by: str = ""
    response_started_at: datetime | None = None
    first_response_at: datetime | None = None
    waiting_since: datetime | None = None
    last_event_at: datetime | None = None
    last_message_at: datetime | None = None
    last_author: str = ""
    last_text: str = ""
    last_seq: int = 0
    messages_in: int = 0
    messages_out: int = 0
    first_resolved_at: datetime | None = None
    resolved_at: datetime | None = None
    resolved_by: str = ""
    reopen_count: int = 0
    # When the clock that runs out first does, and which it is; and when somebody must look whether one has.
    due_at: datetime | None = None
    due_kind: str = ""
    next_alarm_at: datetime | None = None
    clocks: Clocks = field(default_factory=Clocks)
    priority: str = "normal"
    tags: str = ""  # as `tag_keys` writes them
    snoozed_until: datetime | None = None
    links: str = ""  # threads it has to do with, as `tag_keys` writes tags
    merged_thread: str = ""  # the conversation it was merged into
    absorbed: str = ""  # those merged into it, as `tag_keys` writes tags
    is_moved: bool = False
    has_handoff: bool = False
    has_bot_answer: bool = False
    events: int = 0
    # Customers that later events of the thread name besides the ticket's own: a person must decide.
    other_customer_ids: tuple[int, ...] = ()
    last_order: Order | None = None  # of the last event it holds

    @property
    def agent_email(self) -> str:
        """The last assigned; where nobody was, the first to answer. Both since it was last handed back."""
        return self.assigned_to or self.first_answered_by

    @property
    def is_open(self) -> bool:
        return self.status == "open"

    @property
    def memory(self) -> dict[str, Any]:
        """What the rules must know of a ticket to go on with its next event, besides what its row shows; plain JSON."""
        assert self.last_order is not None, "A ticket holds at least the event that opened it."
        remembered: dict[str, Any] = {name: getattr(self, name) for name in _REMEMBERED}
        return (
            remembered
            | {
                "last": list(self.last_order[1:]),
                "clocks": self.clocks.memory,
                "other_customer_ids": list(self.other_customer_ids),
            }
            | ({"call_answered": self.call_answered} if self.call_answered else {})
        )

    @classmethod
    def resume(cls, opened: ThreadEvent, shown: Mapping[str, Any], memory: Mapping[str, Any]) -> TicketState:
        """The state as it was: from what its row shows, by field name, and from its `memory`."""
        fields = {name: value for name, value in shown.items() if name != "agent_email"}
        return cls(
            opened=opened,
            **fields,
            **{name: memory[name] for name in _REMEMBERED},
            call_answered=memory.get("call_answered", ""),
            clocks=Clocks.resume(memory["clocks"]),
            other_customer_ids=tuple(memory["other_customer_ids"]),
            last_order=order_of_last(shown["last_event_at"], memory),
        )


_REMEMBERED = ("assigned_to", "first_answered_by", "is_moved", "has_handoff", "has_bot_answer", "events")


def order_of_last(last_event_at: datetime, memory: Mapping[str, Any]) -> Order:
    """Where the last event of a ticket stands: the next one that sorts after it needs nothing but the `memory`."""
    rank, source, event_id = memory["last"]
    return (last_event_at, rank, source, event_id)
