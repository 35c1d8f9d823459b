"""The counter over HTTP: what store staff find, see, reveal and write."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils.timezone import now

from accounts.models import AuditEntry
from customers.models import Customer, Event
from cxhub.identifiers import uuid7
from tests import cast
from tests.customers.counter_people import SEOYEON, happened, logged_in, sale, says, tell, the_coat
from tickets.models import Ticket

pytestmark = pytest.mark.django_db

SECRETS = ("김서연", "01000005678", "0000-5678", "+821000005678", "M-1001", "seoyeon@")


@pytest.fixture
def house() -> cast.Cast:
    return cast.make_organization()


@pytest.fixture
def customer(house: cast.Cast) -> Customer:
    return the_coat(house.organization)


@pytest.fixture
def staff(house: cast.Cast) -> Client:
    return logged_in(house.store_staff)


def body(response: Any) -> str:
    assert response.status_code in (HTTPStatus.OK, HTTPStatus.UNPROCESSABLE_ENTITY), response.status_code
    return str(response.content.decode())


def entries(action: str) -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(action=action).order_by("sequence"))


def test_four_digits_lead_to_a_masked_line(staff: Client, customer: Customer) -> None:
    html = body(staff.post("/customers/search/", {"q": "5678"}))
    assert "김*연" in html
    assert "010-****-5678" in html
    assert "강남점" in html
    assert f"/counter/{customer.public_id}/" in html
    assert "data-results" in html


def test_what_was_said_lately_or_is_still_open_is_to_be_read_first(staff: Client, house: cast.Cast) -> None:
    people = {name: {"phone": f"010-000{place}-5678", "name": name} for place, name in enumerate("가나다라")}
    tell(
        house.organization,
        *(sale(one) for one in people.values()),
        sale(people["라"], hours_ago=1),
        says("lately", "언제 오나요?", people["가"], hours_ago=3),
        says("long ago", "언제 오나요?", people["나"], hours_ago=60),
        says("still open", "언제 오나요?", people["다"], hours_ago=60),
        *(
            happened("ticket.resolved", source="/hub", thread=one, agent=house.agent.email)
            for one in ("lately", "long ago")
        ),
    )
    hits = staff.post("/customers/search/", {"q": "5678"}).context["results"].hits
    assert {hit.profile.raw_name for hit in hits} == set(people)
    assert {hit.profile.raw_name for hit in hits if hit.needs_reading} == {"가", "다"}


def test_a_search_is_written_down_without_what_was_typed(staff: Client, house: cast.Cast, customer: Customer) -> None:
    staff.post("/customers/search/", {"q": "010-0000-5678"})
    (entry,) = entries("customers.search")
    assert entry.by == house.store_staff
    assert entry.after == {"kind": "phone", "hits": 1, "customers": [customer.public_id.hex]}
    assert "5678" not in str(entry.after) + entry.obj + entry.reason


@pytest.mark.parametrize(
    "typed", ["", "12", "zzz", "9999", "0109999", "x@y.example", "<script>alert(1)</script>", "\x00", "😀" * 80]
)
def test_whatever_is_typed_is_answered_with_a_next_step(staff: Client, customer: Customer, typed: str) -> None:
    html = body(staff.post("/customers/search/", {"q": typed}))
    assert "data-result " not in html
    assert "<script>" not in html
    assert re.search(r"<(p|li|h2)", html)


def test_without_scripts_the_page_itself_searches(staff: Client, customer: Customer) -> None:
    assert "김*연" in body(staff.post("/counter/", {"q": "ㄱㅅㅇ"}))


def test_nothing_personal_stands_in_the_open_for_store_staff(staff: Client, customer: Customer) -> None:
    pages = [
        f"/counter/{customer.public_id}/",
        f"/customers/{customer.public_id}/",
        f"/customers/{customer.public_id}/timeline/",
        f"/customers/{customer.public_id}/reveal/",
    ]
    for page in pages:
        html = body(staff.get(page))
        for secret in SECRETS:
            assert secret not in html, (page, secret)
    html = body(staff.get(pages[0]))
    assert "010-****-5678로 전화" in html, "the number she wrote herself is hidden too"


def test_what_was_said_promised_and_is_open_stands_first(staff: Client, customer: Customer) -> None:
    html = body(staff.get(f"/counter/{customer.public_id}/"))
    first = html[html.index("data-check-first") : html.index("data-timeline")]
    assert "소매가 터졌어요" in first
    assert "코트 교환" in first
    assert "서울 고객센터" in first
    assert "울 코트" in html
    assert html.index("data-check-first") < html.index("울 코트")


def test_old_words_are_not_first(staff: Client, house: cast.Cast) -> None:
    tell(house.organization, sale(SEOYEON), says("t", "오래된 말", SEOYEON, hours_ago=60))
    tell(house.organization, happened("ticket.resolved", source="/seoul/chat", hours_ago=59, thread="t", by="rule"))
    html = body(staff.get(f"/counter/{Customer.objects.get().public_id}/"))
    assert "data-check-first" not in html
    assert "오래된 말" in html


def test_seeing_in_full_asks_why_and_ends_by_itself(staff: Client, house: cast.Cast, customer: Customer) -> None:
    page, reveal = f"/counter/{customer.public_id}/", f"/customers/{customer.public_id}/reveal/"
    assert staff.post(reveal, {}).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert staff.post(reveal, {"reason": "other", "text": " "}).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "김서연" not in body(staff.get(page))
    assert not entries("customers.reveal")

    response = staff.post(reveal, {"reason": "other", "text": "택배 확인", "next": page})
    assert (response.status_code, response["Location"]) == (HTTPStatus.FOUND, page)
    (entry,) = entries("customers.reveal")
    assert "택배 확인" in entry.reason
    assert entry.customer_id == customer.public_id
    assert "김서연" in body(staff.get(page))
    assert "010-0000-5678" in body(staff.get(page))
    assert "김서연" not in body(logged_in(house.store_staff).get(page)), "another session saw nothing"
    with time_machine.travel(now().timestamp() + 11 * 60):
        assert "김서연" not in body(staff.get(page))


def test_a_reveal_is_for_one_customer_and_leads_nowhere_else(
    staff: Client, house: cast.Cast, customer: Customer
) -> None:
    tell(house.organization, sale({"phone": "010-0000-1111", "name": "이다른"}))
    other = Customer.objects.get(name="이다른")
    response = staff.post(
        f"/customers/{customer.public_id}/reveal/", {"reason": "identity", "next": "https://evil.example/"}
    )
    assert response["Location"] == f"/customers/{customer.public_id}/"
    assert "이다른" not in body(staff.get(f"/counter/{other.public_id}/"))


def written(house: cast.Cast, text: str = "M 사이즈로 교환 원함", **more: Any) -> dict[str, Any]:
    return {"text": text, "store": house.gangnam.public_id, "key": uuid7(), **more}


def test_a_note_is_history_at_once(staff: Client, house: cast.Cast, customer: Customer) -> None:
    data = written(house)
    page = f"/counter/{customer.public_id}/"
    for _twice in range(2):
        assert staff.post(f"{page}note/", data)["Location"] == page
    (event,) = Event.objects.filter(type="store.visit")
    assert (event.data["note"], event.store, event.customer, event.source) == (
        data["text"],
        house.gangnam,
        customer,
        "/hub",
    )
    assert "M 사이즈로 교환 원함" in body(staff.get(page))


def test_an_inquiry_opens_a_ticket_of_the_stores_center(staff: Client, house: cast.Cast, customer: Customer) -> None:
    before = Ticket.objects.count()
    response = staff.post(f"/counter/{customer.public_id}/inquiry/", written(house), headers={"HX-Request": "true"})
    assert "data-sent" in body(response)
    assert "toast" in response["HX-Trigger"]
    ticket = Ticket.objects.latest("opened_at")
    assert Ticket.objects.count() == before + 1
    assert (ticket.channel, ticket.center, ticket.customer, ticket.is_open) == ("store", house.seoul, customer, True)


def test_her_stores_ticket_is_a_press_away_and_no_other(staff: Client, house: cast.Cast, customer: Customer) -> None:
    elsewhere = list(Ticket.objects.all())
    staff.post(f"/counter/{customer.public_id}/inquiry/", written(house), headers={"HX-Request": "true"})
    inquiry = Ticket.objects.latest("opened_at")
    page = body(staff.get(f"/counter/{customer.public_id}/"))
    first = page[page.index("data-check-first") : page.index("data-timeline")]
    assert f'href="/inbox/{inquiry.public_id}/"' in first
    assert f"/inbox/{inquiry.public_id}/escalate/" in body(staff.get(f"/inbox/{inquiry.public_id}/"))
    assert elsewhere
    assert not any(f"/inbox/{other.public_id}/" in first for other in elsewhere)


@pytest.mark.parametrize(
    "wrong", [{"text": ""}, {"text": "x" * 2001}, {"store": ""}, {"store": uuid7()}, {"key": "no"}]
)
def test_what_cannot_be_sent_is_kept_in_the_form(
    staff: Client, house: cast.Cast, customer: Customer, wrong: dict[str, Any]
) -> None:
    data = {**written(house, "지워지면 안 되는 글"), **wrong}
    before = Event.objects.count()
    response = staff.post(f"/counter/{customer.public_id}/inquiry/", data, headers={"HX-Request": "true"})
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert str(data["text"])[:10] in body(response)
    assert Event.objects.count() == before
    assert staff.post(f"/counter/{customer.public_id}/inquiry/", data).status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_another_stores_note_is_refused(staff: Client, house: cast.Cast, customer: Customer) -> None:
    data = written(house) | {"store": house.haeundae.public_id}
    assert staff.post(f"/counter/{customer.public_id}/note/", data).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert not Event.objects.filter(type="store.visit").exists()


def test_a_member_of_no_store_is_told_what_to_do(house: cast.Cast, customer: Customer) -> None:
    center = cast.make_center(house.organization, "jeju")
    stranger = cast.make_person(house.organization, "new", centers=[center])
    assert 'role="alert"' in body(logged_in(stranger).get(f"/counter/{customer.public_id}/"))


def test_a_look_is_one_entry_however_often_its_parts_refresh(staff: Client, customer: Customer) -> None:
    page = f"/counter/{customer.public_id}/"
    staff.get(page)
    for _again in range(3):
        staff.get(page, {"part": "briefing"}, headers={"HX-Request": "true"})
        staff.get(f"/customers/{customer.public_id}/timeline/")
    (entry,) = entries("customers.view")
    assert (entry.customer_id, entry.obj) == (customer.public_id, "counter")


def test_a_part_alone_is_a_look_as_well(staff: Client, customer: Customer) -> None:
    staff.get(f"/customers/{customer.public_id}/timeline/")
    assert [entry.obj for entry in entries("customers.view")] == ["timeline"]
