"""What the hub's own screens do, written as the same events that everybody else sends, with source `/hub`.

So nothing is known to the hub that a replay would not know. Each function checks who may, builds the envelope and
hands it to `receive`; none may be called inside a transaction. `key` is the client's own id of the act: the same key
twice is one act.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts.models import Person, Store
from accounts.policies import Permission, may
from channels_app.deliveries.actions import outgoing
from channels_app.hub.attaching import binding, uploads_of
from channels_app.hub.meanwhile import unless_answered
from channels_app.hub.writing import HubRefusal as HubRefusal
from channels_app.hub.writing import NotAllowed as NotAllowed
from channels_app.hub.writing import all_of
from channels_app.hub.writing import envelope as _envelope
from channels_app.hub.writing import hand_in as _hand_in
from channels_app.hub.writing import require as _require
from channels_app.hub.writing import write as _write
from channels_app.intake import HUB
from channels_app.outcomes import Outcome
from customers.incoming import STRENGTH, IdentityKey
from customers.models import Customer, Event, Identity
from customers.models.identity import IdentityKind
from customers.resolve_reasons import SOLVED
from cxhub.identifiers import uuid7
from tickets import policies
from tickets.actions.attachments import CannotAttach
from tickets.actions.mentions import call_people
from tickets.models import Ticket
from tickets.queries.conversation import event_of, excerpt, note_of


class CannotReply(HubRefusal):
    """The ticket's channel has no way to carry a written answer."""


class CannotEdit(HubRefusal):
    """The note is somebody else's, or says more than words."""


class CannotQuote(HubRefusal):
    """What was to be quoted is not in this conversation, or must not be read by the customer."""


class CannotBeNamed(HubRefusal):
    """The customer has no identity by which an event could name her."""


REPLY_TYPES = {"chat": "chat.message", "mail": "mail.message", "message": "message.message"}


def can_reply(ticket: Ticket) -> bool:
    """Whether a written answer can be recorded in this ticket; calls and counter inquiries are answered in person."""
    return ticket.channel in REPLY_TYPES


def reply_to_ticket(
    ticket: Ticket,
    text: str,
    *,
    by: Person,
    at: datetime,
    key: str = "",
    seen: int | None = None,
    quote: UUID | None = None,
    attachments: Sequence[UUID] = (),
    uploaded_in: str = "",
) -> Outcome:
    """Writes an agent's answer into the conversation, and that it is to be sent where its channel leads out of the hub.

    `attachments` are uploads of hers in this conversation (or `uploaded_in` that thread), which are the message's from then on. Raises `CannotReply`,
    `CannotQuote`, `HubRefusal`. With `seen`, the number of the last message she had before her eyes, raises `AnsweredMeanwhile` where a colleague
    has answered since.
    """
    _require(policies.may_reply(by, ticket))
    if not can_reply(ticket):
        raise CannotReply(_("A call or an inquiry at the counter is answered in person. Write a note instead."))
    data: dict[str, Any] = {"thread": ticket.thread, "from": "agent", "agent": by.email, "text": text}
    if ticket.channel == "message":
        data["service"] = service_of(ticket)
    if quote is not None:
        data["quote"] = _quoted(ticket, quote, is_internal=False)
    files = uploads_of(ticket, attachments, uploaded_in=uploaded_in or ticket.thread, by=by)
    if files:
        data["attachments"] = [file.as_told() for file in files]
    checks = [
        unless_answered(ticket, since=seen, by=by) if seen is not None else None,
        binding(files) if files else None,
        outgoing(ticket, by=by, at=at),
    ]
    check = all_of(*(one for one in checks if one is not None))
    try:
        return _write(ticket.organization, REPLY_TYPES[ticket.channel], data, by=by, at=at, key=key, check=check)
    except CannotAttach as refusal:
        raise HubRefusal(str(refusal)) from refusal


def add_note(
    ticket: Ticket,
    text: str,
    *,
    by: Person,
    at: datetime,
    promise_due: datetime | None = None,
    promise_kept: str = "",
    key: str = "",
    quote: UUID | None = None,
    mentioned: Sequence[Person] = (),
) -> Outcome:
    """Writes an internal note. With `promise_due` the note is a promise; with `promise_kept` (the id of the event that
    made it) it says that the promise was kept. `mentioned`, of `mentionable_for`, are told at once."""
    _require(policies.may_note(by, ticket))
    data: dict[str, Any] = {"thread": ticket.thread, "agent": by.email, "text": text}
    if promise_due is not None:
        data["promise"] = {"text": text, "due": promise_due.isoformat()}
    if promise_kept:
        data["promise_kept"] = promise_kept
    if quote is not None:
        data["quote"] = _quoted(ticket, quote, is_internal=True)
    return _write_note(ticket, "note.added", data, mentioned, by=by, at=at, key=key)


def edit_note(
    ticket: Ticket,
    note: UUID,
    text: str,
    *,
    by: Person,
    at: datetime,
    key: str = "",
    mentioned: Sequence[Person] = (),
) -> Outcome | None:
    """Puts her own note in other words; what it said stays in the history. None where it says so already.

    Raises `CannotEdit`.
    """
    _require(policies.may_note(by, ticket))
    found = note_of(ticket, note)
    if found is None or found[0].agent_email != by.email:
        raise CannotEdit(_("Only who wrote a note can change it. Add a note of your own."))
    event, says = found
    if event.data.get("promise") or event.data.get("promise_kept"):
        raise CannotEdit(_("A promise stays as it was given. Add a note that says what has changed."))
    if says == text:
        return None
    data: dict[str, Any] = {"thread": ticket.thread, "agent": by.email, "note": event.public_id.hex, "text": text}
    return _write_note(ticket, "note.edited", data, mentioned, by=by, at=at, key=key)


def assign_ticket(ticket: Ticket, agent: Person, *, by: Person, at: datetime, key: str = "") -> Outcome:
    _require(policies.may_assign(by, ticket))
    data = {"thread": ticket.thread, "agent": agent.email}
    return _write(ticket.organization, "ticket.assigned", data, by=by, at=at, key=key)


def resolve_ticket(
    ticket: Ticket, *, topic: str, reason: str = SOLVED, by: Person, at: datetime, key: str = ""
) -> Outcome:
    """`reason` is one of `REASONS`."""
    _require(policies.may_resolve(by, ticket))
    data = {"thread": ticket.thread, "agent": by.email, "by": "agent"}
    if topic:
        data["topic"] = topic
    if reason:
        data["reason"] = reason
    return _write(ticket.organization, "ticket.resolved", data, by=by, at=at, key=key)


def reopen_ticket(ticket: Ticket, *, by: Person, at: datetime, key: str = "") -> Outcome:
    _require(policies.may_resolve(by, ticket))
    data = {"thread": ticket.thread, "agent": by.email}
    return _write(ticket.organization, "ticket.reopened", data, by=by, at=at, key=key)


def record_visit(
    customer: Customer, *, store: Store, note: str = "", by: Person, at: datetime, key: str = ""
) -> Outcome:
    """The counter served somebody; with `note`, what it was about."""
    _require(_serves(by, customer, Permission.USE_COUNTER))
    data: dict[str, Any] = {"customer": naming(customer), "store": store.slug, "staff": by.email}
    if note:
        data["note"] = note
    return _write(customer.organization, "store.visit", data, by=by, at=at, key=key)


def raise_inquiry(customer: Customer, text: str, *, store: Store, by: Person, at: datetime, key: str = "") -> Outcome:
    """A question or complaint raised at the counter: opens a ticket that the store's center sees at once.

    `/hub` belongs to no center, so the ticket is moved to the store's in the same breath.
    """
    _require(_serves(by, customer, Permission.USE_COUNTER))
    key = key or str(uuid7())
    data = {"customer": naming(customer), "store": store.slug, "staff": by.email, "text": text}
    acts = [_envelope("store.inquiry", data, at=at, key=key)]
    if store.center is not None:
        moved = {"thread": f"{HUB}#{key}", "center": store.center.slug, "agent": by.email}
        acts.append(_envelope("ticket.moved", moved, at=at, key=f"{key}:center"))
    return _hand_in(customer.organization, acts, by=by, at=at)[0]


def merge_customers(into: Customer, merged: Customer, *, by: Person, at: datetime, key: str = "") -> Outcome:
    """Makes two customers one; undone exactly by `unmerge_customers`."""
    return _decide("customer.merged", into, merged, by=by, at=at, key=key)


def unmerge_customers(into: Customer, merged: Customer, *, by: Person, at: datetime, key: str = "") -> Outcome:
    """Undoes the merge that made these two rows one person."""
    return _decide("customer.unmerged", into, merged, by=by, at=at, key=key)


def confirm_identity(ticket: Ticket, claimed: IdentityKey, *, by: Person, at: datetime, key: str = "") -> Outcome:
    """An agent says on the record that the customer of this conversation is who she claimed to be."""
    _require(policies.may_confirm_identity(by, ticket))
    data = {"thread": ticket.thread, "customer": _as_data([claimed]), "agent": by.email}
    return _write(ticket.organization, "identity.confirmed", data, by=by, at=at, key=key)


def _serves(by: Person, customer: Customer, permission: Permission) -> bool:
    return may(by, permission) and by.organization_id == customer.organization_id


def _decide(kind: str, into: Customer, merged: Customer, *, by: Person, at: datetime, key: str) -> Outcome:
    _require(_serves(by, into, Permission.USE_INBOX) and into.organization_id == merged.organization_id)
    data = {"into": _own_identity(into), "from": _own_identity(merged), "agent": by.email}
    return _write(into.organization, kind, data, by=by, at=at, key=key)


def _own_identity(customer: Customer) -> dict[str, Any]:
    """One proven identity of this very row (not of its group): merges are between rows."""
    identities = [
        identity.key for identity in Identity.objects.filter(customer=customer).exclude(kind=IdentityKind.CLAIM)
    ]
    if not identities:
        raise CannotBeNamed(_("This customer has nothing proven that could be merged. Confirm her identity first."))
    return _as_data([min(identities, key=lambda key: (STRENGTH[key.kind], key))])


def naming(customer: Customer) -> dict[str, Any]:
    """`data.customer` that resolves to this customer's group."""
    members = Customer.objects.filter(organization=customer.organization_id).in_groups([customer.root_id])
    keys = [identity.key for identity in Identity.objects.filter(customer__in=members)]
    if not keys:
        raise CannotBeNamed(_("This customer has no identity left to be named by."))
    strongest = min(keys, key=lambda key: (STRENGTH[key.kind], key))
    if strongest.kind == IdentityKind.CLAIM:
        told = [
            IdentityKey(kind, "", value)
            for kind, _colon, value in (c.partition(":") for c in strongest.value.split("|"))
        ]
        return {**_as_data(told), "verified": False}
    return _as_data([strongest])


def _as_data(keys: list[IdentityKey]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for key in keys:
        if key.kind == IdentityKind.EXTERNAL:
            data.setdefault("external", {})[key.account] = key.value
        else:
            data[key.kind] = key.value
    return data


def _quoted(ticket: Ticket, quote: UUID, *, is_internal: bool) -> dict[str, str]:
    """The words themselves go along: whoever reads the answer elsewhere has no event to look up."""
    event = event_of(ticket, quote)
    if event is None or not event.text:
        raise CannotQuote(_("What you quote is not in this conversation. Remove the quotation and try again."))
    if not event.author and not is_internal:
        raise CannotQuote(_("What is internal cannot be quoted to the customer. Remove the quotation and try again."))
    told = {"event": event.public_id.hex, "text": excerpt(event.text)}
    return told | ({"author": event.author} if event.author else {"author": "agent"})


def _write_note(
    ticket: Ticket,
    kind: str,
    data: dict[str, Any],
    mentioned: Sequence[Person],
    *,
    by: Person,
    at: datetime,
    key: str,
) -> Outcome:
    """If the process dies before the mentioned are told, the note was not acknowledged: sent again, it tells them."""
    if mentioned:
        data["mentions"] = [person.email for person in mentioned]
    outcome = _write(ticket.organization, kind, data, by=by, at=at, key=key)
    if mentioned and outcome.event is not None:
        call_people(ticket, mentioned, event_id=outcome.event, at=at)
    return outcome


def service_of(ticket: Ticket) -> str:
    """The messenger service in which the conversation goes on."""
    events = Event.objects.filter(organization=ticket.organization_id, thread=ticket.thread, type="message.message")
    data = events.order_by("-time", "-id").values_list("data", flat=True).first()
    return str((data or {}).get("service", "kakao"))
