"""What people do with a promise: give it, move its time, hand it over, say what became of it. Each is an event of the
promise's own conversation, wherever it was pressed. None may be called inside a transaction.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import Center, Person
from channels_app.hub.writing import HubRefusal, require, write
from channels_app.outcomes import Outcome
from customers.models import Promise
from customers.policies import may_keep_promises
from tickets import policies
from tickets.models import Ticket


class CannotPromise(HubRefusal):
    """Nothing was promised, or for a time that has passed."""


class IsSettled(HubRefusal):
    """Somebody has said already what became of it."""


def make_promise(
    ticket: Ticket,
    text: str,
    *,
    due: datetime,
    owner: Person | Center | None = None,
    by: Person,
    at: datetime,
    key: str = "",
) -> Outcome:
    """A note that promises; kept by its author unless an `owner` is told. Raises `CannotPromise`."""
    require(policies.may_note(by, ticket))
    if not text.strip():
        raise CannotPromise(_("Say what is promised."))
    _check_due(due, at)
    told = {"text": text[:1000], "due": due.isoformat(), **_owner(owner)}
    data = {"thread": ticket.thread, "agent": by.email, "text": text, "promise": told}
    return write(ticket.organization, "note.added", data, by=by, at=at, key=key)


def change_promise(
    promise: Promise,
    *,
    due: datetime | None = None,
    owner: Person | Center | None = None,
    reason: str = "",
    by: Person,
    at: datetime,
) -> None:
    """Another time, or somebody else who keeps it; what is so already writes nothing. Raises `IsSettled`, `CannotPromise`."""
    require(_may_decide(by, promise))
    if not promise.is_open:
        raise IsSettled(_("This promise is settled. Open it again first."))
    data: dict[str, Any] = {}
    if due is not None and due != promise.due_at:
        _check_due(due, at)
        data["due"] = due.isoformat()
    if owner is not None and not _keeps(owner, promise):
        data |= _owner(owner)
    if data:
        _write(promise, "promise.changed", data, reason=reason, by=by, at=at)


def settle_promise(promise: Promise, outcome: str, *, reason: str = "", by: Person, at: datetime) -> None:
    """`outcome` is a status of `Promise`; `open` takes back what was said. Twice the same is once. Raises `IsSettled`."""
    require(may_keep_promises(by, promise) if outcome == Promise.Status.KEPT else _may_decide(by, promise))
    if promise.status == outcome:
        return
    if not promise.is_open and outcome != Promise.Status.OPEN:
        raise IsSettled(_("A colleague has settled this promise meanwhile."))
    _write(promise, "promise.settled", {"outcome": outcome}, reason=reason, by=by, at=at)


def _may_decide(by: Person, promise: Promise) -> bool:
    return policies.may_answer(by) and may_keep_promises(by, promise)


def _check_due(due: datetime, at: datetime) -> None:
    if due <= at:
        raise CannotPromise(_("That time has passed. Choose a later one."))


def _owner(owner: Person | Center | None) -> dict[str, str]:
    if owner is None:
        return {}
    return {"owner": owner.email} if isinstance(owner, Person) else {"center": owner.slug}


def _keeps(owner: Person | Center, promise: Promise) -> bool:
    return owner.email == promise.owner_email if isinstance(owner, Person) else owner.pk == promise.center_id


def _write(promise: Promise, kind: str, told: dict[str, Any], *, reason: str, by: Person, at: datetime) -> None:
    data = {"thread": promise.thread, "agent": by.email, "promise": promise.public_id.hex, **told}
    if reason.strip():
        data["reason"] = reason.strip()[:1000]
    write(promise.organization, kind, data, by=by, at=at, key="")
