"""Which identities an event proves, and which it only claims (EVENTS.md, rules 5 and 6)."""

from __future__ import annotations

from typing import Any

import pytest

from customers.incoming import IdentityKey
from tests.channels_app.events import event, parsed


def phone(number: str) -> tuple[IdentityKey, ...]:
    return (IdentityKey("phone", "", number),)


@pytest.mark.parametrize(
    ("customer", "identities"),
    [
        ({}, ()),
        (None, ()),
        ({"phone": ""}, ()),
        ({"phone": "010-****-5678"}, ()),
        ({"phone": "anonymous"}, ()),
        ({"phone": "0507-1234-5678"}, ()),
        ({"phone": "1588-0000"}, ()),
        ({"email": "ab***@shop.example"}, ()),
        ({"phone": "０１０.0000.5678"}, phone("+821000005678")),
        ({"email": " Hong@Mail.Example "}, (IdentityKey("email", "", "hong@mail.example"),)),
        ({"member_no": " M-1 "}, (IdentityKey("member_no", "", "M-1"),)),
        (
            {"email": "h@mail.example", "external": {"b": "2", "a": "1"}, "phone": "01000005678", "member_no": "M-1"},
            (
                IdentityKey("member_no", "", "M-1"),
                *phone("+821000005678"),
                IdentityKey("external", "a", "1"),
                IdentityKey("external", "b", "2"),
                IdentityKey("email", "", "h@mail.example"),
            ),
        ),
    ],
)
def test_what_identifies(customer: dict[str, Any] | None, identities: tuple[IdentityKey, ...]) -> None:
    incoming = parsed(event(customer=customer))
    assert (incoming.identities, incoming.claims, incoming.verified) == (identities, (), True)
    assert incoming.data["customer"] == customer


def test_a_claim_is_not_a_proof() -> None:
    incoming = parsed(
        event(customer={"phone": "01000005678", "name": "홍길동", "external": {"widget": "v"}, "verified": False})
    )
    assert incoming.identities == (IdentityKey("external", "widget", "v"),)
    assert incoming.claims == phone("+821000005678")
    assert (incoming.verified, incoming.name) == (False, "홍길동")


def test_a_masked_name_is_no_name() -> None:
    assert parsed(event(customer={"name": "홍*동"})).name == ""
    assert parsed(event(customer={"name": "  홍  길동 "})).name == "홍 길동"


def test_a_confirmation_proves() -> None:
    beside = event("identity.confirmed", without=("customer",), phone="010-0000-5678")
    within = event("identity.confirmed", customer={"phone": "010-0000-5678", "verified": False})
    assert parsed(beside).identities == parsed(within).identities == phone("+821000005678")
    assert parsed(within).claims == ()
    by_code = event("identity.confirmed", without=("agent",), method="sms")
    assert parsed(by_code).agent_email == ""
    with_visitor = event("identity.confirmed", customer={"phone": "010-0000-5678", "external": {"widget": "v"}})
    assert parsed(with_visitor).identities == (*phone("+821000005678"), IdentityKey("external", "widget", "v"))


def test_a_merge_names_both() -> None:
    incoming = parsed(event("customer.merged"))
    assert incoming.into == (IdentityKey("member_no", "", "M-1001"),)
    assert incoming.merged_from == phone("+821000005678")
    assert incoming.identities == ()
