"""A macro on a ticket: what it would do is worked out first, and then all of it is handed in at once, or nothing.

Each step asks the policy and takes the change of the single act; a step stands on what the steps before it have left.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Center, Person
from accounts.queries import NotFound
from channels_app.hub import changes
from channels_app.hub.actions import REPLY_TYPES, can_reply, service_of
from channels_app.hub.changes import Steps as Events
from channels_app.hub.handling import MOST_TAGS, check_snooze
from channels_app.hub.meanwhile import unless_answered
from channels_app.hub.writing import HubRefusal, envelope, hand_in
from cxhub.identifiers import uuid7
from tickets import policies
from tickets.actions import keep_tags
from tickets.macros import Assign, Steps
from tickets.models import Ticket
from tickets.queries.openings import openings_of
from tickets.queries.people import assignee_for, centers_elsewhere
from tickets.queries.tags import keys_named
from tickets.snoozing import Preset, until
from tickets.tag_keys import column_of
from tickets.variables import Filled, fill


class CannotRun(HubRefusal):
    """Some of it cannot be done, so nothing was. `str()` names the steps and their reasons."""


@dataclass(slots=True)
class Plan:
    """What a macro would do here. `problems`: step → why it cannot be done. `moves_to`: where it hands the ticket."""

    answer: Filled
    inserts: Filled
    note: Filled
    parts: dict[str, Events] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    moves_to: Center | None = None

    @property
    def missing(self) -> list[tuple[str, str]]:
        """Variables that had nothing to fill in, over all texts."""
        return list(dict([*self.answer.missing, *self.inserts.missing, *self.note.missing]).items())


def plan_macro(ticket: Ticket, steps: Steps, values: Mapping[str, str], *, by: Person, at: datetime) -> Plan:
    """Works out what the macro would write; writes nothing. `values` are those of its variables."""
    plan = Plan(fill(steps.sends, values), fill(steps.inserts, values), fill(steps.note, values))
    after = copy.copy(ticket)
    wanted: list[tuple[str, object, Callable[[], Events]]] = [
        ("reply", steps.sends, lambda: _replying(after, plan.answer.text, by)),
        ("insert", steps.inserts, lambda: _inserting(after)),
        ("note", steps.note, lambda: _noting(after, plan.note.text, by)),
        ("tags", steps.tags, lambda: _tagging(after, steps, plan, by)),
        ("priority", steps.priority, lambda: _prioritizing(after, steps.priority, by)),
        ("assign", steps.assign, lambda: _assigning(after, steps, plan, by)),
        ("snooze", steps.snooze, lambda: _snoozing(after, steps.snooze, by, at)),
        ("resolve", steps.resolves, lambda: _resolving(after, steps.topic, by)),
    ]
    for name, is_wanted, work in wanted:
        if not is_wanted:
            continue
        try:
            plan.parts[name] = work()
        except HubRefusal as refusal:
            plan.problems[name] = str(refusal)
    return plan


def run_macro(
    ticket: Ticket,
    steps: Steps,
    values: Mapping[str, str],
    *,
    by: Person,
    at: datetime,
    key: str = "",
    seen: int | None = None,
) -> Plan:
    """Does all of it in one transaction. Raises `CannotRun`, or `AnsweredMeanwhile` where it would be a second answer.

    `key` is the page's own id of this use: the same key twice is one use.
    """
    plan = plan_macro(ticket, steps, values, by=by, at=at)
    if plan.problems:
        raise CannotRun(_told(plan))
    key = key or str(uuid7())
    acts: list[dict[str, Any]] = []
    for name, events in plan.parts.items():
        # One instant after the other: they count in the order in which they stand.
        for number, (kind, data) in enumerate(events):
            acts.append(envelope(kind, data, at=at + timedelta(microseconds=len(acts)), key=f"{key}:{name}:{number}"))
    if plan.tags:
        keep_tags(ticket.organization, plan.tags)
    if acts:
        check = unless_answered(ticket, since=seen, by=by) if seen is not None and steps.sends else None
        hand_in(ticket.organization, acts, by=by, at=at, check=check)
    return plan


def step_words() -> dict[str, str]:
    """What a person calls the steps, in their order."""
    return {
        "reply": _("Send the answer"),
        "insert": _("Put the answer into the composer"),
        "note": _("Internal note"),
        "tags": _("Tags"),
        "priority": _("Priority"),
        "assign": _("Who goes on"),
        "snooze": _("Snooze"),
        "resolve": _("Resolve"),
    }


def _told(plan: Plan) -> str:
    words = step_words()
    reasons = " ".join(f"{words[name]}: {reason}" for name, reason in plan.problems.items())
    return _("Nothing was done. %(reasons)s") % {"reasons": reasons}


def _allowed(is_allowed: bool) -> None:
    if not is_allowed:
        raise HubRefusal(_("Your role does not allow that. Ask your lead."))


def _inserting(ticket: Ticket) -> Events:
    if not can_reply(ticket):
        raise HubRefusal(_("A call or an inquiry at the counter is answered in person. Write a note instead."))
    return []


def _replying(ticket: Ticket, text: str, by: Person) -> Events:
    _allowed(policies.may_reply(by, ticket))
    _inserting(ticket)
    data: dict[str, Any] = {"thread": ticket.thread, "from": "agent", "agent": by.email, "text": text}
    if ticket.channel == "message":
        data["service"] = service_of(ticket)
    # Who answers what nobody has, has it (EVENTS.md).
    ticket.agent_email = ticket.agent_email or by.email
    return [(REPLY_TYPES[ticket.channel], data)]


def _noting(ticket: Ticket, text: str, by: Person) -> Events:
    _allowed(policies.may_note(by, ticket))
    return [("note.added", {"thread": ticket.thread, "agent": by.email, "text": text})]


def _tagging(ticket: Ticket, steps: Steps, plan: Plan, by: Person) -> Events:
    _allowed(policies.may_handle(by, ticket))
    plan.tags = keys_named(ticket.organization_id, steps.tags)
    has = {*ticket.tag_keys, *plan.tags}
    if len(has) > MOST_TAGS:
        raise HubRefusal(_("At most %(count)d tags, so that somebody reads them.") % {"count": MOST_TAGS})
    change = changes.tagging(ticket, add=plan.tags, by=by)
    ticket.tags = column_of(has)
    return change.steps


def _prioritizing(ticket: Ticket, priority: str, by: Person) -> Events:
    _allowed(policies.may_handle(by, ticket))
    change = changes.prioritizing(ticket, priority, by=by)
    ticket.priority = priority
    return change.steps


def _assigning(ticket: Ticket, steps: Steps, plan: Plan, by: Person) -> Events:
    if steps.assign == Assign.CENTER:
        _allowed(policies.may_move(by, ticket))
        return _moving(ticket, steps.center, plan, by)
    _allowed(policies.may_assign(by, ticket))
    if steps.assign == Assign.QUEUE:
        back = changes.unassigning(ticket, by=by)
        ticket.agent_email = ""
        return back.steps
    agent = by if steps.assign == Assign.ME else _colleague(ticket, steps.person, by)
    change = changes.assigning(ticket, agent, by=by)
    ticket.agent_email = agent.email
    return change.steps


def _colleague(ticket: Ticket, person: str, by: Person) -> Person:
    try:
        return assignee_for(by, ticket, person)
    except NotFound as error:
        raise HubRefusal(
            _("This colleague does not answer for the ticket's center. Ask for the macro to be changed.")
        ) from error


def _moving(ticket: Ticket, slug: str, plan: Plan, by: Person) -> Events:
    if ticket.center is not None and ticket.center.slug == slug:
        return []
    center = centers_elsewhere(ticket).filter(slug=slug).first()
    if center is None:
        raise HubRefusal(_("The macro's center is no longer there. Ask for the macro to be changed."))
    change = changes.moving(ticket, slug, by=by)
    ticket.center, ticket.agent_email, plan.moves_to = center, "", center
    return change.steps


def _snoozing(ticket: Ticket, preset: str, by: Person, at: datetime) -> Events:
    _allowed(policies.may_handle(by, ticket))
    if not ticket.is_open:
        raise HubRefusal(_("The ticket is resolved. Reopen it first."))
    openings = openings_of(ticket.organization, [ticket.center_id] if ticket.center_id else [], at=at)
    instant = until(Preset(preset), openings.get(ticket.center_id, openings[None]), now=at)
    check_snooze(instant, at=at)
    return changes.snoozing(ticket, instant, by=by).steps


def _resolving(ticket: Ticket, topic: str, by: Person) -> Events:
    _allowed(policies.may_resolve(by, ticket))
    if not ticket.is_open:
        raise HubRefusal(_("The ticket is resolved already."))
    return changes.resolving(ticket, topic, by=by).steps
