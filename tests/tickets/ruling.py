"""Rules in few words, switched on, and a worker's round."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Center, Organization
from channels_app.hub.rules import follow_rules
from customers.models import Event
from tests.cast import SETUP
from tickets.actions.rules import Draft, make_rule, note_trial, switch_rule
from tickets.models import Rule, RuleRun
from tickets.rules.content import Content, Part


def part(word: str, *values: str) -> Part:
    return Part(word, values)


def rule(
    organization: Organization,
    trigger: str,
    *acts: Part,
    conditions: tuple[Part, ...] = (),
    minutes: int = 0,
    center: Center | None = None,
    name: str = "",
    is_on: bool = True,
    ago: float = 60,
    in_business_time: bool = False,
) -> Rule:
    """A rule that was switched on `ago` minutes ago."""
    since = timezone.now() - timedelta(minutes=ago)
    name = name or f"{trigger} {Rule.objects.count()}"
    draft = Draft(name, Content(trigger, conditions, acts, minutes, in_business_time), center)
    made = make_rule(organization, draft, by=SETUP, at=since)
    if is_on:
        note_trial(made, by=SETUP, at=since)
        switch_rule(made, is_on=True, by=SETUP, at=since)
    made.refresh_from_db()
    return made


def follow(organization: Organization, *, at: datetime | None = None) -> int:
    return follow_rules(organization, at=at or timezone.now())


def done(organization: Organization) -> list[tuple[str, Any]]:
    """What rules have written: types, and what says most."""
    events = Event.objects.filter(organization=organization, source="/hub", event_id__startswith="rule-")
    return [(event.type, event.text or event.qualifier or event.agent_email) for event in events.order_by("time", "pk")]


def whys(made: Rule) -> list[list[str]]:
    return [[act["why"] for act in run.acts] for run in RuleRun.objects.filter(rule=made).order_by("pk")]
