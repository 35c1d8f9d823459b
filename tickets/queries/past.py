"""What a customer's pane tells of her other matters and of her satisfaction, and one item of her history whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from accounts.models import Person
from accounts.queries import NotFound
from customers.models import Event
from customers.queries import Profile, Purchase, Wording
from customers.queries.history import threads_of
from customers.queries.members import OfMembers
from customers.queries.purchases import purchase_of
from customers.queries.sentences import sentence_of
from customers.queries.timeline import wording_for
from cxhub.prepared import Told
from tickets.models import Ticket
from tickets.policies import reach_of
from tickets.queries.inbox import Row, listed, rows_of
from tickets.queries.one import ticket_for

OPEN_SHOWN, RESOLVED_SHOWN, SCORES_SHOWN = 5, 3, 2

_SCORES = OfMembers(
    lambda hers: Event.objects.filter(hers, organization_id=Told("organization_id"), type="survey.answered").order_by(
        "-time", "-id"
    )[:SCORES_SHOWN]
)


@dataclass(frozen=True, slots=True)
class Score:
    """An answer to a survey: when, and in words what she gave and said."""

    at: datetime
    text: str
    comment: str


@dataclass(frozen=True, slots=True)
class Item:
    """One event of her history: a receipt, or what was said in full, and the ticket it belongs to within a reader's reach."""

    said: str
    purchase: Purchase | None
    ticket: Ticket | None


def other_tickets(person: Person, ticket: Ticket, profile: Profile) -> tuple[list[Row], list[Row]]:
    """Her other tickets within a reader's reach: those that are open, and the last that are resolved; the newest first.

    Resolved calls are not among them: the pane has all calls together. One statement, and those of `rows_of`.
    """
    reach = reach_of(person)
    if reach is None:
        return [], []
    rows = Ticket.objects.standing().filter(
        reach.rows, organization_id=ticket.organization_id, customer__in=profile.ids
    )
    rows = rows.filter(Q(status=Ticket.Status.OPEN) | ~Q(channel="call")).exclude(pk=ticket.pk)
    # By its name "open" stands before "resolved".
    found = listed(rows.order_by("status", "-last_event_at", "-pk")[: OPEN_SHOWN + RESOLVED_SHOWN])
    shown = rows_of(person, found) if found else []
    still_open = [row for row in shown if row.ticket.is_open]
    resolved = [row for row in shown if not row.ticket.is_open]
    return still_open[:OPEN_SHOWN], resolved[:RESOLVED_SHOWN]


def scores_of(profile: Profile) -> list[Score]:
    """Her last answers to surveys, the newest first. One statement."""
    answers = _SCORES(profile.ids, organization_id=profile.organization.pk)
    names = profile.raw_names if profile.sight.is_masked else ()
    wording = Wording(agents={}, topics={}, sight=profile.sight, customer_names=names)
    told = [(event, sentence_of(event, wording)) for event in answers]
    return [Score(event.time, sentence.text, sentence.quote) for event, sentence in told]


def item_of(person: Person, ticket: Ticket, profile: Profile, event_id: UUID) -> Item:
    """One item of the history beside `ticket`. Raises NotFound where it is not in this customer's history."""
    rows = Event.objects.select_related("store").defer("content_hash")
    event = rows.filter(organization_id=ticket.organization_id, public_id=event_id).first()
    if event is None or not _is_hers(event, profile):
        raise NotFound
    is_receipt = event.type in ("pos.sale", "pos.refund")
    return Item(
        said=sentence_of(event, wording_for(profile, [event])).quote,
        purchase=purchase_of(event, profile) if is_receipt else None,
        ticket=_ticket_of(person, ticket, event),
    )


def _is_hers(event: Event, profile: Profile) -> bool:
    if event.customer_id in profile.ids:
        return True
    return bool(event.thread) and event.thread in threads_of(profile.organization, profile.ids)


def _ticket_of(person: Person, at_hand: Ticket, event: Event) -> Ticket | None:
    """The ticket in which it happened; None for the one at hand, which stands there already, and out of her reach."""
    if not event.thread:
        return None
    rows = Ticket.objects.standing().filter(organization_id=event.organization_id, thread=event.thread)
    found = rows.filter(opened_at__lte=event.time).order_by("-opened_at", "-pk").first()
    if found is None:
        return None
    try:
        whole = ticket_for(person, found.public_id)
    except NotFound:
        return None
    return None if whole.pk == at_hand.pk else whole
