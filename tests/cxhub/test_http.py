"""HTTP under uvicorn: whole requests on a thread, bounded bodies, files in pieces."""

import contextlib
import socket

import httpx
from django.conf import settings

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


def _first_line(hub: Hub, headers: bytes) -> bytes:
    host, port = hub.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(b"POST /accounts/login/ HTTP/1.1\r\nHost: localhost\r\n" + headers)
        return connection.recv(4096).split(b"\r\n")[0]
