"""The shape in which a checked event enters the inner rooms.

Doors parse whatever arrives into an `IncomingEvent`; from there on nothing looks at raw envelopes again.
Pure data: no database, no clock.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple, Protocol

from msgspec import Struct

# What a sale or refund means that names none (EVENTS.md).
DEFAULT_CURRENCY = "KRW"


class IdentityKey(NamedTuple):
    """What tells one customer from another: unique within an organization.

    `kind` is one of `member_no`, `phone`, `external`, `email` (and `claim`, which only resolution makes);
    `account` is the channel account of an `external` id and empty otherwise; `value` is already normalised
    (E.164, lower-cased mail address, NFC).
    """

    kind: str
    account: str
    value: str


# Rule 4 of resolution: the owner of the strongest identity gets an event that names several customers.
STRENGTH = {"member_no": 0, "phone": 1, "external": 2, "email": 3, "claim": 4}


class IncomingEvent(Struct, kw_only=True):
    """One checked event. Times are UTC; texts are NFC without control characters; `data` is plain JSON."""

    source: str
    event_id: str
    type: str
    time: datetime
    data: dict[str, Any]
    content_hash: str  # sha256 hex of the canonical envelope: tells a repeat from a differing repeat
    rank: int  # order among events of equal time within a thread (EVENTS.md)
    channel: str  # pos, store, call, chat, mail, message; "" where the type has none (note, ticket, survey…)
    thread: str = ""  # "" where the event belongs to no conversation
    author: str = ""  # customer, agent, bot; "" where nobody speaks
    agent_email: str = ""
    text: str = ""
    store: str = ""  # slug as given
    center: str = ""  # slug: for ticket.moved the target; otherwise ""
    topic: str = ""
    direction: str = ""  # inbound, queued (inbound, and waiting in a queue), outbound: calls only
    decided_by: str = ""  # agent, bot, rule: ticket.resolved, ticket.assigned
    detail: str = ""  # a priority; until when, ISO 8601: ticket.snoozed only; what came of a call or a call-back
    survey: str = ""  # csat, nps, ces: survey.* only
    amount_hundredths: int | None = None  # sales positive, refunds negative; hundredths of the currency unit
    currency: str = ""
    name: str = ""
    verified: bool = True
    identities: tuple[IdentityKey, ...] = ()  # proven: they identify
    claims: tuple[IdentityKey, ...] = ()  # told and not proven (rule 6): they only hint
    into: tuple[IdentityKey, ...] = ()  # customer.merged / customer.unmerged
    merged_from: tuple[IdentityKey, ...] = ()
    warnings: list[str] = []

    @property
    def qualifier(self) -> str:
        """The one further word that the rules of its type need: see `Event.qualifier`."""
        foreign = "" if self.currency == DEFAULT_CURRENCY else self.currency
        return self.direction or self.decided_by or self.survey or self.center or self.detail or foreign

    @property
    def order(self) -> tuple[datetime, int, str, str]:
        """Sort key of events within a thread."""
        return (self.time, self.rank, self.source, self.event_id)


class PlacedEvent(Protocol):
    """What a row of history is asked for most: the model's instance, or the row as those who write it know it."""

    @property
    def pk(self) -> int: ...
    @property
    def thread(self) -> str: ...
    @property
    def customer_id(self) -> int | None: ...
    @property
    def order(self) -> tuple[datetime, int, str, str]: ...
