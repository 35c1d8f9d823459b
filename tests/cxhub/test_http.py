"""HTTP under uvicorn: whole requests on a thread, bounded bodies, files in pieces."""

import asyncio
import contextlib
import socket
import threading
from typing import Any

import httpx
import pytest
from django.conf import settings
from django.http import HttpResponse

from cxhub import http
from cxhub.http import BACKGROUND_AT_ONCE, ThreadedASGIHandler
from tests.hubs import Hub


def test_static_files_arrive_whole(live_hub: Hub):
    written_before = len(live_hub.log)
    answer = httpx.get(f"{live_hub.url}/static/icons.svg")
    assert answer.status_code == 200
    assert answer.content == (settings.BASE_DIR / "static/icons.svg").read_bytes()
    assert "Warning" not in live_hub.log[written_before:]


def test_a_declared_body_beyond_the_limit_is_refused_unread(live_hub: Hub):
    assert _first_line(live_hub, b"Content-Length: 99999999999\r\n\r\n") == b"HTTP/1.1 413 Request Entity Too Large"


def test_an_undeclared_body_is_refused_once_too_large(live_hub: Hub):
    written_before = len(live_hub.log)

    def endless():
        for _ in range(settings.MAX_REQUEST_BYTES // 2**20 + 2):
            yield b"x" * 2**20

    # The server may hang up while we are still sending: refused as well.
    with contextlib.suppress(httpx.WriteError):
        assert httpx.post(f"{live_hub.url}/healthz", content=endless(), timeout=60).status_code == 413
    live_hub.assert_alive()
    assert "Traceback" not in live_hub.log[written_before:]


def test_a_hub_keeps_answering_after_many_connections(live_hub: Hub):
    with httpx.Client() as client:
        assert {client.get(f"{live_hub.url}/readyz").status_code for _ in range(100)} == {200}


class Gate(ThreadedASGIHandler):
    """Answers to a path's last word, when `open` says so; knows how many requests are at work."""

    def __init__(self) -> None:
        super().__init__()
        self.open = threading.Event()
        self.at_work: list[str] = []

    def _respond(self, scope: Any, body_file: Any) -> HttpResponse:
        self.at_work.append(scope["path"])
        assert self.open.wait(10)
        return HttpResponse("answered")

    async def ask(self, path: str, priority: bytes | None) -> int:
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b""}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        headers = [] if priority is None else [(b"priority", priority)]
        await self({"type": "http", "path": path, "headers": headers}, receive, send)
        return int(sent[0]["status"])


def test_what_a_page_fetches_by_itself_gives_way():
    """A few of these at once, so that they cannot take every thread from a request somebody waits for."""

    async def crowd() -> tuple[Gate, list[int]]:
        gate = Gate()
        asked = [asyncio.create_task(gate.ask("/later", b"u=6")) for _ in range(20)]
        await asyncio.sleep(0.1)
        asked.append(asyncio.create_task(gate.ask("/now", b"u=1")))
        asked.append(asyncio.create_task(gate.ask("/as-ever", None)))
        await asyncio.sleep(0.1)
        at_work = sorted(gate.at_work)
        gate.open.set()
        assert at_work == ["/as-ever", *["/later"] * BACKGROUND_AT_ONCE, "/now"]
        return gate, await asyncio.gather(*asked)

    gate, answered = asyncio.run(crowd())
    assert answered == [200] * 22
    assert len(gate.at_work) == 22


@pytest.mark.parametrize(
    ("told", "gives_way"),
    [(b"u=6", True), (b"i, u=7", True), (b"u=5;x, i", True), (b"u=3", False), (b"u=65", False), (b"menu=6", False)],
)
def test_only_a_low_urgency_gives_way(told: bytes, gives_way: bool):
    asked = {"headers": [(b"host", b"u=6"), (b"priority", told)]}
    assert http._is_background(asked) is gives_way


def _first_line(hub: Hub, headers: bytes) -> bytes:
    host, port = hub.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(b"POST /accounts/login/ HTTP/1.1\r\nHost: localhost\r\n" + headers)
        return connection.recv(4096).split(b"\r\n")[0]
