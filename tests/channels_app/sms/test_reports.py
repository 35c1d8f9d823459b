"""What a provider tells afterwards: a text has arrived, or has not, and then it was not sent and goes by mail once."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from channels_app.models import ChannelAccount, Delivery, DeliveryAttempt
from channels_app.sms.reports import report_secret
from customers.models import Event
from kpi.models import Survey
from kpi.surveys.links import ANSWER, token_of
from tests.cast import Cast
from tests.channels_app.mail.shops import make_account
from tests.channels_app.mail.sink import Sink
from tests.kpi.surveys import conftest
from tests.kpi.surveys.shops import Provider, ask_after, connect, happens, resolved, work

cast, provider, sink = conftest.cast, conftest.provider, conftest.sink
_worker_is_asked_by_hand = conftest._worker_is_asked_by_hand

# Monday, ten in the morning in Seoul.
MORNING = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def shop(cast: Cast, taker: Provider, **settings: Any) -> None:
    connect(cast, taker, at=MORNING - 30 * DAY, **{"reports": True, **settings})
    ask_after(cast, "resolved", at=MORNING - HOUR)
    resolved(cast, at=MORNING)
    work(cast, MORNING + HOUR)


def address() -> str:
    return f"/hooks/sms/{ChannelAccount.objects.get(adapter='sms').public_id}/"


def report(told: Any, *, at: datetime, secret: str = "shared-secret", signed_at: datetime | None = None) -> Any:
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    stamp = str(int((signed_at or at).timestamp()))
    signed = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    headers = {"X-Cxhub-Signature": f"t={stamp},v1={signed}"}
    with time_machine.travel(at, tick=False):
        return Client().post(address(), body, content_type="application/json", headers=headers)


def by_solapi(told: Any, *, at: datetime, secret: str = "") -> Any:
    account = ChannelAccount.objects.get(adapter="sms")
    hashed = hashlib.sha1((secret or report_secret(account)).encode()).hexdigest()
    headers = {"X-Solapi-Secret": hashed, "X-Solapi-Event-Name": "SINGLE-REPORT"}
    with time_machine.travel(at, tick=False):
        return Client().post(address(), json.dumps(told), content_type="application/json", headers=headers)


def key() -> str:
    return Delivery.objects.earliest("pk").key.hex


def sent() -> int:
    return Event.objects.filter(type="survey.sent").count()


def test_it_counts_as_sent_only_when_it_has_arrived(cast: Cast, provider: Provider):
    shop(cast, provider)
    work(cast, MORNING + 2 * HOUR)
    assert (Delivery.objects.get().state, Delivery.objects.get().report, sent()) == ("sent", "awaited", 0)
    answer = report({"id": key(), "status": "delivered"}, at=MORNING + 2 * HOUR)
    assert (answer.status_code, answer.json()) == (200, {"taken": 1, "changed": 1})
    again = report([{"id": key(), "status": "delivered"}], at=MORNING + 2 * HOUR)
    assert again.json() == {"taken": 1, "changed": 0}
    work(cast, MORNING + 3 * HOUR)
    assert (Delivery.objects.get().report, sent(), Survey.objects.get().state) == ("delivered", 1, "sent")
    assert Event.objects.get(type="survey.sent").time == Delivery.objects.get().done_at


def test_what_nobody_reports_on_counts_after_a_day(cast: Cast, provider: Provider):
    shop(cast, provider)
    work(cast, MORNING + HOUR + timedelta(hours=23, minutes=59))
    assert sent() == 0
    work(cast, MORNING + 25 * HOUR)
    assert sent() == 1


def test_what_did_not_arrive_was_not_sent_and_says_why(cast: Cast, provider: Provider):
    shop(cast, provider)
    told = {"id": key(), "status": "failed", "reason": "no such number"}
    assert report(told, at=MORNING + 2 * HOUR).json()["changed"] == 1
    assert report(told, at=MORNING + 2 * HOUR).json()["changed"] == 0
    for hours in (3, 4, 40):
        work(cast, MORNING + hours * HOUR)
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.report, delivery.cause) == ("failed", "failed", "not_arrived")
    assert DeliveryAttempt.objects.latest("number").detail == "no such number"
    assert (sent(), Survey.objects.get().state, Survey.objects.get().reason) == (0, "failed", "not_sent")
    assert report({"id": key(), "status": "delivered"}, at=MORNING + 5 * HOUR).json()["changed"] == 0


def test_it_goes_by_mail_instead_and_once(cast: Cast, provider: Provider, sink: Sink):
    make_account(cast)
    told = {"customer": {"phone": "010-0123-4567", "email": "seoyeon@mail.example"}, "store": "gangnam"}
    happens(cast, "store.visit", at=MORNING - DAY, source="/seoul/store", **told)
    shop(cast, provider)
    report({"id": key(), "status": "failed"}, at=MORNING + 2 * HOUR)
    for hours in (3, 4, 5):
        work(cast, MORNING + hours * HOUR)
    survey = Survey.objects.get()
    assert (len(provider.posts), len(sink.mails), sent(), survey.state) == (1, 1, 1, "sent")
    assert survey.recipient == "seoyeon@mail.example"
    states = list(Delivery.objects.order_by("pk").values_list("account__adapter", "state"))
    assert states == [("sms", "failed"), ("mail", "sent")]


def test_who_wants_no_more_gets_no_mail_either(cast: Cast, provider: Provider, sink: Sink):
    make_account(cast)
    told = {"customer": {"phone": "010-0123-4567", "email": "seoyeon@mail.example"}, "store": "gangnam"}
    happens(cast, "store.visit", at=MORNING - DAY, source="/seoul/store", **told)
    shop(cast, provider)
    happens(cast, "survey.opted_out", at=MORNING + HOUR, source="/seoul/pos", customer={"phone": "010-0123-4567"})
    report({"id": key(), "status": "failed"}, at=MORNING + 2 * HOUR)
    work(cast, MORNING + 3 * HOUR)
    assert (sink.mails, sent()) == ([], 0)


def test_an_answer_says_that_it_arrived(cast: Cast, provider: Provider):
    shop(cast, provider)
    survey = Survey.objects.get()
    with time_machine.travel(MORNING + 2 * HOUR, tick=False):
        assert Client().post(f"/s/{token_of(survey.key, ANSWER)}/", {"score": "5"}).status_code == 303
    assert sent() == 1


def test_a_forged_an_old_and_a_broken_report_change_nothing(cast: Cast, provider: Provider):
    shop(cast, provider)
    good, at = {"id": key(), "status": "failed"}, MORNING + 2 * HOUR
    assert report(good, at=at, secret="guessed").status_code == 403
    assert report(good, at=at, signed_at=at - timedelta(minutes=6)).status_code == 403
    assert Client().post(address(), "{}", content_type="application/json").status_code == 403
    assert Client().get(address()).status_code == 405
    for bad in (b"{", b"[1]", b'"x"', json.dumps([good] * 501).encode(), b"[" * 100_000):
        assert report(bad, at=at).status_code == 422
    for odd in (
        {},
        {"id": "x", "status": "failed"},
        {"id": key(), "status": "eaten"},
        {"id": None, "status": "failed"},
    ):
        assert report(odd, at=at).json()["changed"] == 0
    assert Delivery.objects.get().report == "awaited"


@pytest.mark.parametrize("is_wrapped", [True, False])
def test_solapi_tells_by_our_key(cast: Cast, provider: Provider, is_wrapped: bool):
    shop(cast, provider, provider="solapi", api_key="key")

    def told(code: str) -> list[dict[str, Any]]:
        inner = {"messageId": "M1", "statusCode": code, "statusMessage": "x", "customFields": {"key": key()}}
        return [{"eventDataId": "e", "data": inner} if is_wrapped else inner]

    at = MORNING + 2 * HOUR
    assert by_solapi(told("4000"), at=at, secret="guessed").status_code == 403
    assert by_solapi(told("2000"), at=at).json() == {"taken": 0, "changed": 0}
    assert by_solapi(told("3058"), at=at).json() == {"taken": 1, "changed": 1}
    assert DeliveryAttempt.objects.latest("number").detail == "3058 x"
    assert by_solapi([{"statusCode": "4000"}, {"data": 5, "customFields": 5}], at=at).json()["taken"] == 0


def test_another_accounts_key_is_not_touched(cast: Cast, provider: Provider):
    shop(cast, provider)
    Delivery.objects.update(account=make_account(cast))
    assert report({"id": key(), "status": "failed"}, at=MORNING + 2 * HOUR).json()["changed"] == 0
