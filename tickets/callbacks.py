"""The call-back list: who called, was not answered, and has not been spoken to since. Pure: no database, no clock.

Several missed calls of one caller are one entry. Whatever order calls, attempts and answers come in, the list is the
same: it hangs on their times alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class Reason(StrEnum):
    LEFT = "left"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    CLOSED = "closed"


class Missed(NamedTuple):
    """A call that nobody took. `caller` is the same for all calls of one customer, or of one number of nobody known."""

    caller: str
    thread: str
    called_at: datetime
    left_at: datetime
    reason: Reason
    agent_email: str = ""

    @property
    def waited_seconds(self) -> int:
        return max(0, round((self.left_at - self.called_at).total_seconds()))


class Attempt(NamedTuple):
    """Somebody called back. `outcome` is that of `callback.tried`."""

    thread: str
    at: datetime
    agent_email: str
    outcome: str


@dataclass(frozen=True, slots=True)
class CallBack:
    """One caller to be called back: her missed calls and our attempts, the newest last."""

    caller: str
    calls: tuple[Missed, ...]
    attempts: tuple[Attempt, ...] = ()

    @property
    def first(self) -> Missed:
        return self.calls[0]

    @property
    def last(self) -> Missed:
        return self.calls[-1]

    @property
    def agent_email(self) -> str:
        """Who has taken it; where several have, whoever took the newest call."""
        return next((call.agent_email for call in reversed(self.calls) if call.agent_email), "")


# What exchanges say, by their first words; an unknown one is told by whether the center was open.
_TOLD = {
    Reason.CLOSED: ("closed", "out_of_hours", "out of hours", "after_hours", "holiday"),
    Reason.BUSY: ("busy", "congestion", "all_busy"),
    Reason.NO_ANSWER: ("no_answer", "no answer", "noanswer", "rang_out", "timeout", "missed"),
    Reason.LEFT: ("caller_left", "left", "abandon", "cancel", "hangup"),
}


def reason_told(told: str) -> Reason | None:
    """Why a call was missed by what the exchange told; None where its word is unknown."""
    said = told.strip().lower()
    return next((reason for reason, beginnings in _TOLD.items() if said.startswith(beginnings)), None)


def reason_of(told: str, *, was_open: bool) -> Reason:
    """Why a call was missed: by what the exchange told, else by the hours."""
    return reason_told(told) or (Reason.LEFT if was_open else Reason.CLOSED)


def call_backs(missed: Iterable[Missed], attempts: Iterable[Attempt] = ()) -> list[CallBack]:
    """One entry a caller, whoever has waited longest first."""
    by_caller: dict[str, list[Missed]] = defaultdict(list)
    for call in missed:
        by_caller[call.caller].append(call)
    by_thread: dict[str, list[Attempt]] = defaultdict(list)
    for attempt in attempts:
        by_thread[attempt.thread].append(attempt)
    entries = [
        CallBack(
            caller,
            tuple(sorted(calls, key=lambda call: (call.called_at, call.thread))),
            tuple(sorted((one for call in calls for one in by_thread[call.thread]), key=lambda one: (one.at, one))),
        )
        for caller, calls in by_caller.items()
    ]
    return sorted(entries, key=lambda entry: (entry.first.called_at, entry.caller))


def settled(missed: Mapping[str, tuple[str, datetime]], spoken: Mapping[str, datetime]) -> dict[str, datetime]:
    """Which missed calls (thread → caller, instant) need no call back, and since when: who was spoken to after it."""
    return {
        thread: spoken[caller] for thread, (caller, at) in missed.items() if caller in spoken and spoken[caller] > at
    }
