"""The routes of the customers' room, and customers to try them with, for the isolation test."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from channels_app.hub.actions import merge_customers
from channels_app.intake import receive
from channels_app.outcomes import Outcome
from customers.models import Customer, MergeSuggestion
from tests.channels_app.envelopes import AT, TILL, envelope
from tests.isolation import MARK, Listed, Named, Route, World

PHONE = "010-0000-4321"


def _send(world: World, event_id: str, kind: str, **data: Any) -> Outcome:
    (outcome,) = receive(world.hidden.organization, [envelope(event_id, kind, **data)], sender=TILL, at=AT)
    assert outcome.status == "created", outcome
    return outcome


def _add_customers(world: World) -> None:
    """One with purchase and visit, two of whom it is asked whether they are one, two who were made one."""
    first = _send(
        world,
        "sale-1",
        "pos.sale",
        customer={"phone": PHONE, "name": f"홍길동{MARK}"},
        store="gangnam",
        receipt_no="R-1",
        items=[{"name": f"코트{MARK}", "quantity": 1, "unit_price": 1000, "amount": 1000}],
        total=1000,
    )
    _send(world, "visit-1", "store.visit", customer={"member_no": "M-1", "name": f"김{MARK}"}, store="gangnam")
    _send(world, "visit-2", "store.visit", customer={"member_no": "M-1", "phone": PHONE}, store="gangnam")
    into = _send(world, "visit-3", "store.visit", customer={"member_no": "M-2"}, store="gangnam").customer
    merged = _send(world, "visit-4", "store.visit", customer={"member_no": "M-3"}, store="gangnam").customer
    rows = {row.public_id: row for row in Customer.objects.filter(organization=world.hidden.organization)}
    assert into
    assert merged
    merge_customers(rows[into], rows[merged], by=world.hidden.owner, at=AT)
    world.made |= {"customer": first.customer, "into": into, "merged": merged}


def _customer(world: World) -> dict[str, UUID]:
    return {"customer_id": world.made["customer"]}


def _suggestion(world: World) -> dict[str, UUID]:
    suggestion = MergeSuggestion.objects.filter(organization=world.hidden.organization).order_by("pk").first()
    assert suggestion
    return {"suggestion_id": suggestion.public_id}


def _merge(world: World) -> dict[str, UUID]:
    return {"customer_id": world.made["into"], "merged_id": world.made["merged"]}


POPULATE: list[Callable[[World], None]] = [_add_customers]

ROUTES: dict[str, Route] = {
    "customers:counter": Listed(post={"q": "4321"}),
    "customers:counter_customer": Named(_customer),
    "customers:counter_note": Named(_customer),
    "customers:counter_inquiry": Named(_customer),
    "customers:index": Listed(),
    "customers:search": Listed(post={"q": "4321"}),
    "customers:suggestions": Listed(),
    "customers:compare": Named(_suggestion),
    "customers:accept": Named(_suggestion),
    "customers:dismiss": Named(_suggestion),
    "customers:detail": Named(_customer),
    "customers:timeline": Named(_customer),
    "customers:rename": Named(_customer),
    "customers:memo": Named(_customer),
    "customers:reveal": Named(_customer),
    "customers:export": Named(_customer),
    "customers:consents": Named(_customer),
    "customers:unmerge": Named(_merge),
}
