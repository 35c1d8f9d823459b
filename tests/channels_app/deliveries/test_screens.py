"""The operator's screens: channel accounts and what went out over them, for owners, on the record."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AuditEntry
from channels_app.models import ChannelAccount, Delivery, DeliveryAttempt
from tests.cast import Cast, make_organization
from tests.channels_app.mail.conftest import sink as sink
from tests.channels_app.mail.shops import make_account, work
from tests.channels_app.mail.sink import Sink
from tests.tickets.conversations import chat, logged_in

TYPED = {
    "name": "하늘상회",
    "address": "Help@Haneul.example",
    "center": "",
    "signature": "하늘상회\n02-000-0000",
    "carries_on_after_minutes": "5",
    "takes_answers": "on",
    "is_active": "on",
}


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_organization()


def failed(account: ChannelAccount, number: int, *, state: str = "failed", **more: Any) -> Delivery:
    now = timezone.now()
    delivery = Delivery.objects.create(
        **{
            "organization_id": account.organization_id,
            "account": account,
            "kind": "reply",
            "state": state,
            "recipient": f"c{number}@mail.example",
            "thread": f"m{number}",
            "message_id": f"<{number}@x>",
            "created_at": now,
            "queued_at": now,
            "due_at": now,
            "cause": "refused",
            "is_told": True,
            "attempts": 1,
            **more,
        }
    )
    DeliveryAttempt.objects.create(
        organization_id=account.organization_id,
        delivery=delivery,
        number=1,
        began_at=now,
        outcome="permanent",
        duration_ms=31,
        cause="refused",
        detail="550 5.7.1 no",
    )
    return delivery


def test_an_owner_makes_and_changes_an_account(cast: Cast):
    client = logged_in(cast.owner)
    assert "아직 메일 연결이 없어요" in client.get("/settings/channels/").content.decode()
    response = client.post("/settings/channels/new/", TYPED)
    account = ChannelAccount.objects.get()
    assert response.headers["Location"] == f"/settings/channels/{account.public_id}/"
    assert (account.address, account.center, account.settings["takes_answers"]) == ("help@haneul.example", None, True)
    page = client.get(response.headers["Location"]).content.decode()
    assert "아직 메일 서버가 없어서" in page, "said where nothing can be sent"
    assert "take_mail --organization haneul" in page
    client.post(response.headers["Location"], {**TYPED, "name": "하늘"})
    account.refresh_from_db()
    assert account.name == "하늘"
    acts = AuditEntry.objects.filter(action__startswith="channels.account.")
    assert list(acts.order_by("sequence").values_list("action", flat=True)) == [
        "channels.account.create",
        "channels.account.update",
    ]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"address": "help"}, "help@shop.example처럼"),
        ({"address": "help+x@shop.example"}, "+ 없이"),
        ({"address": "도움@shop.example"}, "영문과 숫자만"),
        ({"address": "taken@haneul.example"}, "이 주소를 쓰는"),
        ({}, "사용 중인 연결이 이미"),
        ({"carries_on_after_minutes": "-1"}, "0"),
        ({"name": " "}, "필수"),
    ],
)
def test_what_was_typed_wrong_stays_and_says_why(cast: Cast, change: dict[str, str], words: str):
    make_account(cast, address="taken@haneul.example")
    ChannelAccount.objects.update(center=None)
    response = logged_in(cast.owner).post("/settings/channels/new/", {**TYPED, **change})
    assert response.status_code == 422
    html = response.content.decode()
    assert words in html
    assert "02-000-0000" in html
    assert ChannelAccount.objects.count() == 1


def test_others_than_owners_see_neither(cast: Cast):
    account = make_account(cast)
    delivery = failed(account, 1)
    for person in (cast.lead, cast.agent, cast.store_staff):
        client = logged_in(person)
        for path in (
            "/settings/channels/",
            f"/settings/channels/{account.public_id}/",
            "/settings/deliveries/",
            f"/settings/deliveries/{delivery.public_id}/",
        ):
            assert client.get(path).status_code in (403, 404), path
        assert client.post("/settings/deliveries/again/", {"all": "1"}).status_code in (403, 404)
    assert Delivery.objects.get().state == "failed"


def test_a_trial_shows_what_the_server_said(cast: Cast, sink: Sink):
    account = make_account(cast)
    sink.answers["MAIL"] = "550 5.7.1 not your address"
    client = logged_in(cast.owner)
    response = client.post(f"/settings/channels/{account.public_id}/trial/")
    work(cast)
    page = client.get(response.headers["Location"]).content.decode()
    assert "not your address" in page
    assert "허브 관리자에게" in page


def test_the_list_narrows_goes_on_and_sends_again(cast: Cast, sink: Sink):
    account = make_account(cast)
    for number in range(53):
        failed(account, number)
    failed(account, 99, state="sent", cause="", is_told=False)
    chat(cast.organization, "m7")
    client = logged_in(cast.owner)
    page = client.get("/settings/deliveries/?state=failed").content.decode()
    assert page.count('name="chosen"') == 50
    assert "after=" in page
    assert "c99@mail.example" in client.get("/settings/deliveries/?state=sent").content.decode()
    assert "c99@mail.example" not in page
    assert client.get("/settings/deliveries/?state=x&kind=y&account=z&after=w").status_code == 200
    with CaptureQueriesContext(connection) as many:
        client.get("/settings/deliveries/?state=failed")
    Delivery.objects.exclude(recipient__in=["c1@mail.example", "c7@mail.example"]).update(state="dropped")
    with CaptureQueriesContext(connection) as few:
        client.get("/settings/deliveries/?state=failed")
    assert len(many) <= len(few)
    chosen = Delivery.objects.get(recipient="c1@mail.example")
    client.post("/settings/deliveries/again/", {"chosen": [str(chosen.public_id), "nonsense"]})
    assert list(Delivery.objects.filter(state="waiting")) == [chosen]
    client.post("/settings/deliveries/again/", {"all": "1"})
    assert Delivery.objects.filter(state="waiting").count() == 2
    detail = client.get(f"/settings/deliveries/{chosen.public_id}/").content.decode()
    assert "550 5.7.1 no" in detail
    assert "31 ms" in detail


def test_the_backlog_is_told_to_machines_and_people(cast: Cast, client: Any):
    account = make_account(cast)
    failed(account, 1)
    failed(account, 2, state="waiting")
    told = client.get("/metrics").content.decode()
    assert 'cxhub_deliveries{state="waiting"} 1.0' in told
    assert 'cxhub_deliveries{state="failed"} 1.0' in told
    assert "cxhub_delivery_oldest_seconds" in told
    page = logged_in(cast.owner).get("/settings/").content.decode()
    assert "보낸 메시지" in page
