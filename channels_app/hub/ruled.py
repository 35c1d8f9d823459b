"""What a rule's acts write into a conversation, or why one of them is not done. Decides; writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from accounts.models import Center, Organization, Person
from channels_app.hub.actions import REPLY_TYPES, service_of
from channels_app.hub.changes import Steps
from cxhub.identifiers import is_uuid
from tickets.models import Rule, RuleRun, Ticket
from tickets.policies import may_answer, may_be_alarmed
from tickets.rules.content import REPLY_AGAIN_AFTER, Part
from tickets.rules.vocabulary import LEADS
from tickets.tag_keys import column_of, tag_key

# What was held up for longer (a hub that was down) is no answer to what she has written any more.
REPLY_WITHIN = timedelta(hours=1)


@dataclass(slots=True)
class Hands:
    """What acts need: whom and where they name, and in which tickets (rule, ticket) the rule has just replied.

    `told` gathers, for each run, whom it notifies; `tags` the names of tags that it puts on.
    """

    people: Mapping[UUID, Person]
    centers: Mapping[UUID, Center]
    replied: set[tuple[int, int]]
    told: list[tuple[RuleRun, Collection[int] | None]] = field(default_factory=list)
    tags: dict[str, str] = field(default_factory=dict)


def hands_for(organization: Organization, rules: Collection[Rule], tickets: Collection[Ticket], at: datetime) -> Hands:
    """At most three statements."""
    named = {UUID(value) for rule in rules for part in rule.content.acts for value in part.values if is_uuid(value)}
    people = Person.objects.filter(organization=organization, public_id__in=named, is_active=True)
    centers = Center.objects.filter(organization=organization, public_id__in=named)
    replied = RuleRun.objects.filter(
        organization=organization, rule__in=rules, ticket__in=tickets, replied_at__gt=at - REPLY_AGAIN_AFTER
    )
    return Hands(
        {person.public_id: person for person in people},
        {center.public_id: center for center in centers},
        set(replied.values_list("rule_id", "ticket_id")),
    )


def carry_out(rule: Rule, ticket: Ticket, run: RuleRun, hands: Hands) -> Steps:
    """The events that the rule's acts come to, in their order; `run.acts` is told what was done and what was not.

    `ticket` is changed in memory as the events will change it, so that the next rule finds it so.
    """
    steps: Steps = []
    for part in rule.content.acts:
        found = _ACTS[part.word](part, rule, ticket, run, hands) if part.word in _ACTS else "gone"
        why = found if isinstance(found, str) else ""
        if not isinstance(found, str):
            steps += [(kind, {"thread": ticket.thread, **data, "rule": rule.named}) for kind, data in found]
        run.acts.append({**part.plain, "why": why})
    return steps


def _reply(part: Part, rule: Rule, ticket: Ticket, run: RuleRun, hands: Hands) -> Steps | str:
    if ticket.channel not in REPLY_TYPES:
        return "no_way"
    if run.ran_at - run.happened_at > REPLY_WITHIN:
        return "too_late"
    if (rule.pk, ticket.pk) in hands.replied:
        return "replied"
    hands.replied.add((rule.pk, ticket.pk))
    run.replied_at = run.ran_at
    data: dict[str, Any] = {"from": "bot", "text": part.value}
    if ticket.channel == "message":
        data["service"] = service_of(ticket)
    return [(REPLY_TYPES[ticket.channel], data)]


def _note(part: Part, rule: Rule, ticket: Ticket, run: RuleRun, hands: Hands) -> Steps | str:
    return [("note.added", {"text": part.value})]


def _priority(part: Part, rule: Rule, ticket: Ticket, run: RuleRun, hands: Hands) -> Steps | str:
    if ticket.priority == part.value:
        return "so_already"
    ticket.priority = part.value
    return [("ticket.priority", {"priority": part.value})]


def _tag(part: Part, rule: Rule, ticket: Ticket, run: RuleRun, hands: Hands) -> Steps | str:
    names = {tag_key(name): name for name in part.values if tag_key(name)}
    new = {key: name for key, name in names.items() if key not in ticket.tag_keys}
    if not new:
        return "so_already"
    hands.tags |= new
    ticket.tags = column_of([*ticket.tag_keys, *new])
    return [("ticket.tagged", {"add": sorted(new)})]


def _assign(part: Part, rule: Rule, ticket: Ticket, run: RuleRun, hands: Hands) -> Steps | str:
    person = hands.people.get(UUID(part.value)) if is_uuid(part.value) else None
    if person is None or not may_answer(person):
        return "gone"
    if ticket.agent_email:
        return "taken"
    if not ticket.is_open:
        return "closed"
    ticket.agent_email = person.email
    return [("ticket.assigned", {"agent": person.email, "by": "rule"})]


def _move(part: Part, rule: Rule, ticket: Ticket, run: RuleRun, hands: Hands) -> Steps | str:
    center = hands.centers.get(UUID(part.value)) if is_uuid(part.value) else None
    if center is None:
        return "gone"
    if ticket.center_id == center.pk:
        return "so_already"
    steps: Steps = [("ticket.unassigned", {"agent": ticket.agent_email})] if ticket.agent_email else []
    ticket.center_id, ticket.agent_email = center.pk, ""
    return [*steps, ("ticket.moved", {"center": center.slug})]


def _notify(part: Part, rule: Rule, ticket: Ticket, run: RuleRun, hands: Hands) -> Steps | str:
    if part.value == LEADS:
        hands.told.append((run, None))
        return []
    person = hands.people.get(UUID(part.value)) if is_uuid(part.value) else None
    if person is None or not may_be_alarmed(person):
        return "gone"
    hands.told.append((run, [person.pk]))
    return []


def _resolve(part: Part, rule: Rule, ticket: Ticket, run: RuleRun, hands: Hands) -> Steps | str:
    if not ticket.is_open:
        return "so_already"
    ticket.status = Ticket.Status.RESOLVED
    topic = {"topic": part.value} if part.value else {}
    return [("ticket.resolved", {"by": "rule", **topic})]


_ACTS: Mapping[str, Callable[[Part, Rule, Ticket, RuleRun, Hands], Steps | str]] = {
    "reply": _reply,
    "note": _note,
    "priority": _priority,
    "tag": _tag,
    "assign": _assign,
    "move": _move,
    "notify": _notify,
    "resolve": _resolve,
}
