"""How matters move between channels: what is lost on the way, who comes back to buy, and first contacts that were enough
across all channels, beside the same seen within one channel as telephone and chat systems see it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from django.db.models import Q

from accounts.models import Organization
from kpi.facts.customer import FCR_WINDOW, Joined, TicketSummary, issues_of
from kpi.facts.fact import Name, Resolved, Whose
from kpi.figures.arithmetic import Figure, ratio
from kpi.models import FactRow
from kpi.queries.figures import ask, slugs_of
from kpi.queries.morning import began_on
from kpi.queries.sources import groups_of
from kpi.queries.wanted import Wanted
from tickets.models import Ticket

FIGURES = ("channel_switch_dropout", "return_rate", "fcr")
# Further changes of channel are rare; a picture of them says nothing.
STEPS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Flow:
    """`n` matters went on from the `step`th channel to another; `ticket_ids` are those that they came with."""

    step: int
    start: str
    end: str
    n: int
    ticket_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Journey:
    """`within_one` is the share of first contacts that were enough if only the same channel counted. `before` is empty where
    that period was not whole."""

    figures: Figure
    before: Figure
    within_one: Figure | None
    flows: list[Flow] = field(default_factory=list)
    issues: int = 0


def journey_for(wanted: Wanted) -> Journey:
    asked = ask(wanted.organization, wanted.period, wanted.now, FIGURES)
    (now,) = asked.groups(filters=wanted.filters, figures=FIGURES)
    before: Figure = {}
    # A whole period beside a part of one says nothing.
    if not began_on(wanted):
        earlier = ask(wanted.organization, wanted.period.before, wanted.now, FIGURES)
        (before,) = earlier.groups(filters=wanted.filters, figures=FIGURES)
    paths = paths_for(wanted)
    return Journey(now, before, _within_one(wanted, now["fcr"]), flows_of(paths), len(paths))


def paths_for(wanted: Wanted) -> list[list[tuple[str, int]]]:
    """Of each matter that used two channels or more and began in the period: its channels in order, each with the ticket
    that it came to it by. What stays on a channel is one step."""
    firsts = set(_facts(wanted, Name.ISSUE).values_list("ticket", flat=True))
    issues = (issue for some in _joined(wanted.organization, firsts) for issue in some)
    return [_path(issue) for issue in issues if issue.first.key in firsts]


def _path(issue: Joined) -> list[tuple[str, int]]:
    steps: list[tuple[str, int]] = []
    for ticket in issue.tickets:
        if not steps or steps[-1][0] != ticket.whose.channel:
            steps.append((ticket.whose.channel, ticket.key))
    return steps


def flows_of(paths: Iterable[list[tuple[str, int]]]) -> list[Flow]:
    """Counts the changes of channel by their place in the path. Pure."""
    counted: Counter[tuple[int, str, str]] = Counter()
    tickets: dict[tuple[int, str, str], list[int]] = {}
    for path in paths:
        for step, ((start, _), (end, ticket)) in enumerate(pairwise(path[: STEPS_SHOWN + 1])):
            counted[step, start, end] += 1
            tickets.setdefault((step, start, end), []).append(ticket)
    return [
        Flow(*key, n, tuple(tickets[key])) for key, n in sorted(counted.items(), key=lambda one: (one[0][0], -one[1]))
    ]


def _facts(wanted: Wanted, name: Name) -> Any:
    """The rows of a name in what is wanted; a picture of few needs no packed days."""
    rows = FactRow.objects.filter(
        organization=wanted.organization,
        day__gte=wanted.period.first,
        day__lt=wanted.period.end,
        name=name,
        at__lte=wanted.now,
    )
    columns = {"channel": "channel", "topic": "topic", "agent": "agent_email"}
    slugs = slugs_of(wanted.organization)
    for by, told in wanted.filters.items():
        if by in columns:
            rows = rows.filter(**{f"{columns[by]}__in": ["" if value == "null" else value for value in told]})
        else:
            keys = [key for key, slug in slugs[by].items() if slug in told] + ([0] if "null" in told else [])
            rows = rows.filter(**{f"{by}_id__in": keys})
    return rows


def _joined(organization: Organization, tickets: Collection[int]) -> Iterable[list[Joined]]:
    """The matters of the customers whose tickets these are."""
    for summaries in _customers_tickets(organization, tickets).values():
        yield issues_of(summaries)


COLUMNS = ("pk", "thread", "opened_at", "opened_by", "status", "last_event_at", "channel", "topic", "customer_id")


def _customers_tickets(
    organization: Organization, tickets: Collection[int], which: Q | None = None
) -> Mapping[int, list[TicketSummary]]:
    """Root → all her tickets in order of their start, of those customers whose tickets these are; those of `which` alone
    if told, for most have a long history."""
    rows = Ticket.objects.filter(organization=organization).standing()
    customers = rows.filter(pk__in=tickets).exclude(customer=None).values_list("customer_id", flat=True)
    groups = groups_of(organization, set(customers))
    found: dict[int, list[TicketSummary]] = {}
    members = [pk for some in groups.members.values() for pk in some]
    if which is not None:
        rows = rows.filter(which)
    for pk, thread, opened_at, opened_by, status, last_at, channel, topic, customer in (
        rows.filter(customer__in=members).order_by("opened_at", "thread").values_list(*COLUMNS)
    ):
        whose = Whose(channel, 0, 0, topic, customer)
        ticket = TicketSummary(pk, thread, opened_at, opened_by == "customer", status == "open", last_at, whose)
        root = groups.roots.get(customer, customer)
        found.setdefault(root, []).append(ticket)
    return found


def _within_one(wanted: Wanted, fcr: Figure | None) -> Figure | None:
    """First contacts that were enough, if only the same channel counted: a return on another is not seen."""
    if not fcr or not fcr["denominator"]:
        return None
    over = wanted.now - FCR_WINDOW
    failed = dict(_facts(wanted, Name.FCR).filter(at__lte=over).exclude(until=None).values_list("ticket", "at"))
    if not failed:
        return ratio(fcr["numerator"], fcr["denominator"])
    reopened = _reopened(wanted.organization, failed)
    came_back = Q(opened_at__gte=min(failed.values()), opened_at__lt=max(failed.values()) + FCR_WINDOW)
    enough = 0
    for tickets in _customers_tickets(wanted.organization, failed, came_back | Q(pk__in=failed)).values():
        for ticket in tickets:
            if ticket.key in failed and ticket.key not in reopened:
                enough += not _came_back_here(ticket, failed[ticket.key], tickets)
    return ratio(fcr["numerator"] + enough, fcr["denominator"])


def _reopened(organization: Organization, failed: Collection[int]) -> set[int]:
    """Those of which the first resolution was reopened, whenever: on the same channel, as a rule within days."""
    # With `event_id`, as the index of tickets' facts has them.
    rows = FactRow.objects.filter(
        organization=organization, name=Name.RESOLUTION, ordinal=1, ticket__in=failed, event_id=0
    )
    flag = int(Resolved.REOPENED)
    return {ticket for ticket, outcome in rows.values_list("ticket", "outcome") if outcome & flag}


def _came_back_here(ticket: TicketSummary, at: Any, tickets: Iterable[TicketSummary]) -> bool:
    return any(
        other.is_by_customer
        and other.key != ticket.key
        and other.whose.channel == ticket.whose.channel
        and at <= other.opened_at < at + FCR_WINDOW
        and (not other.whose.topic or not ticket.whose.topic or other.whose.topic == ticket.whose.topic)
        for other in tickets
    )
