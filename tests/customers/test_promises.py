"""A promise is what its events come to, in whatever order and however batched they arrive."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Organization
from channels_app.intake import hub_sender, receive
from customers.models import Event, Promise, PromiseStep
from tests.cast import make_organization

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
AGENTS = ("kim@haneul.example", "lee@haneul.example")


@pytest.fixture
def organization() -> Organization:
    return make_organization().organization


def envelope(number: int, kind: str, thread: str, *, ago: int = 0, **data: Any) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": f"e{number}",
        "source": "/hub",
        "type": kind,
        "time": (NOW - timedelta(minutes=ago)).isoformat(),
        "data": {"thread": thread, "agent": AGENTS[number % 2], **data},
    }


def note(number: int, thread: str = "a", **data: Any) -> dict[str, Any]:
    return envelope(number, "note.added", thread, text="메모", **data)


def take(organization: Organization, *envelopes: dict[str, Any]) -> None:
    for outcome in receive(organization, envelopes, sender=hub_sender(), at=NOW):
        assert not outcome.is_refused, outcome.problem


def shown(organization: Organization) -> list[tuple[Any, ...]]:
    fields = (
        *("note_id", "thread", "text", "made_by", "due_at", "has_hour"),
        *("owner_email", "center__slug", "status", "settled_at", "settled_by"),
    )
    return list(Promise.objects.filter(organization=organization).order_by("note_id").values_list(*fields))


def test_a_note_makes_a_promise_that_its_author_keeps(organization: Organization):
    take(organization, note(1, promise={"text": "교환품 발송", "due": "2026-11-25"}))
    promise = Promise.objects.get()
    assert (promise.text, promise.owner_email, promise.made_by) == ("교환품 발송", AGENTS[1], AGENTS[1])
    assert promise.due_at == datetime(2026, 11, 25, 23, 59, 59, 999999, tzinfo=ZoneInfo("Asia/Seoul"))
    assert (promise.has_hour, promise.status) == (False, "open")
    assert promise.public_id == Event.objects.get().public_id


def test_it_is_moved_handed_over_kept_and_opened_again(organization: Organization):
    take(organization, note(1, ago=9, promise={"text": "발송", "due": "2026-11-25"}))
    meant = Promise.objects.get().public_id.hex
    moved = {"due": "2026-11-26T18:00:00+09:00", "center": "busan", "reason": "입고가 늦음"}
    take(organization, envelope(2, "promise.changed", "a", ago=8, promise=meant, **moved))
    promise = Promise.objects.get()
    assert promise.due_at == datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
    assert promise.center is not None
    assert (promise.center.slug, promise.owner_email) == ("busan", "")
    take(organization, envelope(3, "promise.settled", "a", ago=7, promise=meant, outcome="kept"))
    promise.refresh_from_db()
    assert (promise.status, promise.settled_by, promise.settled_at) == ("kept", AGENTS[1], NOW - timedelta(minutes=7))
    take(organization, envelope(4, "promise.settled", "a", ago=6, promise=meant, outcome="open"))
    promise.refresh_from_db()
    assert (promise.status, promise.settled_by, promise.settled_at) == ("open", "", None)


def test_a_center_that_nobody_knows_keeps_nothing(organization: Organization):
    take(organization, note(1, promise={"text": "발송", "center": "nowhere"}))
    assert Promise.objects.get().owner_email == AGENTS[1]


def test_a_note_of_another_source_and_conversation_is_another_promise(organization: Organization):
    take(organization, note(1, promise={"text": "발송"}))
    elsewhere = note(9, "b", promise_kept="e1") | {"source": "/hub/other"}
    take(organization, elsewhere)
    assert Promise.objects.get().status == "open"


@pytest.mark.parametrize(
    "data",
    [
        {"promise": "e1"},
        {"promise": "e1", "due": "내일"},
        {"promise": "e1", "owner": "kein Mensch"},
        {"promise": "", "due": "2026-11-25"},
    ],
)
def test_what_says_nothing_is_refused(organization: Organization, data: dict[str, Any]):
    outcomes = receive(organization, [envelope(1, "promise.changed", "a", **data)], sender=hub_sender(), at=NOW)
    assert outcomes[0].is_refused


STEPS = st.one_of(
    st.fixed_dictionaries({"kept": st.booleans()}),
    st.fixed_dictionaries({"outcome": st.sampled_from(["kept", "broken", "withdrawn", "open"])}),
    st.fixed_dictionaries({"due": st.sampled_from(["2026-11-23", "2026-11-24T10:00:00+09:00"])}),
    st.fixed_dictionaries({"owner": st.sampled_from(AGENTS)}),
    st.fixed_dictionaries({"center": st.sampled_from(["seoul", "busan", "nowhere"])}),
)
TOLD = st.lists(
    st.tuples(st.sampled_from(["e0", "e1"]), st.sampled_from(["a", "b"]), st.integers(0, 3), STEPS), max_size=8
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=TOLD, seed=st.integers(0, 2**16))
def test_any_order_gives_the_same_promises(organization: Organization, told: list[Any], seed: int):
    envelopes = [
        note(0, "a", ago=2, promise={"text": "발송", "due": "2026-11-25"}),
        note(1, "b", ago=1, promise={"text": "전화", "center": "seoul"}),
    ]
    for number, (meant, thread, ago, step) in enumerate(told, start=2):
        if "kept" in step:
            envelopes.append(note(number, thread, ago=ago, promise_kept=meant))
        else:
            kind = "promise.settled" if "outcome" in step else "promise.changed"
            envelopes.append(envelope(number, kind, thread, ago=ago, promise=meant, **step))
    found = []
    for order in range(2):
        some = list(envelopes)
        if order:
            random.Random(seed).shuffle(some)
        savepoint = transaction.savepoint()
        cut = seed % len(some)
        for batch in (some[:cut], some[cut:], some[:1]):  # the last is a repeat
            if batch:
                take(organization, *batch)
        found.append(shown(organization))
        assert PromiseStep.objects.count() == len(told)
        transaction.savepoint_rollback(savepoint)
    assert found[0] == found[1]
