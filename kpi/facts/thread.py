"""The facts of a thread: a function of its events by their time. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from accounts.in_force import Schedules
from kpi.facts.customer import Resolve, TicketSummary
from kpi.facts.fact import Fact, Whose
from kpi.facts.surveys import ANSWERED, SENT, SurveyEvent, facts_of_surveys
from kpi.facts.ticket import Watched, facts_of
from tickets.fold import walk
from tickets.state import ThreadEvent

SURVEYS = (SENT, ANSWERED)


@dataclass(frozen=True, slots=True)
class Rules:
    """What of an organization the facts depend on besides its events."""

    zone: ZoneInfo
    reopen_window: timedelta
    schedules: Schedules
    centers: dict[str, int]  # short name → key


@dataclass(frozen=True, slots=True)
class ThreadFacts:
    """A thread's tickets, by the key of the event that opened each, and the facts with theirs; 0: of no ticket."""

    tickets: dict[int, Watched]
    facts: list[tuple[int, Fact]]


def facts_of_thread(thread: str, events: Sequence[ThreadEvent], rules: Rules, scores: Mapping[int, int]) -> ThreadFacts:
    """Works out one thread from all its events in order; `scores` are those of its survey answers, by event key."""
    tickets: dict[int, Watched] = {}
    holding: dict[int, Watched] = {}
    for ticket, event in walk(events, reopen_window=rules.reopen_window, centers=rules.centers):
        watched = tickets.get(ticket.opened.pk)
        if watched is None:
            watched = tickets[ticket.opened.pk] = Watched(ticket, thread)
        watched.see(event)
        if event.type in SURVEYS:
            holding[event.pk] = watched
    facts = [(key, fact) for key, watched in tickets.items() for fact in facts_of(watched, rules.schedules, rules.zone)]
    surveys = [
        _survey(event, holding.get(event.pk), scores)
        for event in events
        if event.type in SURVEYS and not event.is_foreign
    ]
    return ThreadFacts(tickets, [*facts, *facts_of_surveys(surveys)])


def facts_without_thread(events: Sequence[ThreadEvent], scores: Mapping[int, int]) -> list[Fact]:
    """Of a customer's survey events on no thread, in order."""
    told = (_survey(event, None, scores) for event in events if event.type in SURVEYS)
    return [fact for _, fact in facts_of_surveys(told)]


def _survey(event: ThreadEvent, watched: Watched | None, scores: Mapping[int, int]) -> SurveyEvent:
    score = scores[event.pk] if event.type == ANSWERED else None
    if watched is None:
        whose = Whose("", event.center_id or 0, event.store_id or 0, "", event.customer_id or 0)
        return SurveyEvent(event.pk, event.time, event.qualifier, event.agent_email, score, whose)
    agent = event.agent_email or watched.agent_at(event.time)
    key = watched.ticket.opened.pk
    return SurveyEvent(event.pk, event.time, event.qualifier, agent, score, watched.whose(), key)


def summary_of(watched: Watched, key: int) -> TicketSummary:
    """A watched ticket, as customers' figures need it; `key` is what it is known by there."""
    ticket = watched.ticket
    assert ticket.last_event_at is not None, "A ticket holds at least the event that opened it."
    return TicketSummary(
        key,
        watched.thread,
        ticket.opened.time,
        ticket.opened_by == "customer",
        ticket.is_open,
        ticket.last_event_at,
        watched.whose(),
        [
            Resolve(ordinal, one.at, one.agent, one.is_by_person, one.reopened_at)
            for ordinal, one in enumerate(watched.resolutions, start=1)
        ],
    )
