"""Tries a rule on past tickets: in which it would have held, and what it would have done. Nothing is written.

By the same steps and conditions as those by which it runs (`tickets.rules`). Purchases and who is known are those of
today; what the rule would have changed for itself later on is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.models import Person
from tickets.models import Breach, Rule, Ticket
from tickets.policies import tickets_reached
from tickets.queries.rule_choices import Choices
from tickets.queries.rule_facts import steps_of_threads
from tickets.queries.rules import ActDone, part_words, why_words
from tickets.rules.content import REPLY_AGAIN_AFTER, Content, Part
from tickets.rules.matching import Facts, all_hold
from tickets.rules.moments import Moment, Step, Surroundings, missed, moments_of
from tickets.rules.vocabulary import ACTS, Trigger

# Of the period, the latest. Each is folded anew: half a second for all (measured).
TICKETS_READ = 1000
HITS_SHOWN = 50
WRITTEN_CHANNELS = ("chat", "mail", "message")
TEXT_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Hit:
    """One time that the rule would have been carried out."""

    ticket: Ticket
    at: datetime
    text: str
    acts: list[ActDone]


@dataclass(frozen=True, slots=True)
class Trial:
    """`read` tickets were looked at, all of the period unless `is_cut`; `ticket_count` of them were hit."""

    days: int
    read: int
    is_cut: bool
    hit_count: int
    ticket_count: int
    hits: list[Hit]


def try_rule(person: Person, rule: Rule, choices: Choices, *, days: int, now: datetime) -> Trial:
    """Tries the rule on the tickets of the last days that she reaches. A bounded number of statements."""
    since = now - timedelta(days=days)
    rows = tickets_reached(person).filter(replaced_by=None, last_event_at__gte=since)
    found = list(rows.order_by("-last_event_at", "-pk")[: TICKETS_READ + 1])
    tickets = {ticket.opened_event_id: ticket for ticket in found[:TICKETS_READ]}
    by_thread, around = steps_of_threads(rule.organization, {ticket.thread for ticket in tickets.values()})
    moments = _moments(rule, tickets.values(), by_thread.values(), around, now)
    hits = [
        (tickets[moment.ticket], moment)
        for moment in moments
        if moment.ticket in tickets and since <= moment.facts.at <= now and _holds(rule, moment)
    ]
    hits.sort(key=lambda hit: hit[1].facts.at)
    shown = list(_hits(rule.content, hits, choices))[::-1]
    return Trial(
        days,
        len(tickets),
        len(found) > TICKETS_READ,
        len(hits),
        len({ticket.pk for ticket, _moment in hits}),
        shown[:HITS_SHOWN],
    )


def _moments(
    rule: Rule,
    tickets: Iterable[Ticket],
    threads: Iterable[Sequence[Step]],
    around: Surroundings,
    now: datetime,
) -> Iterator[Moment]:
    if rule.trigger != Trigger.BREACHED:
        for steps in threads:
            yield from moments_of(steps, rule.content, around, until=now)
        return
    by_ticket: dict[int, list[Step]] = {}
    for steps in threads:
        for step in steps:
            by_ticket.setdefault(step.ticket, []).append(step)
    opened = {ticket.pk: ticket.opened_event_id for ticket in tickets}
    for breach in Breach.objects.filter(organization=rule.organization_id, ticket__in=opened.keys()):
        moment = missed(by_ticket.get(opened[breach.ticket_id], ()), breach.kind, breach.ordinal, breach.due_at, around)
        if moment is not None:
            yield moment


def _holds(rule: Rule, moment: Moment) -> bool:
    return rule.center_id in (None, moment.center_id) and all_hold(rule.content.conditions, moment.facts)


def _hits(content: Content, hits: Iterable[tuple[Ticket, Moment]], choices: Choices) -> Iterator[Hit]:
    replied: dict[int, datetime] = {}
    for ticket, moment in hits:
        acts = []
        for part in content.acts:
            why = _why_not(part, moment.facts, replied.get(ticket.pk))
            if part.word == "reply" and not why:
                replied[ticket.pk] = moment.facts.at
            acts.append(ActDone(part_words(part, ACTS, choices), why_words(why) if why else ""))
        text = " ".join(moment.facts.text.split())
        shown = text if len(text) <= TEXT_SHOWN else f"{text[: TEXT_SHOWN - 1]}…"
        yield Hit(ticket, moment.facts.at, shown, acts)


def _why_not(part: Part, facts: Facts, replied_at: datetime | None) -> str:
    """What is known already then; what depends on the day on which it runs is not."""
    if part.word == "reply" and facts.channel not in WRITTEN_CHANNELS:
        return "no_way"
    if part.word == "reply" and replied_at is not None and facts.at - replied_at < REPLY_AGAIN_AFTER:
        return "replied"
    if part.word == "assign" and facts.agent_email:
        return "taken"
    return "so_already" if part.word == "priority" and facts.priority == part.value else ""
