"""One thing that the figures count, with the instant that says on which day, and whose it is."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import IntFlag, StrEnum
from typing import NamedTuple


class Name(StrEnum):
    """What a fact is. Each is explained in docs/figures.md."""

    TICKET = "ticket"
    COMEBACK = "comeback"
    MESSAGES_IN = "messages_in"
    MESSAGES_OUT = "messages_out"
    MESSAGES_BOT = "messages_bot"
    WAITING = "waiting"
    RESPONSE = "response"
    TARGET = "target"
    CALL = "call"
    REPLY = "reply"
    RESOLUTION = "resolution"
    # The same, where a bot or a rule resolved, for the volume: that one is of the agent who had the ticket then.
    RESOLVED_BOT = "resolved_bot"
    # Of a customer's tickets together; the others are of one ticket.
    FCR = "fcr"
    ISSUE = "issue"
    RETURN = "return"
    # Of surveys.
    CSAT_SENT = "csat_sent"
    CSAT = "csat"
    NPS = "nps"
    CES = "ces"


OF_CUSTOMERS = frozenset({Name.FCR, Name.ISSUE, Name.RETURN})


class Opened(IntFlag):
    """Outcomes of `Name.TICKET`."""

    BY_CUSTOMER = 1


class Resolved(IntFlag):
    """Outcomes of `Name.RESOLUTION`."""

    BY_PERSON = 1
    REOPENED = 2
    IS_LAST = 4  # of a ticket that is resolved now
    ONE_TOUCH = 8


class Issue(IntFlag):
    """Outcomes of `Name.ISSUE`, which only issues over several channels have."""

    RESOLVED = 1


class Whose(NamedTuple):
    """What facts are cut by, besides the agent; keys of rows, 0 for none."""

    channel: str = ""
    center_id: int = 0
    store_id: int = 0
    topic: str = ""
    customer_id: int = 0


class Fact(NamedTuple):
    """`outcome` is a count, a score, or flags, by the name; `until` when what the fact waits for has come.

    `calendar_us` and `business_us` are microseconds of both clocks. `event` is the key of the event that a survey's
    fact is of; 0 for facts of tickets, which `name` and `ordinal` tell apart.
    """

    name: Name
    ordinal: int
    at: datetime
    whose: Whose
    agent: str = ""
    outcome: int = 0
    calendar_us: int | None = None
    business_us: int | None = None
    until: datetime | None = None
    event: int = 0


MICROSECOND = timedelta(microseconds=1)


def microseconds(length: timedelta) -> int:
    return length // MICROSECOND
