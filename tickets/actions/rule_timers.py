"""Keeps the timers of timed rules in line with the waits of their tickets."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from accounts.models import Organization
from tickets.models import Rule, RuleTimer


def keep_timers(
    organization: Organization, rules: Collection[Rule], waits: Mapping[int, Mapping[str, datetime]]
) -> None:
    """`waits` says of each ticket (by key) what it waits for, and since when. Four statements at most.

    A wait that began before a rule was switched on does not concern the rule. One that still lasts keeps its timer, and
    so is not looked at twice. Call in the transaction of a round, which holds the rules' rows.
    """
    if not rules or not waits:
        return
    wanted = {
        (rule.pk, ticket): (since, since + timedelta(minutes=rule.minutes))
        for rule in rules
        for ticket, some in waits.items()
        for since in [some.get(rule.trigger)]
        if since is not None and rule.on_since is not None and since >= rule.on_since
    }
    rows = RuleTimer.objects.filter(organization=organization, rule__in=rules, ticket__in=waits.keys())
    kept = {(timer.rule_id, timer.ticket_id): timer for timer in rows}
    over = [timer.pk for key, timer in kept.items() if key not in wanted]
    if over:
        rows.filter(pk__in=over).delete()
    moved = []
    for key, timer in kept.items():
        if key in wanted and timer.since != wanted[key][0]:
            timer.since, timer.due_at = wanted[key]
            moved.append(timer)
    if moved:
        RuleTimer.objects.bulk_update(moved, ["since", "due_at"])
    RuleTimer.objects.bulk_create(
        [
            RuleTimer(organization=organization, rule_id=rule, ticket_id=ticket, since=since, due_at=due)
            for (rule, ticket), (since, due) in wanted.items()
            if (rule, ticket) not in kept
        ]
    )
