"""Customers looked up over HTTP: one at a time, by what is hers alone, and on the record."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from tests.channels_app.api.conftest import Caller
from tests.channels_app.envelopes import envelope, said, sale

FIND = "/api/v1/customers/"


def person(**identities: Any) -> dict[str, Any]:
    event = sale("s1", total=189_000)
    event["data"]["customer"] = {"name": "김서연", **identities}
    return event


def test_each_identity_finds_her_however_it_is_written(caller: Caller) -> None:
    her = caller.post(
        person(phone="010-0000-5678", email="Kim@Mail.example", member_no="M-1", external={"kakao:@shop": "u1"})
    ).json()["customer"]
    for query in (
        {"phone": "+82 10 0000 5678"},
        {"phone": "01000005678"},
        {"email": " kim@mail.EXAMPLE "},
        {"member_no": "M-1"},
        {"external": "u1", "account": "kakao:@shop"},
    ):
        (found,) = caller.get(FIND, **query).json()["customers"]
        assert found["customer"] == her, query
    assert caller.get(FIND, external="u1", account="kakao:@other").json() == {"customers": []}
    assert caller.get(FIND, member_no="m-1").json() == {"customers": []}


def test_a_profile_tells_what_is_known_and_open(caller: Caller) -> None:
    her = caller.post(person(phone="010-0000-5678")).json()["customer"]
    ticket = caller.post(said("m1", "chat-1", "교환되나요?", phone="010-0000-5678", minutes=5)).json()["ticket"]
    told = caller.get(reverse("channels:api-customer", args=[her])).json()
    assert told["name"] == "김서연"
    assert told["identities"] == [{"kind": "phone", "account": None, "value": "+821000005678"}]
    assert (told["event_count"], told["sale_count"], told["spent"], told["currency"]) == (2, 1, 189_000, "KRW")
    assert [one["ticket"] for one in told["open_tickets"]] == [ticket]
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, str(entry.customer_id)) == ("channels.customer.read", her)
    assert entry.actor.startswith("API key")


def test_an_id_merged_away_leads_to_who_she_is_now(caller: Caller) -> None:
    told = envelope(
        "v1",
        "chat.message",
        source="/seoul/chat",
        customer={"external": {"web": "v"}},
        thread="t",
        from_="customer",
        text="?",
    )
    visitor = caller.post(told).json()["customer"]
    her = caller.post(person(phone="010-0000-5678")).json()["customer"]
    told = {
        **told,
        "id": "v2",
        "data": {**told["data"], "customer": {"external": {"web": "v"}, "phone": "010-0000-5678"}},
    }
    assert caller.post(told).json()["customer"] == her
    profile = caller.get(reverse("channels:api-customer", args=[visitor])).json()
    assert profile["customer"] == her
    assert profile["event_count"] == 3


@pytest.mark.parametrize("phone", ["010-****-5678", "0507-1234-5678", "1588-1234"])
def test_a_number_that_is_nobodys_finds_nobody(caller: Caller, phone: str) -> None:
    caller.post(sale("s1", phone=phone))
    answer = caller.get(FIND, phone=phone)
    assert answer.status_code == 200
    assert answer.json()["customers"] == []
    assert answer.json()["warning"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({}, 400),
        ({"phone": "010-0000-5678", "email": "kim@mail.example"}, 400),
        ({"phone": "hello"}, 400),
        ({"phone": "5678"}, 400),
        ({"email": "a" * 300 + "@mail.example"}, 400),
        ({"member_no": "a\x00b"}, 422),
        ({"name": "김"}, 400),
    ],
)
def test_what_cannot_be_looked_up_is_told(caller: Caller, query: dict[str, str], status: int) -> None:
    answer = caller.get(FIND, **query)
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert not AuditEntry.objects.filter(action="channels.customer.read").exists()


def test_a_profile_tells_what_she_has_agreed_to(caller: Caller) -> None:
    her = {"phone": "010-0000-5678"}
    told = {"media": ["mail", "sms"], "night": True, "how": "kiosk", "version": "2026-03", "customer": her}
    found = caller.post(envelope("c1", "consent.given", source="/seoul/pos", **told)).json()["customer"]
    address = reverse("channels:api-customer", args=[found])
    expected = {
        "purpose": "marketing",
        "night": True,
        "since": "2026-11-02T01:00:00Z",
        "how": "kiosk",
        "version": "2026-03",
    }
    assert caller.get(address).json()["consents"] == [{**expected, "medium": "mail"}, {**expected, "medium": "sms"}]
    told = {"media": ["sms"], "how": "phone", "customer": her}
    caller.post(envelope("c2", "consent.withdrawn", source="/seoul/pos", minutes=1, **told))
    assert [one["medium"] for one in caller.get(address).json()["consents"]] == ["mail"]
