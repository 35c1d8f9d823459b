"""Everything about one customer in a file: complete, readable, safe to open, and written down with its reason."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from http import HTTPStatus

import pytest

from accounts.models import AuditEntry
from customers.models import Customer
from tests import cast
from tests.customers.counter_people import SEOYEON, logged_in, says, tell, the_coat

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> cast.Cast:
    return cast.make_organization()


@pytest.fixture
def customer(house: cast.Cast) -> Customer:
    customer = the_coat(house.organization)
    tell(house.organization, says("formula", "=HYPERLINK(1)", SEOYEON), says("tag", "<b>굵게</b>", SEOYEON))
    return customer


def test_the_archive_holds_everything(house: cast.Cast, customer: Customer) -> None:
    response = logged_in(house.owner).post(f"/customers/{customer.public_id}/export/", {"reason": "request"})
    assert response.status_code == HTTPStatus.OK
    archive = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))  # type: ignore[attr-defined]
    whole = json.loads(archive.read("customer.json"))
    assert whole["name"] == "김서연"
    assert {identity["value"] for identity in whole["identities"]} == {
        "+821000005678",
        "M-1001",
        "seoyeon@mail.example",
    }
    assert len(whole["events"]) == 6
    assert "교환해 드릴게요" in json.dumps(whole, ensure_ascii=False), "what was answered is about her too"
    table = archive.read("history.csv").decode("utf-8")
    assert table.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(table[1:])))
    assert len(rows) == 1 + 6
    assert all(not cell.startswith("=") for row in rows for cell in row)
    assert {row[1] for row in rows} == {"채널", "구매", "채팅", "메모·처리"}, "channels as screens call them"
    page = archive.read("customer.html").decode()
    assert "<td>채팅</td><td></td><td>답변 대기</td>" in page
    told = {(ticket["channel"], ticket["status"]) for ticket in whole["tickets"]}
    assert told == {("chat", "open")}, "for machines, as in the API"
    assert "&lt;b&gt;굵게" in page
    assert "울 코트" in page


def test_no_ticket_is_left_out_however_many(house: cast.Cast, customer: Customer) -> None:
    tell(house.organization, *(says(f"chat-{number}", "또 문의드려요", SEOYEON) for number in range(10, 40)))
    response = logged_in(house.owner).post(f"/customers/{customer.public_id}/export/", {"reason": "request"})
    archive = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))  # type: ignore[attr-defined]
    assert len(json.loads(archive.read("customer.json"))["tickets"]) == 33
    assert archive.read("customer.html").decode().count("<td>채팅</td><td></td>") == 33


def test_it_asks_why_and_writes_it_down(house: cast.Cast, customer: Customer) -> None:
    lead = logged_in(house.lead)
    address = f"/customers/{customer.public_id}/export/"
    assert lead.get(address).status_code == HTTPStatus.OK
    assert lead.post(address, {}).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert not AuditEntry.objects.filter(action="customers.export").exists()
    lead.post(address, {"reason": "other", "text": "본인 방문 요청"})
    entry = AuditEntry.objects.get(action="customers.export")
    assert "본인 방문 요청" in entry.reason
    assert (entry.customer_id, entry.after) == (customer.public_id, {"events": 6})


def test_agents_do_not_export(house: cast.Cast, customer: Customer) -> None:
    agent = logged_in(house.agent)
    assert (
        agent.post(f"/customers/{customer.public_id}/export/", {"reason": "request"}).status_code
        == HTTPStatus.NOT_FOUND
    )
