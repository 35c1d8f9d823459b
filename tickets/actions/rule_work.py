"""Leaves word, in the intake's own transaction, that rules are to be asked of what has just come."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.models import Organization
from customers.actions import EventRow
from customers.incoming import IncomingEvent
from cxhub.plain_sql import change
from tickets.rules.moments import ASKED_AFTER, ID_PREFIX
from tickets.waking import ask_rules_on_commit

# One short statement a batch, and none for what tills send. Whether any rule is on is asked in it: a process that had
# remembered the answer would lose what came after a rule was switched on elsewhere.
_LEAVE = (
    "INSERT INTO tickets_rulework (organization_id, events) SELECT %s, %s"
    " WHERE EXISTS (SELECT 1 FROM tickets_rule WHERE organization_id = %s AND is_on)"
)


def leave_to_rules(organization: Organization, arrived: Iterable[tuple[IncomingEvent, EventRow]]) -> None:
    """Leaves a batch's new events to the rules, where any is switched on. What rules did themselves is not among them."""
    keys = [str(row.pk) for event, row in arrived if event.type in ASKED_AFTER and not _is_by_rule(event)]
    if keys and change(_LEAVE, [organization.pk, ",".join(keys), organization.pk]):
        ask_rules_on_commit(organization.pk)


def _is_by_rule(event: IncomingEvent) -> bool:
    if event.decided_by == "rule" or "rule" in event.data:
        return True
    return event.source == "/hub" and event.event_id.startswith(ID_PREFIX)
