"""The one way in: exactly one effect, refusals that stay alone, and few statements however large the batch."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from channels_app.intake import receive
from channels_app.models import RefusedEvent, RepeatedEvent
from customers.models import Customer, Event
from tests import cast
from tests.channels_app.envelopes import AT, TILL, counts, envelope, said, sale
from tests.customers.incoming import profiles
from tests.hubs import same_database
from tests.tickets.test_refold import stored
from tickets.models import Ticket


@pytest.fixture
def organization(db: None) -> Any:
    return cast.make_organization().organization


def send(organization: Any, *envelopes: Any) -> list[Any]:
    return receive(organization, envelopes, sender=TILL, at=AT)


def test_an_event_is_created_once_and_its_repeat_is_answered_alike(organization: Any) -> None:
    (first,) = send(organization, said("1", "t", "안녕하세요"))
    (again,) = send(organization, said("1", "t", "안녕하세요"))
    assert (first.status, again.status) == ("created", "duplicate")
    assert first.ticket is not None
    assert (first.event, first.customer, first.ticket) == (again.event, again.customer, again.ticket)
    assert Event.objects.count() == 1


def test_a_differing_repeat_is_kept_beside_the_first(organization: Any) -> None:
    send(organization, sale("1", total=1000))
    (again,) = send(organization, sale("1", total=2000))
    assert again.status == "duplicate"
    assert again.differs
    assert RepeatedEvent.objects.get().data["total"] == 2000
    assert Customer.objects.get().spent_hundredths == 100000


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(5))
def test_a_large_batch_comes_to_what_its_events_come_to_one_by_one(seed: int) -> None:
    """Known customers and new ones, nobody's sales, conversations, repeats of before and within, one that differs."""
    chance = random.Random(seed)
    in_one, one_by_one = (cast.make_organization(slug).organization for slug in ("haneul", "bada"))
    before = [sale(f"old-{number}", phone=f"010-0000-{number:04}", minutes=number) for number in range(12)]
    batch = [
        sale(f"new-{number}", phone=f"010-0000-{chance.randrange(30):04}", minutes=chance.randrange(900), total=1000)
        for number in range(60)
    ]
    batch += [sale(f"nobody-{number}", phone="") for number in range(5)]
    batch += [
        said(f"said-{number}", f"t{number % 4}", "문의", phone=f"010-0000-{number:04}", minutes=number)
        for number in range(8)
    ]
    batch += [before[3], batch[7], {**before[5], "time": "2026-11-02T09:00:00+09:00"}]
    chance.shuffle(batch)
    told: dict[Any, list[tuple[Any, ...]]] = {}
    for organization in (in_one, one_by_one):
        send(organization, *before)
        batches = [batch] if organization is in_one else [[event] for event in batch]
        told[organization] = [
            (outcome.status, outcome.id, outcome.differs, outcome.seq, outcome.customer is None)
            for some in batches
            for outcome in send(organization, *some)
        ]
    assert told[in_one] == told[one_by_one]
    assert sum(status == "duplicate" for status, *_ in told[in_one]) == 3
    assert profiles(in_one) == profiles(one_by_one)
    assert stored(in_one) == stored(one_by_one)
    assert counts(in_one) == counts(one_by_one)


def test_a_bad_event_refuses_itself_and_is_kept(organization: Any) -> None:
    outcomes = send(organization, sale("1"), {**sale("2"), "type": "pos.sell"}, sale("3"))
    assert [outcome.status for outcome in outcomes] == ["created", "refused", "created"]
    assert outcomes[1].problem.kind == "unknown-type"
    kept = RefusedEvent.objects.get()
    assert (kept.event_id, kept.type) == ("2", "pos.sell")


def test_what_no_column_can_hold_is_still_kept(organization: Any) -> None:
    (outcome,) = send(organization, {**sale("1"), "id": "a\x00b\ud800"})
    assert outcome.is_refused
    assert "\\u0000" in RefusedEvent.objects.get().body


def test_unregistered_store_is_registered_and_the_sale_taken(organization: Any) -> None:
    (outcome,) = send(organization, {**sale("1"), "data": {**sale("1")["data"], "store": "성수점"}})
    assert outcome.is_created
    assert Event.objects.get().store.slug == "성수점"


def batch(start: int, length: int) -> list[dict[str, Any]]:
    some = []
    for number in range(start, start + length):
        phone = f"010-01{number % 97:02}-{number % 9973:04}"
        if number % 3:
            some.append(said(f"m{number}", f"t{number // 6}", f"{number}번째 말", phone=phone, minutes=number))
        else:
            some.append(sale(f"s{number}", phone=phone, minutes=number))
    return some


def statements(organization: Any, envelopes: list[dict[str, Any]]) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert all(outcome.is_created for outcome in send(organization, *envelopes))
    # SQLite takes a limited number of parameters, so Django cuts one INSERT into several.
    kinds = [query["sql"].split(" (", 1)[0][:60] for query in captured]
    return len([kind for index, kind in enumerate(kinds) if index == 0 or kind != kinds[index - 1]])


def test_a_batch_of_500_costs_a_few_statements_more_than_one_of_5(organization: Any) -> None:
    send(organization, *batch(0, 300))
    small = statements(organization, batch(1000, 5))
    large = statements(organization, batch(2000, 500))
    assert large <= small + 8, (small, large)
    assert large <= 30


@pytest.mark.django_db(transaction=True)
def test_killed_between_any_two_statements_nothing_is_half_there() -> None:
    """A process is killed (-9) before its n-th statement, for every n; the sender, unanswered, sends again."""
    organization = cast.make_organization().organization
    base = [
        sale("a", phone="010-0111-1111"),
        envelope(
            "x",
            "chat.message",
            source="/seoul/chat",
            customer={"external": {"kakao:@shop": "x"}},
            thread="k",
            from_="customer",
            text="저예요",
        ),
    ]
    send(organization, *base)
    before = counts(organization)
    told = [
        said("b", "t", "소매 실밥이 풀렸어요"),
        sale("c", phone="010-0222-2222"),
        # The visitor says who she is: an anonymous customer is merged (rule 4), which is the longest way through.
        envelope(
            "d",
            "chat.message",
            minutes=2,
            source="/seoul/chat",
            customer={"external": {"kakao:@shop": "x"}, "phone": "010-0111-1111"},
            thread="k",
            from_="customer",
            text="김서연입니다",
        ),
        {**sale("e"), "type": "unknown"},
    ]
    seen = []
    with subprocess.Popen(
        [sys.executable, "-m", "tests.channels_app.dying_sender", organization.slug],
        cwd=settings.BASE_DIR,
        env={**os.environ, **same_database()},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as sender:
        assert sender.stdin
        assert sender.stdout
        for nth in range(1, 80):
            sender.stdin.write(json.dumps({"before_statement": nth, "envelopes": told}) + "\n")
            sender.stdin.flush()
            if sender.stdout.readline() == "done\n":
                break
            seen.append(counts(organization))
        sender.stdin.close()
    assert len(seen) > 10
    after = counts(organization)
    assert before in seen
    assert all(state in (before, after) for state in seen)  # all of it, or (killed after the commit) nothing missing
    assert after["Event"] == before["Event"] + 3
    assert [outcome.status for outcome in send(organization, *told)] == [
        "duplicate",
        "duplicate",
        "duplicate",
        "refused",
    ]
    assert counts(organization) == after
    assert Ticket.objects.filter(organization=organization).count() == 2
