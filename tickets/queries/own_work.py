"""Who waits for one person: what her pages tell her of, on whatever screen she is."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from accounts.models import Person
from accounts.queries import organization_for
from tickets.models import Ticket

# Beyond that it is no news any more but a day's work: the list shows it.
TOLD_AT_MOST = 50


def waiting_for(person: Person, *, at: datetime) -> list[Ticket]:
    """Her tickets whose customers wait, who began last first; snoozed ones wait for their time. One statement.

    Calls have cards of their own.
    """
    is_awake = Q(snoozed_until=None) | Q(snoozed_until__lte=at)
    rows = Ticket.objects.waiting().filter(
        is_awake, organization=organization_for(person), agent_email=person.email, call_state=""
    )
    return list(rows.select_related("center").order_by("-waiting_since", "-pk")[:TOLD_AT_MOST])
