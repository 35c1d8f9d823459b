"""What was promised to a customer, by whom it is kept, when it falls due, and what became of it.

A promise stands in a conversation and names no customer, so hers are found through her conversations.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from customers.models import Promise
from customers.queries.history import threads_of
from customers.queries.profiles import Profile
from customers.queries.timeline import agent_names, wording_for
from customers.queries.wording import Wording
from cxhub.prepared import Prepared, Told

# Whoever was promised more has a person who knows her by heart.
PROMISES_READ = 300


@dataclass(frozen=True, slots=True)
class ShownPromise:
    """A promise as its reader may see it. `owner` is a person's or a center's name, `by` who settled it."""

    promise: Promise
    text: str
    owner: str
    by: str

    @property
    def id(self) -> UUID:
        return self.promise.public_id

    @property
    def is_open(self) -> bool:
        return self.promise.is_open

    def is_overdue(self, now: datetime) -> bool:
        return self.promise.is_overdue(now)


PROMISES = Prepared(
    lambda: (
        Promise.objects.filter(organization_id=Told("organization_id"), thread__any_of=Told("threads"))
        .select_related("center")
        .order_by("-made_at", "-id")[:PROMISES_READ]
    )
)


def promises_for(
    profile: Profile, *, threads: Collection[str] | None = None, agents: Mapping[str, str] | None = None
) -> list[ShownPromise]:
    """Open ones first, the earliest due first; then those that are settled, newest first. Three statements.

    `threads` are her conversations and `agents` names by e-mail, where the caller has read them already: a statement
    less for each.
    """
    if threads is None:
        threads = threads_of(profile.organization, profile.ids)
    if not threads:
        return []
    promises = PROMISES(organization_id=profile.organization.pk, threads=threads)
    if not promises:
        return []
    known = dict(agents or {})
    known |= agent_names(profile.organization, emails_of(promises) - known.keys())
    wording = wording_for(profile, (), agents=known)
    return [shown_promise(promise, wording) for promise in in_order(promises)]


def in_order(promises: Sequence[Promise]) -> list[Promise]:
    far = datetime.max.replace(tzinfo=UTC)
    still_open = sorted((one for one in promises if one.is_open), key=lambda one: (one.due_at or far, one.pk))
    settled = sorted(
        (one for one in promises if not one.is_open), key=lambda one: (one.settled_at or far, one.pk), reverse=True
    )
    return still_open + settled


def emails_of(promises: Sequence[Promise]) -> set[str]:
    """Who keeps or settled them: whose names are needed."""
    return {email for one in promises for email in (one.owner_email, one.settled_by) if email}


def shown_promise(promise: Promise, wording: Wording) -> ShownPromise:
    owner = promise.center.name if promise.center else _name(promise.owner_email, wording)
    return ShownPromise(promise, wording.words(promise.text), owner, _name(promise.settled_by, wording))


def _name(email: str, wording: Wording) -> str:
    return wording.agents.get(email) or email.partition("@")[0]
