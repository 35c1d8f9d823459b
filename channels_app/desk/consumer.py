"""A desk page's socket: knows who logged in, asks which groups she may follow, passes hints along. Nothing else.

Protocol: payloads.py. Permission is asked again at each ping and whenever something about the person changes.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import msgspec

from accounts.models import Person
from channels_app.desk import groups, presence
from channels_app.desk import payloads as wire
from channels_app.sockets import CLOSE_NOT_READING, FrameBucket, GuardedConsumer, in_database

logger = logging.getLogger(__name__)

# What waits for a page that reads slowly. Hints that are alike wait once; beyond this the page starts afresh.
MAX_WAITING_HINTS = 500


class DeskConsumer(GuardedConsumer):
    person: Person

    async def connect(self) -> None:
        self._names: list[str] = []
        self._joined: dict[str, str] = {}
        self._waiting: dict[bytes, None] = {}
        self._wake = asyncio.Event()
        self._sender: asyncio.Task[None] | None = None
        self._bucket = FrameBucket(burst=40, per_second=5, patience=20)
        found = await in_database(groups.still_here)(self._session_key, [])
        await self.accept()
        if found is None:
            # After `accept`, so that the page sees the code and stops trying.
            await self.give_up(wire.CLOSE_NOT_LOGGED_IN, "not logged in")
            return
        self.person, wanted = found
        self._sender = asyncio.create_task(self._send_hints())
        await in_database(presence.note_page)(self.person, self.channel_name)
        await self._join(wanted)

    async def disconnect(self, code: int) -> None:
        if self._sender:
            self._sender.cancel()
        await self._join({})
        if hasattr(self, "person"):
            await in_database(presence.forget_page)(self.person, self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if not await self.keeps_to_limit(self._bucket):
            return
        try:
            frame = wire.decode_frame(text_data or "")
        except wire.BadFrame as error:
            await self.tell({"kind": "error", "code": "bad_frame", "detail": str(error)})
            return
        match frame:
            case wire.Subscribe():
                self._names = frame.groups
                await self._look_again()
                allowed = set(self._joined.values())
                refused = [name for name in self._names if name not in allowed]
                await self.tell({"kind": "subscribed", "groups": sorted(allowed), "refused": refused})
            case wire.Ping():
                await self._look_again()
                if not self.is_given_up:
                    await in_database(presence.note_page)(self.person, self.channel_name)
                await self.tell({"kind": "pong"})

    async def hub_event(self, message: dict[str, Any]) -> None:
        """Forwards a hint. Never waits for the peer, so that hints cannot pile up in the layer."""
        group = message.get("group", "")
        if group == self._person_group:
            await self._look_again()
        name = self._joined.get(group)
        if name is None or self.is_given_up:
            return
        what = {key: value for key, value in message.items() if key not in ("type", "group")}
        self._waiting[msgspec.json.encode({"kind": "hint", "group": name, "what": what})] = None
        if len(self._waiting) > MAX_WAITING_HINTS:
            self._waiting.clear()
            await self.give_up(CLOSE_NOT_READING, "too far behind")
            return
        self._wake.set()

    async def _send_hints(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                hint = next(iter(self._waiting))
                del self._waiting[hint]
                await self.tell_encoded(hint)

    async def _look_again(self) -> None:
        """Leaves what she may no longer follow; closes when she is no longer logged in or active."""
        found = await in_database(groups.still_here)(self._session_key, self._names)
        if found is None:
            await self._join({})
            await self.give_up(wire.CLOSE_NOT_LOGGED_IN, "not logged in")
            return
        self.person, wanted = found
        await self._join(wanted)

    async def _join(self, wanted: dict[str, str]) -> None:
        for group in self._joined.keys() - wanted.keys():
            await self.channel_layer.group_discard(group, self.channel_name)
        for group in wanted.keys() - self._joined.keys():
            await self.channel_layer.group_add(group, self.channel_name)
        self._joined = dict(wanted)

    @property
    def _session_key(self) -> str | None:
        key: str | None = self.scope["session"].session_key
        return key

    @property
    def _person_group(self) -> str:
        return f"person.{self.person.pk}"
