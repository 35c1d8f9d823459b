"""A visitor of the shop's page: opens the widget, writes, reads, and comes back after any loss of connection.

What she wrote is sent again under the same id until it is acknowledged; what she missed is asked for by number.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import time
import uuid
from contextlib import suppress
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidHandshake, WebSocketException

from channels_app.demo.people import Customer
from channels_app.demo.player.line import Line

_RECONNECT_SECONDS = 1.0
_PING_SECONDS = 25
_TOKEN_SECONDS = 3600


class Visitor:
    """One browser window. `who` is logged in at the shop, whose server signs for her; without, nobody knows her."""

    def __init__(self, line: Line, widget: str, *, message_ids: uuid.UUID, token: str = "") -> None:
        self._line = line
        self._widget = widget
        self._token = token
        self._credentials: dict[str, Any] = {}
        self._upto = 0
        self._message_ids = message_ids
        self._said = 0
        self._unsent: dict[str, dict[str, Any]] = {}
        self._socket: ClientConnection | None = None
        self._news = asyncio.Condition()
        self.conversation = ""
        self.status = "none"
        self.answers: list[dict[str, Any]] = []

    @property
    def thread(self) -> str:
        return f"widget:{uuid.UUID(self._widget).hex}:{uuid.UUID(self.conversation).hex}"

    async def open(self) -> None:
        """Opens a conversation. Raises line.Refused."""
        opened = await self._line.post(f"/widget/{self._widget}/session/", {"token": self._token})
        self.conversation = opened["conversation"]
        self._credentials = {key: opened[key] for key in ("visitor", "secret", "conversation")}
        self._upto = opened["upto"]

    async def stay(self) -> None:
        """Keeps the window open until cancelled."""
        address = f"{self._line.url.replace('http', 'ws', 1)}/ws/widget/{self._widget}/"
        while True:
            with suppress(OSError, WebSocketException, InvalidHandshake, TimeoutError):
                async with connect(address, origin=self._line.url) as socket:  # type: ignore[arg-type]
                    await self._talk(socket)
            self._socket = None
            self._line.lost()
            await asyncio.sleep(_RECONNECT_SECONDS)

    async def say(self, text: str) -> None:
        """Writes a message; it goes out now, or when the window is connected again."""
        self._said += 1
        message_id = str(uuid.uuid5(self._message_ids, str(self._said)))
        self._unsent[message_id] = {"kind": "send", "id": message_id, "text": text}
        await self._flush()

    async def tell_about_herself(self, who: Customer) -> None:
        """Types name and number into the widget's form: told, and proven by nothing."""
        about = {"name": who.name, "phone": who.phone}
        await self._line.post(f"/widget/{self._widget}/about/", self._credentials | about)

    async def wait_for_answer(self, known: int, seconds: float) -> bool:
        """Waits until more than `known` answers of people are there. Says whether they came in time."""
        try:
            async with asyncio.timeout(seconds), self._news:
                await self._news.wait_for(lambda: len(self.answers) > known)
        except TimeoutError:
            return False
        return True

    async def _talk(self, socket: ClientConnection) -> None:
        await self._tell(socket, {"kind": "hello", **self._credentials, "after": self._upto})
        self._socket = socket
        self._line.found()
        await self._flush()
        pings = asyncio.create_task(self._ping(socket))
        try:
            async for raw in socket:
                await self._hear(json.loads(raw))
        finally:
            pings.cancel()

    async def _hear(self, frame: dict[str, Any]) -> None:
        match frame["kind"]:
            case "messages":
                fresh = [item for item in frame["items"] if item["seq"] > self._upto]
                self._upto = max(self._upto, frame["upto"])
                async with self._news:
                    self.answers += [item for item in fresh if item["from"] == "agent"]
                    self._news.notify_all()
            case "ack":
                self._unsent.pop(frame["id"], None)
            case "state":
                self.status = frame["status"]
            case "error" if frame["code"] not in {"slow_down", "try_later"}:
                # Said once more it would be refused once more.
                self._unsent.pop(frame.get("id", ""), None)
            case _:
                pass

    async def _flush(self) -> None:
        if self._socket is None:
            return
        with suppress(OSError, WebSocketException):
            for frame in list(self._unsent.values()):
                await self._tell(self._socket, frame)

    async def _ping(self, socket: ClientConnection) -> None:
        while True:
            await asyncio.sleep(_PING_SECONDS)
            await self._tell(socket, {"kind": "ping"})
            await self._flush()

    @staticmethod
    async def _tell(socket: ClientConnection, frame: dict[str, Any]) -> None:
        await socket.send(json.dumps(frame))


def signed_token(who: Customer, signing_secret: str) -> str:
    """What the shop's server gives the page of somebody who is logged in (docs/widget.md)."""
    now = int(time.time())
    proof = {"phone": who.phone, "member_no": who.member_no, "name": who.name}
    claims = {"sub": who.member_no, "iat": now, "exp": now + _TOKEN_SECONDS, **proof}
    signed = ".".join(_part(json.dumps(one).encode()) for one in ({"alg": "HS256", "typ": "JWT"}, claims))
    return f"{signed}.{_part(hmac.digest(signing_secret.encode(), signed.encode(), hashlib.sha256))}"


def _part(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
