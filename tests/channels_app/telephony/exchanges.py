"""A telephone system on this machine that takes calls and keeps recordings, as told."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

SOUND = bytes(range(256)) * 40


class Exchange(ThreadingHTTPServer):
    """`answers` are the statuses it gives to posts, in turn; the last one for all that follow."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers = [202]
        self.posts: list[tuple[dict[str, str], bytes]] = []
        self.gets: list[str] = []
        self.knows_ranges = True
        self.url = f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Exchange

    def do_POST(self) -> None:
        exchange = self.server
        body = self.rfile.read(int(self.headers["Content-Length"]))
        exchange.posts.append((dict(self.headers), body))
        self._send(exchange.answers.pop(0) if len(exchange.answers) > 1 else exchange.answers[0])

    def do_GET(self) -> None:
        self.server.gets.append(self.path)
        match self.path:
            case "/secret":
                self._send(302, headers={"Location": "http://127.0.0.1:1/"})
            case "/page":
                self._send(200, b"<html>", {"Content-Type": "text/html"})
            case "/sound.mp3" if self.server.knows_ranges:
                self._send_part()
            case "/sound.mp3":
                self._send(200, SOUND, {"Content-Type": "audio/mpeg"})
            case _:
                self._send(404)

    def _send_part(self) -> None:
        first, last = (int(one) for one in self.headers["Range"].removeprefix("bytes=").split("-"))
        if first >= len(SOUND):
            self._send(416, headers={"Content-Range": f"bytes */{len(SOUND)}"})
            return
        part = SOUND[first : last + 1]
        told = f"bytes {first}-{first + len(part) - 1}/{len(SOUND)}"
        self._send(206, part, {"Content-Type": "audio/mpeg", "Content-Range": told})

    def _send(self, status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {**(headers or {}), "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def exchange(settings: Any) -> Iterator[Exchange]:
    settings.OUTGOING_PRIVATE_HOSTS = ["127.0.0.1"]
    made = Exchange()
    threading.Thread(target=made.serve_forever, args=(0.05,), daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()
