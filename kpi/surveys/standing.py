"""Answers as a function of their events by time, never of their order of arrival. Pure: no database, no clock.

An answer belongs to the last `survey.sent` of its kind before it, in its conversation or (without one) of its customer. It
is one however often she changes it, given when it was first given, with the score and the words of the last change.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

SENT, ANSWERED, CHANGED, FOLLOWED_UP = "survey.sent", "survey.answered", "survey.changed", "survey.followed_up"
Order = tuple[datetime, int, str, str]


class SurveyEvent(NamedTuple):
    """What the rules need of one event. `answer` is what a change or an outcome calls the answer it is about."""

    pk: int
    public_id: str
    source: str
    event_id: str
    type: str
    kind: str
    time: datetime
    order: Order
    score: int = 0
    text: str = ""
    agent_email: str = ""
    outcome: str = ""
    answer: str = ""
    store_id: int | None = None
    center_id: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """One answer as it stands. `sent` is None where nobody has told of a question."""

    first: SurveyEvent
    sent: SurveyEvent | None
    score: int
    comment: str
    changed_at: datetime | None
    followed_up: SurveyEvent | None


def standings(events: Iterable[SurveyEvent]) -> list[Standing]:
    """The answers of one conversation, or of one customer, the earliest first. `events` may come in any order."""
    in_order = sorted(events, key=lambda event: event.order)
    return [_standing(event, in_order) for event in in_order if event.type == ANSWERED]


def _standing(first: SurveyEvent, in_order: list[SurveyEvent]) -> Standing:
    sent = [one for one in in_order if one.type == SENT and one.kind == first.kind and one.order < first.order]
    mine = [one for one in in_order if one.answer and _means(one, first)]
    changes = [one for one in mine if one.type == CHANGED and one.kind == first.kind and one.order > first.order]
    outcomes = [one for one in mine if one.type == FOLLOWED_UP]
    last = changes[-1] if changes else first
    return Standing(
        first=first,
        sent=sent[-1] if sent else None,
        score=last.score,
        comment=last.text,
        changed_at=last.time if changes else None,
        followed_up=outcomes[-1] if outcomes else None,
    )


def _means(one: SurveyEvent, first: SurveyEvent) -> bool:
    """By the public id that the hub gave it, or by its own id from the same source."""
    return one.answer.replace("-", "") == first.public_id or (
        one.answer == first.event_id and one.source == first.source
    )
