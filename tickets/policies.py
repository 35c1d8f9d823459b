"""Who reaches which tickets, and who may do what with one that she reaches.

An agent reaches those of her centers and those that no center has claimed yet, since otherwise nobody would see them;
store staff those of their stores, to read and to add a note.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from accounts import policies
from accounts.models import Person
from accounts.policies import Permission
from cxhub.prepared import Told
from tickets.models.ticket import Ticket, TicketQuerySet


@dataclass(frozen=True, slots=True)
class Reach:
    """Which tickets of one organization a person sees. `centers` is None where she sees those of all."""

    organization_id: int
    centers: tuple[int, ...] | None = ()
    stores: tuple[int, ...] = ()
    has_unclaimed: bool = False

    @property
    def rows(self) -> Q:
        """The condition on a ticket's row, without the organization."""
        return self._rows(Q(center__in=self.centers), Q(store__in=self.stores))

    @property
    def told_rows(self) -> Q:
        """The same for a prepared queryset, to be told `told`. Its text is one for all reaches with the same `shape`."""
        return self._rows(Q(center__any_of=Told("centers")), Q(store__any_of=Told("stores")))

    @property
    def told(self) -> dict[str, Any]:
        return {"organization_id": self.organization_id, "centers": self.centers, "stores": self.stores}

    @property
    def shape(self) -> tuple[bool, ...]:
        return self.centers is None, bool(self.stores), self.has_unclaimed

    def _rows(self, in_centers: Q, in_stores: Q) -> Q:
        if self.centers is None:
            return Q()
        found = in_centers | in_stores if self.stores else in_centers
        return found | Q(center=None) if self.has_unclaimed else found

    def holds(self, ticket: Ticket) -> bool:
        if ticket.organization_id != self.organization_id:
            return False
        if self.centers is None or ticket.center_id in self.centers or ticket.store_id in self.stores:
            return True
        return self.has_unclaimed and ticket.center_id is None


def reach_of(person: Person, *, own_centers: Mapping[int, str] | None = None) -> Reach | None:
    """Returns what the person reaches, or None for one without an organization.

    One short statement at most, none where an agent's or a lead's `own_centers` are known, key → kind.
    """
    if person.organization_id is None or not person.is_active:
        return None
    if not may_answer(person):
        stores = policies.stores_reached(person).order_by("pk").values_list("pk", flat=True)
        return Reach(person.organization_id, stores=tuple(stores))
    if own_centers is None:
        centers = policies.center_ids_reached(person)
    else:
        centers = policies.reached_of_own(person, own_centers)
    return Reach(person.organization_id, None if centers is None else tuple(sorted(centers)), has_unclaimed=True)


def tickets_reached(person: Person) -> TicketQuerySet:
    """All tickets that the person may see, replaced ones included: they lead on."""
    reach = reach_of(person)
    if reach is None:
        return Ticket.objects.none()
    return Ticket.objects.filter(reach.rows, organization_id=reach.organization_id)


def may_answer(person: Person) -> bool:
    """Whether she is one of those who answer: only they write to customers and decide over tickets."""
    return policies.may(person, Permission.USE_INBOX)


def may_reply(person: Person, ticket: Ticket) -> bool:
    return may_answer(person) and _is_of_her_organization(person, ticket)


def may_note(person: Person, ticket: Ticket) -> bool:
    """Whoever reaches a ticket may add what she knows."""
    may_see = may_answer(person) or policies.may(person, Permission.USE_COUNTER)
    return may_see and _is_of_her_organization(person, ticket)


def may_assign(person: Person, ticket: Ticket) -> bool:
    return may_answer(person) and _is_of_her_organization(person, ticket)


def may_resolve(person: Person, ticket: Ticket) -> bool:
    return may_answer(person) and _is_of_her_organization(person, ticket)


def may_move(person: Person, ticket: Ticket) -> bool:
    return may_answer(person) and _is_of_her_organization(person, ticket)


def may_handle(person: Person, ticket: Ticket) -> bool:
    """Snooze, tag, prioritize, link: what changes how the ticket lies on the desk."""
    return may_answer(person) and _is_of_her_organization(person, ticket)


def may_escalate(person: Person, ticket: Ticket) -> bool:
    """Whoever reaches a ticket may ask the head office: the shop where she stands most of all."""
    return may_note(person, ticket)


def may_whisper(person: Person, ticket: Ticket) -> bool:
    """Who leads those who answer: a word into a colleague's conversation is hers to say."""
    return policies.may(person, Permission.SEE_PEOPLE) and may_note(person, ticket)


def reads_along(person: Person, ticket: Ticket) -> bool:
    """Whether she looks at this ticket as its agent's lead: it is open, and a colleague's."""
    return ticket.is_open and ticket.agent_email not in ("", person.email) and may_whisper(person, ticket)


def may_confirm_identity(person: Person, ticket: Ticket) -> bool:
    """Only who speaks with the customer can have asked her."""
    return may_answer(person) and _is_of_her_organization(person, ticket)


def may_be_alarmed(person: Person) -> bool:
    """Whether she can be told that a ticket stays unseen or a promise falls due: those who answer."""
    return person.is_alarmed


def _is_of_her_organization(person: Person, ticket: Ticket) -> bool:
    return person.is_active and person.organization_id == ticket.organization_id
