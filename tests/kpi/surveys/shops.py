"""A shop that asks its customers: its provider of text messages, what happens there, a worker's rounds."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any

import time_machine

from channels_app.deliveries.sending import send_due
from channels_app.intake import Sender, receive
from channels_app.sms.actions import set_sms
from channels_app.sms.settings import SmsSettings
from kpi.actions.surveys_following import follow_answers
from kpi.actions.surveys_low import open_follow_ups
from kpi.actions.surveys_planning import plan_surveys
from kpi.actions.surveys_sending import hand_over_due, tell_what_was_sent
from kpi.actions.surveys_settings import PlanContent, set_plan
from kpi.models import SurveyPlan
from kpi.surveys.occasions import RULES, Occasion
from tests.cast import SETUP, Cast
from tickets.models import Ticket

HERS = "010-0123-4567"
ANYBODY = Sender(label="test", sources=("/seoul", "/busan", "/hub"))
_number = count(1)


class Provider(ThreadingHTTPServer):
    """Takes texts; `answers` are the statuses it gives, in turn, the last one for all that follow."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers = [200]
        self.body = b"{}"
        self.posts: list[tuple[dict[str, str], bytes]] = []
        self.url = f"http://127.0.0.1:{self.server_port}/send"

    @property
    def texts(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _headers, body in self.posts]


class _Handler(BaseHTTPRequestHandler):
    server: Provider

    def do_POST(self) -> None:
        provider = self.server
        provider.posts.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
        status = provider.answers.pop(0) if len(provider.answers) > 1 else provider.answers[0]
        if status == 0:  # the line breaks before it answers
            self.connection.close()
            return
        self.send_response(status)
        self.send_header("Content-Length", str(len(provider.body)))
        self.end_headers()
        self.wfile.write(provider.body)

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def running_provider() -> Iterator[Provider]:
    made = Provider()
    threading.Thread(target=made.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield made
    finally:
        made.shutdown()
        made.server_close()


def connect(cast: Cast, taker: Provider, *, at: datetime, **settings: Any) -> None:
    told = {"provider": "webhook", "url": taker.url, "secret": "shared-secret", **settings}
    set_sms(cast.organization, number="020000100", is_active=True, settings=SmsSettings(**told), by=SETUP, at=at)


def ask_after(cast: Cast, occasion: str, *, at: datetime, **changes: Any) -> SurveyPlan:
    """Switches an occasion on."""
    rule = RULES[Occasion(occasion)]
    told = {
        "is_on": True,
        "wait_minutes": rule.wait_minutes,
        "sample_percent": 100,
        "is_advertising": False,
        "texts": {},
        **changes,
    }
    return set_plan(cast.organization, occasion, PlanContent(**told), by=SETUP, at=at)


def happens(cast: Cast, kind: str, *, at: datetime, source: str = "/seoul/chat", key: str = "", **data: Any) -> Any:
    """One event; `from_` for `from`."""
    if "from_" in data:
        data["from"] = data.pop("from_")
    told = {
        "specversion": "1.0",
        "id": key or f"e-{next(_number)}",
        "source": source,
        "type": kind,
        "time": at.isoformat(),
        "data": data,
    }
    (outcome,) = receive(cast.organization, [told], sender=ANYBODY, at=at)
    assert not outcome.is_refused, outcome.problem
    return outcome


def resolved(cast: Cast, *, at: datetime, phone: str = HERS, thread: str = "", kind: str = "message.message") -> Ticket:
    """A customer's matter, answered and settled by the agent."""
    thread = thread or f"m-{next(_number)}"
    more = {"service": "kakao"} if kind == "message.message" else {}
    who = {"phone": phone, "name": "김서연"}
    happens(
        cast,
        kind,
        at=at - timedelta(minutes=5),
        thread=thread,
        from_="customer",
        text="언제 와요?",
        customer=who,
        **more,
    )
    agent = cast.agent.email
    happens(cast, kind, at=at - timedelta(minutes=1), thread=thread, from_="agent", agent=agent, text="내일요", **more)
    happens(cast, "ticket.resolved", at=at, thread=thread, agent=agent, by="agent")
    return Ticket.objects.get(organization=cast.organization, thread=thread)


def called(cast: Cast, *, at: datetime, phone: str = HERS, thread: str = "") -> Ticket:
    thread = thread or f"call-{next(_number)}"
    start, source = at - timedelta(minutes=4), "/seoul/call"
    told = {"thread": thread, "from": phone, "to": "02-000-0100", "customer": {"phone": phone}}
    happens(cast, "call.queued", at=start, source=source, direction="inbound", **told)
    happens(
        cast, "call.answered", at=start + timedelta(seconds=9), source=source, thread=thread, agent=cast.agent.email
    )
    happens(cast, "call.ended", at=at, source=source, thread=thread)
    return Ticket.objects.get(organization=cast.organization, thread=thread)


def buys(cast: Cast, *, at: datetime, phone: str = HERS) -> None:
    item = {"name": "울 코트", "quantity": 1, "unit_price": 1000, "amount": 1000}
    told = {"store": "gangnam", "receipt_no": f"R-{next(_number)}", "items": [item], "total": 1000}
    happens(cast, "pos.sale", at=at, source="/seoul/pos", customer={"phone": phone}, **told)


def work(cast: Cast, at: datetime) -> None:
    """One round of everything the worker does for surveys, as of an instant."""
    with time_machine.travel(at, tick=False):
        plan_surveys(cast.organization, at=at)
        hand_over_due(cast.organization, at=at)
        send_due(cast.organization)
        tell_what_was_sent(cast.organization, at=at)
        follow_answers(cast.organization, at=at)
        open_follow_ups(cast.organization, at=at)
