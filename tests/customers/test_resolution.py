"""The six rules of resolution, and the promise that the order of delivery does not matter."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customers.incoming import IncomingEvent
from customers.models import Customer, Event, Identity, Merge, MergeSuggestion
from tests import cast
from tests.customers.incoming import accept_all_suggestions, happened, partition, profiles, record

pytestmark = pytest.mark.django_db


@pytest.fixture
def organization() -> Any:
    return cast.make_bare_organization("haneul", name="하늘상회")


def owner(organization: Any, kind: str, value: str) -> Customer:
    return Identity.objects.get(organization=organization, kind=kind, value=value).customer


def test_unknown_identities_make_one_customer_with_all_of_them(organization: Any) -> None:
    record(organization, happened("1", "phone:1", "member_no:M", name="홍길동"))
    (customer,) = Customer.objects.all()
    assert customer.name == "홍길동"
    assert customer.name_chosung == "ㅎㄱㄷ"
    assert customer.identities.count() == 2


def test_known_identity_brings_unknown_ones_along(organization: Any) -> None:
    record(organization, happened("1", "phone:1"))
    record(organization, happened("2", "phone:1", "email:a@b.example"))
    assert owner(organization, "email", "a@b.example") == owner(organization, "phone", "1")


def test_event_without_identity_is_history_of_nobody(organization: Any) -> None:
    record(organization, happened("1", name="홍길동"))
    assert Event.objects.get().customer is None
    assert not Customer.objects.exists()


def test_anonymous_visitor_who_says_who_she_is_becomes_the_known_customer(organization: Any) -> None:
    record(organization, happened("1", "phone:1"), happened("2", "external:x"))
    record(organization, happened("3", "external:x", "phone:1"))
    assert len(profiles(organization)) == 1
    assert Merge.objects.get().decided_by == "rule"
    assert not MergeSuggestion.objects.exists()


def test_two_named_customers_are_suggested_and_nothing_moves(organization: Any) -> None:
    record(organization, happened("1", "phone:1"), happened("2", "member_no:M"))
    record(organization, happened("3", "phone:1", "member_no:M", "email:new@b.example"))
    assert Event.objects.get(event_id="3").customer == owner(organization, "member_no", "M")
    assert not Identity.objects.filter(kind="email").exists()
    assert MergeSuggestion.objects.count() == 1
    accept_all_suggestions(organization)
    assert len(profiles(organization)) == 1
    assert Identity.objects.filter(kind="email").exists()  # what was withheld is hers now


def test_a_claim_adds_nothing_and_events_with_the_same_claim_share_one_customer(organization: Any) -> None:
    record(organization, happened("1", "phone:1"))
    record(organization, happened("2", claims=["phone:1"]), happened("3", claims=["phone:1"]))
    events = {event.event_id: event.customer for event in Event.objects.select_related("customer")}
    assert events["2"] == events["3"] != events["1"]
    assert events["2"].is_unconfirmed
    assert events["2"].claims.count() == 1


def test_a_claim_beside_an_external_id_follows_the_id(organization: Any) -> None:
    record(organization, happened("1", "phone:1"), happened("2", "external:x", claims=["phone:1"]))
    assert owner(organization, "external", "x") != owner(organization, "phone", "1")
    assert not MergeSuggestion.objects.exists()


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_confirmation_moves_what_the_claim_had_kept_apart_in_any_order(
    organization: Any, order: tuple[int, ...]
) -> None:
    events = [
        happened("1", "phone:1"),
        happened("2", claims=["phone:1"], thread="t", kind="mail.message", minutes=1),
        happened("3", "phone:1", kind="identity.confirmed", thread="t", minutes=2),
    ]
    for index in order:
        record(organization, events[index])
    assert partition(organization) == {frozenset({("/seoul/pos", "1"), ("/seoul/pos", "2"), ("/seoul/pos", "3")})}


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_confirming_a_visitor_joins_her_with_the_known_customer_in_any_order(
    organization: Any, order: tuple[int, ...]
) -> None:
    events = [
        happened("1", "phone:1"),
        happened("2", "external:x", claims=["phone:1"], thread="t", kind="chat.message", minutes=1),
        happened("3", "phone:1", kind="identity.confirmed", thread="t", minutes=2),
    ]
    for index in order:
        record(organization, events[index])
    assert len(profiles(organization)) == 1


def test_repeat_in_one_batch_and_in_another_has_one_effect(organization: Any) -> None:
    event = happened("1", "phone:1", amount_hundredths=500)
    record(organization, event, event)
    record(organization, event)
    customer = Customer.objects.get()
    assert (Event.objects.count(), customer.event_count, customer.spent_hundredths) == (1, 1, 500)


IDENTITIES = st.lists(
    st.sampled_from(["phone:1", "phone:2", "member_no:A", "external:x", "external:y", "email:e@b.example"]),
    max_size=3,
    unique=True,
)


@st.composite
def histories(draw: st.DrawFn) -> list[IncomingEvent]:
    events = []
    for number in range(draw(st.integers(1, 7))):
        claimed = draw(st.booleans()) and draw(st.booleans())
        names = draw(IDENTITIES)
        events.append(
            happened(
                str(number),
                *[name for name in names if not claimed or name.startswith("external")],
                claims=[name for name in names if claimed and not name.startswith("external")],
                minutes=draw(st.integers(0, 5)),
                name=draw(st.sampled_from(["", "김민준", "이서연"])) if names else "",
                amount_hundredths=draw(st.sampled_from([None, 100, 2550])),
            )
        )
    return events


def played(organization: Any, events: list[IncomingEvent], *, batch: int, accept: bool) -> tuple[Any, bool]:
    """Delivers in a transaction that is taken back; returns the profiles, and whether anything was suggested."""
    with transaction.atomic():
        for start in range(0, len(events), batch):
            record(organization, *events[start : start + batch])
        suggested = MergeSuggestion.objects.filter(organization=organization).exists()
        if accept:
            accept_all_suggestions(organization)
        seen = {
            (kept[0], frozenset(e for e in kept[1] if e[0] != "/hub"), *kept[2:3], *kept[4:6])
            for kept in profiles(organization)
        }
        transaction.set_rollback(True)
    return seen, suggested


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_order_gives_equal_profiles(organization: Any, data: st.DataObject) -> None:
    events = data.draw(histories())
    shuffled = data.draw(st.permutations(events))
    batch = data.draw(st.integers(1, 8))
    one, one_suggested = played(organization, events, batch=1, accept=False)
    other, other_suggested = played(organization, list(shuffled), batch=batch, accept=False)
    if not one_suggested and not other_suggested:
        assert one == other
    else:
        one, _ = played(organization, events, batch=1, accept=True)
        other, _ = played(organization, list(shuffled), batch=batch, accept=True)
        assert one == other
