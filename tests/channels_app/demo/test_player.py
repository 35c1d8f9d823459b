"""The live demo: plays through public API and widget, goes on with whoever answers, and outlives a hub that is away."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Person
from channels_app.demo.foundation import lay_foundation
from channels_app.demo.history import people_of
from channels_app.demo.marks import keep_live_access, read_live_access
from channels_app.demo.player import chats, phones
from channels_app.demo.player.day import play_day
from channels_app.demo.player.line import Line, NotLetIn, Refused
from channels_app.demo.player.stage import House
from channels_app.hub.actions import reply_to_ticket
from channels_app.models import RefusedEvent
from customers.models import Event
from tests.hubs import Hub
from tickets.models import Ticket

SEED = 5


def nothing() -> None:
    """For a line whose troubles are not of interest."""


def make_house(url: str, *, run: str = "L1", speed: float = 60, folder: Path | None = None) -> House:
    told: list[str] = []
    access = read_live_access(folder) if folder else None
    return House(
        line=Line(url, access.api_key if access else "", on_trouble=nothing, on_return=nothing),
        widget=access.widget if access else "",
        signing_secret=access.signing_secret if access else "",
        people=people_of(SEED, 200),
        seed=SEED,
        run=run,
        speed=speed,
        tell=lambda kind, what: told.append(f"{kind} {what}"),
    )


@pytest.fixture
def house(live_hub: Hub, tmp_path: Path) -> House:
    organization = lay_foundation(at=timezone.now())
    keep_live_access(tmp_path, organization, at=timezone.now())
    return make_house(live_hub.url, folder=tmp_path)


def test_the_opening_brings_one_of_each_kind(house: House) -> None:
    asyncio.run(play_day(house, acts=6))
    types = set(Event.objects.values_list("type", flat=True))
    assert {"pos.sale", "call.queued", "call.answered", "call.ended", "call.transcript", "store.inquiry"} <= types
    assert {"chat.message", "message.message"} <= types
    assert RefusedEvent.objects.count() == 0
    said = Event.objects.filter(thread__startswith="widget:", author="customer")
    assert said.count() == said.values("thread_seq").distinct().count() >= 1


def test_a_visitor_goes_on_with_the_person_who_answers(house: House) -> None:
    slow = replace(house, speed=30)
    chat = threading.Thread(target=asyncio.run, args=(chats.chat(slow.act(3)),))
    chat.start()
    ticket = wait_for_ticket()
    agent = Person.objects.get(email="agent@haneul.example")
    reply_to_ticket(ticket, "안녕하세요, 확인해 보겠습니다.", by=agent, at=timezone.now())
    reply_to_ticket(ticket, "네, 가능합니다.", by=agent, at=timezone.now())
    chat.join(60)
    assert not chat.is_alive()
    authors = list(Event.objects.filter(thread=ticket.thread, type="chat.message").values_list("author", "agent_email"))
    assert authors.count(("customer", "")) >= 2
    assert {email for author, email in authors if author == "agent"} == {agent.email}


def test_a_call_is_hung_up_when_the_day_is_ended(house: House) -> None:
    async def cut_off() -> None:
        call = asyncio.create_task(phones.call_of_the_heroine(replace(house, speed=1).act(2)))
        await asyncio.sleep(1)
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)

    asyncio.run(cut_off())
    assert list(Event.objects.order_by("time", "rank").values_list("type", flat=True)) == [
        "call.queued",
        "call.abandoned",
    ]


def wait_for_ticket() -> Ticket:
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        if ticket := Ticket.objects.filter(channel="chat").select_related("organization").first():
            return ticket
        time.sleep(0.05)
    raise AssertionError("The visitor's message opened no ticket.")


def test_same_seed_chooses_the_same_under_fresh_ids() -> None:
    one, other = (make_house("http://127.0.0.1:9", run=run).act(7) for run in ("L1", "L2"))
    assert one.pick(lambda who: who.phone) == other.pick(lambda who: who.phone)
    assert one.name != other.name


class Clerk(BaseHTTPRequestHandler):
    """Answers as a hub that is starting: hangs up first, is busy then, accepts in the end."""

    url = ""
    heard: list[str] = []
    status_after = 201

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.heard.append(body["id"])
        if len(self.heard) == 1:
            self.connection.close()
            return
        self.send_response(503 if len(self.heard) == 2 else self.status_after)
        self.end_headers()
        self.wfile.write(b'{"status": "created"}')

    def log_message(self, format: str, *args: object) -> None:
        """Keeps the terminal quiet."""


@pytest.fixture
def clerk() -> Iterator[type[Clerk]]:
    class Today(Clerk):
        heard: list[str] = []

    server = HTTPServer(("127.0.0.1", 0), Today)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Today.url = f"http://127.0.0.1:{server.server_port}"
    yield Today
    server.shutdown()
    server.server_close()


def test_what_was_not_answered_is_said_again_under_the_same_id(clerk: type[Clerk]) -> None:
    troubles: list[str] = []
    line = Line(
        clerk.url, "key", on_trouble=lambda: troubles.append("lost"), on_return=lambda: troubles.append("found")
    )
    assert asyncio.run(line.send({"id": "e-1"})) == {"status": "created"}
    assert clerk.heard == ["e-1"] * 3
    assert troubles == ["lost", "found"]


@pytest.mark.parametrize(("status", "expected"), [(401, NotLetIn), (422, Refused)])
def test_what_was_declined_is_not_said_again(clerk: type[Clerk], status: int, expected: type[Refused]) -> None:
    clerk.status_after = status
    clerk.heard += ["", ""]
    line = Line(clerk.url, "key", on_trouble=nothing, on_return=nothing)
    with pytest.raises(expected, match=str(status)):
        asyncio.run(line.send({"id": "e-2"}))
    assert clerk.heard.count("e-2") == 1


def test_command_says_what_is_missing(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    with pytest.raises(CommandError, match="make run"):
        call_command("demo_live")
    with pytest.raises(CommandError, match="ftp"):
        call_command("demo_live", url="ftp://nowhere")
    with pytest.raises(CommandError):
        call_command("demo_live", speed=0)


def test_command_plays_and_a_revoked_key_ends_it(live_hub: Hub, settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    organization = lay_foundation(at=timezone.now())
    keep_live_access(tmp_path, organization, at=timezone.now())
    call_command("demo_live", url=live_hub.url, speed=100, acts=1)
    assert Event.objects.filter(type="pos.sale").count() == 1

    old = (tmp_path / "demo-live.json").read_text()
    (tmp_path / "demo-live.json").unlink()
    keep_live_access(tmp_path, organization, at=timezone.now())
    (tmp_path / "demo-live.json").write_text(old)

    with pytest.raises(CommandError, match=live_hub.url):
        call_command("demo_live", url=live_hub.url, speed=100, acts=1)
