"""Calling from the hub: asked once, handed over once, honest about what fails, and followed by the exchange's events."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from channels_app.models import CallRequest, TelephonySettings
from channels_app.telephony import actions, simulator
from channels_app.telephony.following import follow_requests
from channels_app.telephony.settings_actions import set_telephony
from customers.models import Event
from tests.cast import Cast, make_organization
from tests.channels_app.telephony.exchanges import Exchange
from tests.tickets.conversations import FRAGMENT, chat, happens, logged_in
from tests.tickets.test_callbacks import missed
from tickets.models import Ticket
from tickets.queries.callbacks import call_backs_for

pytestmark = pytest.mark.django_db
NUMBER = "+821000005678"


@pytest.fixture(autouse=True)
def handed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What the worker was asked to hand over; the tests do it themselves."""
    asked: list[int] = []
    monkeypatch.setattr(actions, "hand_over_soon", lambda request_id, **_later: asked.append(request_id))
    return asked


@pytest.fixture
def cast(exchange: Exchange) -> Cast:
    cast = make_organization()
    connect(cast, exchange.url + "/calls")
    return cast


def connect(cast: Cast, url: str, adapter: str = TelephonySettings.Adapter.WEBHOOK) -> None:
    set_telephony(cast.organization, adapter=adapter, url=url, by=cast.owner, at=timezone.now())


def press(cast: Cast, ticket: Ticket, person: Any = None, **data: str) -> Any:
    told = {"number": NUMBER, "key": str(uuid4()), **data}
    return logged_in(person or cast.agent).post(f"/inbox/{ticket.public_id}/call/", told, headers=FRAGMENT)


def hand_over(at: datetime | None = None) -> int | None:
    return actions.hand_over(CallRequest.objects.get().pk, at=at or timezone.now())


def tells(cast: Cast, kind: str, **data: Any) -> None:
    """The exchange tells how the call goes."""
    thread = CallRequest.objects.latest("pk").thread
    happens(cast.organization, kind, thread, source="/seoul/call", **data)
    follow_requests(cast.organization, at=timezone.now())


def status() -> str:
    return CallRequest.objects.latest("pk").status


def test_a_call_is_signed_handed_over_once_and_followed(
    cast: Cast, exchange: Exchange, handed: list[int], django_capture_on_commit_callbacks: Any
):
    ticket, key = chat(cast.organization, "a"), str(uuid4())
    with django_capture_on_commit_callbacks(execute=True):
        assert "거는 중" in press(cast, ticket, key=key).content.decode()
        press(cast, ticket, key=key)
    request = CallRequest.objects.get()
    assert handed == [request.pk]
    assert hand_over() is None
    assert hand_over() is None, "it has been handed over"
    ((headers, body),) = exchange.posts
    assert json.loads(body)["to"] == NUMBER
    assert json.loads(body)["thread"] == request.thread
    assert headers["Idempotency-Key"] == request.public_id.hex
    stamp, told = (part.partition("=")[2] for part in headers["X-Cxhub-Signature"].split(","))
    secret = TelephonySettings.objects.get().secret
    assert told == hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    assert AuditEntry.objects.filter(action="calls.request").count() == 1
    tells(cast, "call.queued", direction="outbound", to=NUMBER, customer={"phone": NUMBER})
    assert status() == "ringing"
    tells(cast, "call.answered", agent=cast.agent.email)
    assert status() == "talking"
    html = logged_in(cast.agent).get(f"/calls/{request.public_id}/").content.decode()
    assert "통화 중" in html
    tells(cast, "call.ended")
    assert status() == "done"
    assert [try_["status"] for try_ in CallRequest.objects.get().tries] == [202]


def test_only_her_customers_numbers_and_only_in_full_sight(cast: Cast):
    ticket = chat(cast.organization, "a")
    assert press(cast, ticket, number="+821099998888").status_code == 404
    assert press(cast, ticket, cast.store_staff).status_code == 404
    assert press(cast, ticket, cast.outsider).status_code == 404
    assert not CallRequest.objects.exists()
    pane = logged_in(cast.agent).get(f"/inbox/{ticket.public_id}/history/").content.decode()
    assert f"/inbox/{ticket.public_id}/call/" in pane


def test_who_is_calling_already_and_who_is_not_connected_is_told(cast: Cast):
    ticket = chat(cast.organization, "a")
    press(cast, ticket)
    assert press(cast, ticket).status_code == 422
    assert CallRequest.objects.count() == 1
    CallRequest.objects.update(finished_at=timezone.now())
    connect(cast, "", TelephonySettings.Adapter.NONE)
    assert press(cast, ticket).status_code == 422
    pane = logged_in(cast.agent).get(f"/inbox/{ticket.public_id}/history/").content.decode()
    assert "/call/" not in pane


def test_a_system_that_is_down_is_asked_again_and_then_told_honestly(cast: Cast, exchange: Exchange, handed: list[int]):
    exchange.answers = [503, 500, 503, 202]
    press(cast, chat(cast.organization, "a"))
    assert [hand_over(), hand_over(), hand_over()] == [2, 6, None]
    request = CallRequest.objects.get()
    assert (request.status, request.problem, len(request.tries)) == ("failed", "unreachable", 3)
    card = logged_in(cast.agent).get(f"/calls/{request.public_id}/").content.decode()
    assert "응답하지 않" in card
    assert logged_in(cast.outsider).post(f"/calls/{request.public_id}/again/").status_code == 404
    logged_in(cast.agent).post(f"/calls/{request.public_id}/again/", headers=FRAGMENT)
    assert hand_over() is None
    assert status() == "handed"
    keys = {headers["Idempotency-Key"] for headers, _body in exchange.posts}
    assert keys == {request.public_id.hex}, "to the exchange it is one call"


@pytest.mark.parametrize(("answer", "problem"), [(400, "declined"), (404, "declined"), (429, "unreachable")])
def test_what_the_system_answers_decides_whether_to_try_again(
    cast: Cast, exchange: Exchange, answer: int, problem: str
):
    exchange.answers = [answer]
    press(cast, chat(cast.organization, "a"))
    while hand_over() is not None:
        pass
    assert CallRequest.objects.get().problem == problem
    assert len(exchange.posts) == (3 if problem == "unreachable" else 1)


def test_a_system_that_has_it_already_rings_once(cast: Cast, exchange: Exchange):
    exchange.answers = [409]
    press(cast, chat(cast.organization, "a"))
    hand_over()
    assert status() == "handed"


def test_a_call_that_nobody_handed_over_in_time_is_given_up(cast: Cast, exchange: Exchange):
    press(cast, chat(cast.organization, "a"))
    follow_requests(cast.organization, at=timezone.now() + timedelta(minutes=1))
    assert CallRequest.objects.get().problem == "late"
    assert not exchange.posts


def test_a_system_that_takes_a_call_and_says_no_more_is_told_of(cast: Cast):
    press(cast, chat(cast.organization, "a"))
    hand_over()
    follow_requests(cast.organization, at=timezone.now() + timedelta(minutes=3))
    request = CallRequest.objects.get()
    assert (request.status, request.problem) == ("failed", "silent")


@pytest.mark.parametrize(("reason", "outcome"), [("busy", "busy"), ("no_answer", "no_answer")])
def test_a_call_back_that_reaches_nobody_is_an_attempt(cast: Cast, reason: str, outcome: str):
    ticket = missed(cast, "a")
    press(cast, ticket, call_back="1")
    tells(cast, "call.queued", direction="outbound", customer={"phone": NUMBER})
    tells(cast, "call.abandoned", reason=reason)
    (shown,) = call_backs_for(cast.agent)
    assert [(one.outcome, one.agent) for one in shown.attempts] == [(outcome, "박상담")]
    assert status() == outcome
    out = Ticket.objects.get(thread=CallRequest.objects.get().thread)
    assert out.status == "resolved", "a call that reached nobody is no matter of its own"
    follow_requests(cast.organization, at=timezone.now())
    assert Event.objects.filter(type="callback.tried").count() == 1


def test_a_call_back_that_reaches_her_ends_her_waiting(cast: Cast):
    ticket = missed(cast, "a", phone="", **{"from": "050-7123-4567"})
    (shown,) = call_backs_for(cast.agent)
    press(cast, ticket, call_back="1", number=shown.number)
    tells(cast, "call.queued", direction="outbound")
    tells(cast, "call.answered", agent=cast.agent.email)
    assert call_backs_for(cast.agent) == []
    ticket.refresh_from_db()
    assert (ticket.status, ticket.waiting_since, ticket.agent_email) == ("resolved", None, cast.agent.email)


@pytest.mark.parametrize(("last", "outcome"), [("8", "done"), ("0", "busy"), ("9", "no_answer")])
def test_the_simulator_plays_a_call_with_the_events_of_a_real_one(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, last: str, outcome: str
):
    connect(cast, "", TelephonySettings.Adapter.SIMULATOR)
    asked: list[int] = []
    monkeypatch.setattr(simulator, "ask_for", lambda _request, number: asked.append(number))
    ticket = chat(cast.organization, "a", phone=f"010-0000-567{last}")
    assert press(cast, ticket, number=f"+82100000567{last}").status_code == 200
    hand_over()
    request = CallRequest.objects.select_related("organization", "person", "center").get()
    assert asked == [0]
    for number in range(len(simulator.steps_of(request))):
        simulator.play_step(request, number)
        simulator.play_step(request, number)
    follow_requests(cast.organization, at=timezone.now())
    assert status() == outcome
    events = Event.objects.filter(thread=request.thread).exclude(source="/hub")
    assert events.count() == len(simulator.steps_of(request))
    assert not events.filter(is_contested=True).exists()


def test_the_settings_refuse_an_address_of_the_inner_network(cast: Cast, settings: Any):
    settings.OUTGOING_PRIVATE_HOSTS = []
    client = logged_in(cast.owner)
    bad = client.post("/settings/telephony/", {"adapter": "webhook", "url": "http://169.254.169.254/"})
    assert bad.status_code == 422
    assert client.post("/settings/telephony/", {"adapter": "webhook", "url": ""}).status_code == 422
    before = TelephonySettings.objects.get().secret
    told = {"adapter": "simulator", "url": "", "sends_recordings": "on", "new_secret": "on"}
    assert client.post("/settings/telephony/", told).status_code == 302
    assert client.get("/settings/telephony/").status_code == 200
    assert AuditEntry.objects.filter(action="channels.telephony.view_secret").exists()
    row = TelephonySettings.objects.get()
    assert (row.adapter, row.sends_recordings) == ("simulator", True)
    assert row.secret != before
    trail = AuditEntry.objects.filter(action="channels.telephony.set").latest("sequence")
    assert row.secret not in json.dumps([trail.before, trail.after])
    assert logged_in(cast.lead).get("/settings/telephony/").status_code == 404
