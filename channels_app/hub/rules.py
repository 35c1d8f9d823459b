"""Asks the rules of what has happened, been missed or lasted, and carries them out.

Follows the intake and is never part of it. What is still to be asked stands in the database (`RuleWork`, breaches that
nobody has asked of, timers) and is ticked off in the very transaction that writes the runs and the events: whoever is
killed leaves all of it or nothing. One round at a time for each organization, under a lock of its rows.

What a rule writes is left to no rule (`tickets.actions.rule_work`), so rules cannot set each other off.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F

from accounts.models import Organization
from channels_app.deliveries.actions import outgoing_by_rules
from channels_app.hub.actions import REPLY_TYPES
from channels_app.hub.ruled import carry_out, hands_for
from channels_app.hub.writing import envelope
from channels_app.intake import hub_sender, receive_decided
from customers.models import Event
from tickets.actions import keep_tags
from tickets.actions.alarms import leads_of, raise_by_rules
from tickets.actions.rule_timers import keep_timers
from tickets.models import Breach, Rule, RuleRun, RuleTimer, RuleWork, Ticket
from tickets.queries.rule_facts import steps_of_threads
from tickets.rules.matching import all_hold
from tickets.rules.moments import Moment, Step, Surroundings, happened, lasted_at, missed, waited
from tickets.rules.vocabulary import TIMED, Trigger

# So many missed targets or waits in one transaction; of batches, one.
AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class _Due:
    """A rule whose conditions held at a moment of a ticket."""

    rule: Rule
    ticket: Ticket
    moment: Moment


@dataclass(slots=True)
class _Round:
    """One transaction's work: `find` looks for it, and says in `looked` how much there was.

    `replies` are the tickets that are answered, by the id of the answer's event.
    """

    organization: Organization
    at: datetime
    find: Callable[[_Round], list[_Due]]
    rules: list[Rule] = field(default_factory=list)
    looked: int = 0
    replies: dict[str, Ticket] = field(default_factory=dict)

    def __call__(self) -> list[dict[str, Any]]:
        # Locked until the round ends: another worker waits here, and a rule is switched off before or after.
        self.rules = list(
            Rule.objects.select_for_update(of=("self",))
            .filter(organization=self.organization, is_on=True)
            .order_by("position", "pk")
        )
        return _carried_out(self, self.find(self))


def follow_rules(organization: Organization, *, at: datetime) -> int:
    """Asks the rules of all that there is. Returns how many events that made. Call it outside of any transaction."""
    count = 0
    for find, most in ((_find_happened, 1), (_find_missed, AT_ONCE), (_find_lasted, AT_ONCE)):
        looked = most
        while looked == most:
            one = _Round(organization, at, find)
            sends = outgoing_by_rules(one.replies, at=at)
            count += receive_decided(organization, one, sender=hub_sender(), at=at, check=sends)
            looked = one.looked
    return count


def _find_happened(this: _Round) -> list[_Due]:
    work = RuleWork.objects.select_for_update().filter(organization=this.organization).order_by("pk").first()
    if work is None:
        return []
    this.looked = 1
    events = Event.objects.filter(organization=this.organization, pk__in=work.event_ids)
    new = dict(events.values_list("pk", "thread"))
    by_thread, around = steps_of_threads(this.organization, set(new.values()))
    steps = [step for some in by_thread.values() for step in some if step.event.pk in new]
    tickets = _tickets(this.organization, {step.ticket for some in by_thread.values() for step in some})
    asked = ((rule, step, happened(step)) for step in steps for rule in this.rules if rule.trigger in step.triggers)
    due = [
        _Due(rule, tickets[step.ticket], moment)
        for rule, step, moment in asked
        if step.ticket in tickets and _holds(rule, moment, since=step.event.time)
    ]
    last = {step.ticket: step for some in by_thread.values() for step in some}
    keep_timers(
        this.organization,
        [rule for rule in this.rules if rule.is_timed],
        {tickets[opened].pk: step for opened, step in last.items() if opened in tickets},
        around.schedules,
    )
    work.delete()
    return due


def _find_missed(this: _Round) -> list[_Due]:
    rules = [rule for rule in this.rules if rule.trigger == Trigger.BREACHED]
    since = min((rule.on_since for rule in rules if rule.on_since), default=None)
    if since is None:
        return []
    rows = Breach.objects.filter(organization=this.organization, asked_at=None, due_at__gte=since)
    breaches = list(
        rows.select_for_update(of=("self",)).select_related("ticket__center").order_by("due_at", "pk")[:AT_ONCE]
    )
    this.looked = len(breaches)
    if not breaches:
        return []
    by_ticket, around = _steps_by_ticket(this.organization, [breach.ticket for breach in breaches])
    due = []
    for breach in breaches:
        moment = missed(
            by_ticket.get(breach.ticket.opened_event_id, ()), breach.kind, breach.ordinal, breach.due_at, around
        )
        if moment is not None and breach.ticket.replaced_by_id is None:
            due += [_Due(rule, breach.ticket, moment) for rule in rules if _holds(rule, moment, since=breach.due_at)]
    Breach.objects.filter(pk__in=[breach.pk for breach in breaches]).update(asked_at=this.at)
    return due


def _find_lasted(this: _Round) -> list[_Due]:
    rules = {rule.pk: rule for rule in this.rules if rule.trigger in TIMED}
    rows = RuleTimer.objects.filter(organization=this.organization, due_at__lte=this.at)
    timers = list(
        rows.select_for_update(of=("self",)).select_related("ticket__center").order_by("due_at", "pk")[:AT_ONCE]
    )
    this.looked = len(timers)
    if not timers:
        return []
    by_ticket, around = _steps_by_ticket(this.organization, [timer.ticket for timer in timers])
    due = []
    later: dict[int, datetime] = {}
    for timer in timers:
        rule, steps = rules.get(timer.rule_id), by_ticket.get(timer.ticket.opened_event_id)
        if rule is None or not steps or steps[-1].waits.get(rule.trigger) != timer.since:
            continue
        at = lasted_at(rule.content, timer.since, steps[-1].center_id, around.schedules)
        if at is None:
            continue
        if at > this.at:
            # A rule has handed it to another center meanwhile, whose hours are others.
            later[timer.pk] = at
            continue
        moment = waited(steps[-1], rule.trigger, timer.since, at, around)
        if timer.ticket.replaced_by_id is None and _holds(rule, moment, since=timer.since):
            due.append(_Due(rule, timer.ticket, moment))
    RuleTimer.objects.filter(pk__in=[timer.pk for timer in timers]).update(due_at=None)
    for pk, at in later.items():
        RuleTimer.objects.filter(pk=pk).update(due_at=at)
    return due


def _holds(rule: Rule, moment: Moment, *, since: datetime) -> bool:
    """Whether a rule is to be carried out; nothing that began before it was switched on concerns it."""
    if rule.on_since is None or since < rule.on_since:
        return False
    return rule.center_id in (None, moment.center_id) and all_hold(rule.content.conditions, moment.facts)


def _carried_out(this: _Round, due: Sequence[_Due]) -> list[dict[str, Any]]:
    """Writes the runs, and what they do besides events; returns the events."""
    fresh = _without_known(this.organization, due)
    if not fresh:
        return []
    hands = hands_for(this.organization, [one.rule for one in fresh], [one.ticket for one in fresh], this.at)
    # Of one ticket all rules see the same: what one does, the next finds done.
    tickets = {one.ticket.pk: one.ticket for one in fresh}
    envelopes: list[dict[str, Any]] = []
    runs = []
    for one in fresh:
        ticket = tickets[one.ticket.pk]
        facts = one.moment.facts
        run = RuleRun(
            organization=this.organization,
            rule=one.rule,
            ticket=ticket,
            cause=one.moment.cause,
            happened_at=facts.at,
            ran_at=this.at,
        )
        begins = max(this.at, ticket.last_event_at)
        for place, (kind, data) in enumerate(carry_out(one.rule, ticket, run, hands)):
            at = begins + timedelta(microseconds=len(envelopes) + 1)
            key = f"rule-{run.public_id.hex}-{place}"
            envelopes.append(envelope(kind, data, at=at, key=key))
            if kind in REPLY_TYPES.values():
                this.replies[key] = ticket
        runs.append(run)
    RuleRun.objects.bulk_create(runs)
    for rule_id, count in _counted(runs).items():
        Rule.objects.filter(pk=rule_id).update(run_count=F("run_count") + count, last_run_at=this.at)
    keep_tags(this.organization, hands.tags)
    if hands.told:
        leads = leads_of(this.organization, {run.ticket.center_id for run, people in hands.told if people is None})
        told = [(run, leads[run.ticket.center_id] if people is None else people) for run, people in hands.told]
        raise_by_rules(this.organization, told, at=this.at)
    return envelopes


def _without_known(organization: Organization, due: Sequence[_Due]) -> list[_Due]:
    """Without what the rule has been carried out for already."""
    if not due:
        return []
    known = set(
        RuleRun.objects.filter(
            organization=organization, rule__in={one.rule for one in due}, cause__in={one.moment.cause for one in due}
        ).values_list("rule_id", "cause")
    )
    fresh: dict[tuple[int, str], _Due] = {}
    for one in due:
        key = (one.rule.pk, one.moment.cause)
        if key not in known:
            fresh.setdefault(key, one)
    return list(fresh.values())


def _counted(runs: Iterable[RuleRun]) -> Mapping[int, int]:
    counts: dict[int, int] = {}
    for run in runs:
        counts[run.rule_id] = counts.get(run.rule_id, 0) + 1
    return counts


def _tickets(organization: Organization, opened: Collection[int]) -> dict[int, Ticket]:
    rows = Ticket.objects.standing().filter(organization=organization, opened_event__in=opened)
    return {ticket.opened_event_id: ticket for ticket in rows}


def _steps_by_ticket(
    organization: Organization, tickets: Collection[Ticket]
) -> tuple[dict[int, list[Step]], Surroundings]:
    by_ticket: dict[int, list[Step]] = {}
    by_thread, around = steps_of_threads(organization, {ticket.thread for ticket in tickets})
    for steps in by_thread.values():
        for step in steps:
            by_ticket.setdefault(step.ticket, []).append(step)
    return by_ticket, around
