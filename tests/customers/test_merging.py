"""Merging by a person: everything is together, and undoing it is exact."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customers.models import Customer, Identity, Merge, MergeSuggestion
from tests import cast
from tests.customers.incoming import happened, partition, profiles, record

pytestmark = pytest.mark.django_db


@pytest.fixture
def organization() -> Any:
    return cast.make_bare_organization("haneul", name="하늘상회")


def merged(number: int, into: str, source: str, *, minutes: int) -> Any:
    return happened(
        f"d{number}", kind="customer.merged", into=[into], merged_from=[source], minutes=minutes, source="/hub"
    )


def unmerged(number: int, into: str, source: str, *, minutes: int) -> Any:
    return happened(
        f"d{number}", kind="customer.unmerged", into=[into], merged_from=[source], minutes=minutes, source="/hub"
    )


def rows(organization: Any) -> list[tuple[Any, ...]]:
    """Every column of every customer and identity that a merge might touch."""
    customers = Customer.objects.filter(organization=organization).order_by("id")
    identities = Identity.objects.filter(organization=organization).order_by("id")
    return [
        *customers.values_list("id", "merged_into", "name", "sale_count", "spent_hundredths", "is_anonymous"),
        *identities.values_list("id", "customer", "kind", "value"),
    ]


def test_merge_joins_history_and_sums(organization: Any) -> None:
    record(
        organization, happened("1", "phone:1", amount_hundredths=100), happened("2", "phone:2", amount_hundredths=50)
    )
    record(organization, merged(1, "phone:1", "phone:2", minutes=10))
    (profile,) = profiles(organization)
    assert profile[5] == 150
    assert profile[4] == 2


def test_undo_is_exact(organization: Any) -> None:
    record(organization, happened("1", "phone:1", name="김민준"), happened("2", "phone:2", name="김민준"))
    before = rows(organization)
    record(organization, merged(1, "phone:1", "phone:2", minutes=10))
    assert rows(organization) != before
    record(organization, unmerged(2, "phone:1", "phone:2", minutes=11))
    assert rows(organization) == before


def test_events_that_came_while_merged_go_back_with_their_identity(organization: Any) -> None:
    record(organization, happened("1", "phone:1"), happened("2", "phone:2"))
    record(organization, merged(1, "phone:1", "phone:2", minutes=10))
    record(organization, happened("3", "phone:2", minutes=12))
    record(organization, unmerged(2, "phone:1", "phone:2", minutes=20))
    groups = partition(organization)
    assert any({("/seoul/pos", "2"), ("/seoul/pos", "3")} <= group for group in groups)
    assert len(groups) == 2


def test_undoing_the_first_of_two_merges_leaves_the_second(organization: Any) -> None:
    record(organization, happened("1", "phone:1"), happened("2", "phone:2"), happened("3", "phone:3"))
    record(organization, merged(1, "phone:1", "phone:2", minutes=10), merged(2, "phone:3", "phone:1", minutes=11))
    assert len(partition(organization)) == 1
    record(organization, unmerged(3, "phone:1", "phone:2", minutes=12))
    alone = Identity.objects.get(value="2").customer
    assert alone.merged_into is None
    assert Identity.objects.get(value="1").customer.merged_into == Identity.objects.get(value="3").customer


def test_a_merge_settles_its_suggestion_and_an_undo_dismisses_it(organization: Any) -> None:
    record(
        organization, happened("1", "phone:1"), happened("2", "member_no:M"), happened("3", "phone:1", "member_no:M")
    )
    record(organization, merged(1, "member_no:M", "phone:1", minutes=10))
    assert MergeSuggestion.objects.get().status == "accepted"
    record(organization, unmerged(2, "member_no:M", "phone:1", minutes=11))
    assert MergeSuggestion.objects.get().status == "dismissed"


def test_merging_a_customer_with_herself_changes_nothing(organization: Any) -> None:
    record(organization, happened("1", "phone:1", "member_no:M"))
    record(organization, merged(1, "phone:1", "member_no:M", minutes=10))
    assert not Merge.objects.exists()


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_decisions_may_come_in_any_order(organization: Any, order: tuple[int, ...]) -> None:
    events = [
        happened("1", "phone:1"),
        happened("2", "phone:2"),
        merged(1, "phone:1", "phone:2", minutes=10),
        unmerged(2, "phone:1", "phone:2", minutes=11),
    ]
    for index in order:
        record(organization, events[index])
    assert len({group for group in partition(organization) if any(s == "/seoul/pos" for s, _ in group)}) == 2


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pairs=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=6), data=st.data())
def test_undoing_merges_in_any_order_gives_back_what_was(organization: Any, pairs: Any, data: st.DataObject) -> None:
    with transaction.atomic():
        record(organization, *[happened(str(n), f"phone:{n}", name=f"손님{n}", amount_hundredths=n) for n in range(5)])
        before = rows(organization)
        effective = []
        for number, (into, source) in enumerate(pairs):
            made = Merge.objects.filter(is_active=True).count()
            record(organization, merged(number, f"phone:{into}", f"phone:{source}", minutes=number))
            if Merge.objects.filter(is_active=True).count() > made:
                effective.append((into, source))
        assert len(partition(organization)) == 5 - len(effective)
        for number, (into, source) in enumerate(data.draw(st.permutations(effective))):
            record(organization, unmerged(100 + number, f"phone:{into}", f"phone:{source}", minutes=100 + number))
        assert Merge.objects.filter(is_active=True).count() == 0
        strip = [row[:2] for row in rows(organization)]
        assert strip == [row[:2] for row in before]
        transaction.set_rollback(True)
