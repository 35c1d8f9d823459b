"""Facts of surveys: what was sent, and what was answered. Pure.

An answer counts once, when it was first given, however often it is changed. It belongs to the last sending of its kind before it, on its thread; where it has no thread, to its customer's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from kpi.facts.fact import Fact, Name, Whose

SENT, ANSWERED, CHANGED = "survey.sent", "survey.answered", "survey.changed"
ANSWERS = {"csat": Name.CSAT, "nps": Name.NPS, "ces": Name.CES}


class SurveyEvent(NamedTuple):
    """`score` is None for a sending; `agent` the one named, else the ticket's then; `ticket` its key, 0 for none."""

    key: int
    at: datetime
    kind: str
    agent: str
    score: int | None
    whose: Whose
    ticket: int = 0


def facts_of_surveys(events: Iterable[SurveyEvent]) -> Iterator[tuple[int, Fact]]:
    """The facts of one thread's or one customer's survey events, given in order, each with its ticket's key."""
    sent: dict[str, SurveyEvent] = {}
    for event in events:
        if event.score is None:
            sent[event.kind] = event
            if event.kind == "csat":
                yield event.ticket, _fact(Name.CSAT_SENT, event, of=event)
        else:
            yield event.ticket, _fact(ANSWERS[event.kind], event, of=sent.get(event.kind, event))


def _fact(name: Name, event: SurveyEvent, *, of: SurveyEvent) -> Fact:
    return Fact(name, 1, event.at, of.whose, of.agent, event.score or 0, event=event.key)
