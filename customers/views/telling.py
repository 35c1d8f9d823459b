"""What a customer's screens tell, gathered once for the counter and for the customer page.

Crosses from this room to the tickets' one, which only doors may do.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.timezone import now

from accounts.access import person_of
from customers.queries import (
    HistoryPage,
    Possibility,
    Profile,
    Purchase,
    ShownPromise,
    claims_for,
    history_for,
    promises_for,
    purchases_for,
)
from customers.queries.attention import Said, said_lately
from customers.queries.consents import ShownConsents, shown_consents
from customers.queries.history import threads_of
from customers.queries.seldom import known_seldom
from tickets.queries.matters import Matter, matters_for
from tickets.queries.names import topic_names

PURCHASES_SHOWN = 8


@dataclass(frozen=True, slots=True)
class OpenPromise:
    promise: ShownPromise
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class Told:
    """Everything on the screen of one customer but her identities. `seldom` names what else there is to ask for."""

    history: HistoryPage
    said: list[Said]
    promises: list[OpenPromise]
    settled_promises: list[ShownPromise]
    matters: list[Matter]
    purchases: list[Purchase]
    possibilities: list[Possibility]
    consents: ShownConsents
    seldom: frozenset[str]

    @property
    def open_matters(self) -> list[Matter]:
        return [matter for matter in self.matters if matter.ticket.is_open]

    @property
    def settled_matters(self) -> list[Matter]:
        return [matter for matter in self.matters if not matter.ticket.is_open]

    @property
    def is_urgent(self) -> bool:
        """Whether “check first” has anything to say."""
        return bool(self.said or self.promises or self.open_matters)


def tell(request: HttpRequest, profile: Profile) -> Told:
    """A fixed number of statements, however long the history."""
    at = now()
    threads = threads_of(profile.organization, profile.ids)
    topics = topic_names(profile.organization.pk)
    history = history_for(profile, topics=topics, threads=threads)
    seldom = known_seldom(profile, threads)
    promises = promises_for(profile, threads=threads, agents=history.agents) if "promises" in seldom else []
    return Told(
        history=history,
        said=said_lately(history.entries, at),
        promises=[OpenPromise(promise, promise.is_overdue(at)) for promise in promises if promise.is_open],
        settled_promises=[promise for promise in promises if not promise.is_open],
        matters=matters_for(
            person_of(request), profile.organization, profile.ids, topics=topics, agents=history.agents
        ),
        purchases=purchases_for(profile, limit=PURCHASES_SHOWN),
        possibilities=claims_for(profile) if "claims" in seldom else [],
        consents=shown_consents(profile, is_known="consents" in seldom),
        seldom=seldom,
    )
