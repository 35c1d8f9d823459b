"""Keeps the timers of timed rules in line with the waits of their tickets."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from accounts.in_force import Schedules
from accounts.models import Organization
from tickets.models import Rule, RuleTimer
from tickets.rules.moments import Step, lasted_at


def keep_timers(
    organization: Organization, rules: Collection[Rule], latest: Mapping[int, Step], schedules: Schedules
) -> None:
    """`latest` says of each ticket (by key) what it waits for, since when, and in which center. Four statements at most.

    A wait that began before a rule was switched on does not concern the rule. One that still lasts keeps its timer, and
    so is not looked at twice. Call in the transaction of a round, which holds the rules' rows.
    """
    if not rules or not latest:
        return
    wanted = {
        (rule.pk, ticket): (since, due)
        for rule in rules
        for ticket, step in latest.items()
        for since in [step.waits.get(rule.trigger)]
        if since is not None and rule.on_since is not None and since >= rule.on_since
        for due in [lasted_at(rule.content, since, step.center_id, schedules)]
        if due is not None
    }
    rows = RuleTimer.objects.filter(organization=organization, rule__in=rules, ticket__in=latest.keys())
    kept = {(timer.rule_id, timer.ticket_id): timer for timer in rows}
    over = [timer.pk for key, timer in kept.items() if key not in wanted]
    if over:
        rows.filter(pk__in=over).delete()
    moved = []
    for key, timer in kept.items():
        # In another center the same wait may last as long at another time; looked at once, it is done.
        is_other = key in wanted and timer.since != wanted[key][0]
        if is_other or (key in wanted and timer.due_at is not None and timer.due_at != wanted[key][1]):
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
