"""History read back: newest first, to the end, nothing twice and nothing left out while more comes in."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from accounts.models import AuditEntry
from customers.models import Customer
from tests.cast import Cast, make_other_organization
from tests.channels_app.api.conftest import Caller, MakeCaller
from tests.channels_app.envelopes import said, sale


def read_all(caller: Caller, limit: int, customer: str = "", meanwhile: int = 0) -> list[str]:
    """The ids of all pages; `meanwhile` new events come in between two pages."""
    ids: list[str] = []
    after = ""
    while True:
        query: dict[str, Any] = {"limit": limit, "after": after, "customer": customer}
        page = caller.get(**query).json()
        ids += [event["id"] for event in page["events"]]
        if page["next"] is None:
            return ids
        after = page["next"]
        if meanwhile:
            new = [sale(f"new-{len(ids)}-{number}", minutes=10_000 + number) for number in range(meanwhile)]
            assert caller.post(new).status_code == 207


def test_every_event_once_while_new_ones_arrive(caller: Caller) -> None:
    # Many at the same instant: only the key tells those apart.
    caller.post([sale(f"s{number}", minutes=number // 7) for number in range(60)])
    for limit in (1, 7, 60, 500):
        ids = read_all(caller, limit, meanwhile=2)
        old = [one for one in ids if not one.startswith("new-")]
        assert len(old) == len(set(old)) == 60
    times = [event["time"] for event in caller.get(limit=500).json()["events"]]
    assert times == sorted(times, reverse=True)


def test_a_customers_history_holds_what_names_nobody_in_her_threads(caller: Caller) -> None:
    told = caller.post(said("m1", "chat-1", "안녕하세요")).json()
    caller.post(sale("other", phone="010-0000-9999"))
    answer = {**said("m2", "chat-1", "네", phone=None, minutes=1)}
    answer["data"] |= {"from": "agent", "agent": "kim@haneul.example"}
    caller.post(answer)
    assert read_all(caller, 1, customer=told["customer"]) == ["m2", "m1"]
    assert str(AuditEntry.objects.latest("pk").customer_id) == told["customer"]


def test_a_merged_away_id_reads_the_history_it_is_part_of(caller: Caller) -> None:
    anonymous = said("m1", "k1", "저예요", phone=None)
    anonymous["data"]["customer"] = {"external": {"kakao:@shop": "u1"}}
    first = caller.post(anonymous).json()["customer"]
    caller.post(sale("s1", phone="010-0000-5678"))
    told = said("m2", "k1", "전화번호예요", phone=None, minutes=2)
    told["data"]["customer"] = {"external": {"kakao:@shop": "u1"}, "phone": "010-0000-5678"}
    root = caller.post(told).json()["customer"]
    assert root != first
    assert sorted(read_all(caller, 10, customer=first)) == sorted(read_all(caller, 10, customer=root))


def test_another_organizations_customer_is_not_there(caller: Caller, make_caller: MakeCaller, cast: Cast) -> None:
    other = make_other_organization()
    stranger = make_caller(organization=other.organization).post(sale("s1")).json()["customer"]
    assert caller.get(customer=stranger).status_code == 404
    assert caller.get(reverse("channels:api-customer", args=[stranger])).status_code == 404
    assert caller.get().json() == {"events": [], "next": None}
    assert not Customer.objects.filter(organization=cast.organization).exists()


def test_nonsense_is_named(caller: Caller) -> None:
    for query in (
        {"limit": "0"},
        {"limit": "501"},
        {"limit": "x"},
        {"limit": "9" * 5000},
        {"after": "zzz"},
        {"customer": "x"},
    ):
        answer = caller.get(**query)
        assert answer.status_code == 400
        assert answer.json()["field"] == next(iter(query))
