"""Works out what has changed: the facts of some threads, of some customers, of surveys on no thread.

All of this is idempotent: it reads what is there now, and writes only where the facts differ from it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from accounts.models import Organization
from kpi.actions.keeping import keep, stored_rows
from kpi.facts.customer import Resolve, TicketSummary, facts_of_customer
from kpi.facts.fact import OF_CUSTOMERS, Name, Resolved, Whose
from kpi.facts.row import Row, row_of
from kpi.facts.thread import facts_of_thread, facts_without_thread
from kpi.queries.sources import (
    Groups,
    events_of_threads,
    groups_of,
    rules_of,
    sales_of,
    scores_of,
    surveys_without_thread,
)
from tickets.models import Ticket


def work_threads(organization: Organization, threads: Collection[str]) -> set[int]:
    """Works out the facts of whole threads. Returns the customers (their rows' keys) whose tickets these are and were."""
    tickets = list(
        Ticket.objects.filter(organization=organization, thread__in=threads).values_list(
            "pk", "opened_event_id", "replaced_by_id"
        )
    )
    rules = rules_of(organization)
    events = events_of_threads(organization, threads)
    scores = scores_of(organization, (event for some in events.values() for event in some))
    standing = {opened: pk for pk, opened, replaced_by in tickets if replaced_by is None}
    wanted: list[Row] = []
    customers: set[int] = set()
    with_customer: set[int] = set()
    for thread, some in events.items():
        found = facts_of_thread(thread, some, rules, scores)
        # A ticket that is not there has come since: then its thread has changed again, and will be worked out again.
        wanted += [
            row_of(fact, standing.get(opened), rules.zone)
            for opened, fact in found.facts
            if opened in standing or not opened
        ]
        for opened, watched in found.tickets.items():
            if watched.ticket.customer_id and opened in standing:
                customers.add(watched.ticket.customer_id)
                with_customer.add(standing[opened])
    surveys = [event.pk for some in events.values() for event in some if event.type.startswith("survey.")]
    stored = stored_rows(organization, tickets=[pk for pk, _, _ in tickets], events=surveys)
    customers |= {row.customer_id for row in stored.values() if row.customer_id and row.name not in SURVEYED}
    # Those of customers stay to be worked out with them; where a ticket is nobody's now, they go.
    left = {pk: row for pk, row in stored.items() if row.name not in OF_CUSTOMERS or row.ticket_id not in with_customer}
    keep(organization, wanted, left)
    return customers


SURVEYED = frozenset({Name.CSAT_SENT, Name.CSAT, Name.NPS, Name.CES})


def work_surveys(organization: Organization, *, customers: Collection[int] = (), events: Collection[int] = ()) -> None:
    """Works out what is sent to and answered by customers on no thread. An event's customer counts, merged or not.

    `events` are of nobody: there each stands alone.
    """
    zone = organization.zone
    found = surveys_without_thread(organization, customers, events)
    scores = scores_of(organization, (event for some in found for event in some))
    wanted = [row_of(fact, None, zone) for some in found for fact in facts_without_thread(some, scores)]
    keys = [event.pk for some in found for event in some]
    keep(organization, wanted, stored_rows(organization, events=keys))


def work_customers(organization: Organization, customers: Collection[int]) -> None:
    """Works out what the tickets of customers, as merged now, come to together."""
    groups = groups_of(organization, customers)
    members = [pk for some in groups.members.values() for pk in some]
    tickets = Ticket.objects.filter(organization=organization, customer__in=members).standing()
    columns = ("pk", "thread", "opened_at", "opened_by", "status", "last_event_at")
    rows = list(tickets.values_list(*columns, "channel", "center_id", "store_id", "topic", "customer_id"))
    stored = stored_rows(organization, tickets=[row[0] for row in rows])
    resolves = _resolves(stored.values())
    summaries: dict[int, list[TicketSummary]] = {}
    for pk, thread, opened_at, opened_by, status, last_event_at, channel, center_id, store_id, topic, customer in rows:
        whose = Whose(channel, center_id or 0, store_id or 0, topic, customer or 0)
        summary = TicketSummary(
            *(pk, thread, opened_at, opened_by == "customer", status == "open", last_event_at, whose),
            resolves=resolves.get(pk, ()),
        )
        if root := groups.roots.get(customer or 0, 0):
            summaries.setdefault(root, []).append(summary)
    sales = _sales(organization, groups, summaries)
    zone = organization.zone
    wanted = [
        row_of(fact, ticket.key, zone)
        for root, some in summaries.items()
        for ticket, fact in facts_of_customer(some, sales.get(root, []))
    ]
    keep(organization, wanted, {pk: row for pk, row in stored.items() if row.name in OF_CUSTOMERS})


def _resolves(rows: Iterable[Row]) -> dict[int, list[Resolve]]:
    found: dict[int, list[Resolve]] = {}
    for row in rows:
        if row.name == Name.RESOLUTION and row.ticket_id is not None:
            resolve = Resolve(row.ordinal, row.at, row.agent_email, bool(row.outcome & Resolved.BY_PERSON), row.until)
            found.setdefault(row.ticket_id, []).append(resolve)
    for some in found.values():
        some.sort()
    return found


def _sales(
    organization: Organization, groups: Groups, summaries: dict[int, list[TicketSummary]]
) -> dict[int, list[datetime]]:
    first = [resolve.at for some in summaries.values() for one in some for resolve in one.resolves[:1]]
    if not first:
        return {}
    members = [pk for root in summaries for pk in groups.members[root]]
    found: dict[int, list[datetime]] = {}
    for customer, at in sales_of(organization, members, since=min(first)):
        found.setdefault(groups.roots[customer], []).append(at)
    return found
