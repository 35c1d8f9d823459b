"""A desk page's socket: knows who logged in, asks which groups she may follow, passes hints along, hands what the
page tells of a ticket to an action. Nothing else.

Protocol: payloads.py. Permission is asked again at each ping and whenever something about the person changes.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any
from uuid import UUID

import msgspec
from django.http import Http404
from django.utils import timezone

from accounts.models import Person
from channels_app.desk import actions, groups, presence
from channels_app.desk import payloads as wire
from channels_app.sockets import CLOSE_NOT_READING, FrameBucket, GuardedConsumer, in_database
from cxhub.identifiers import uuid7
from tickets.actions.presence import be_at_ticket, leave_ticket

logger = logging.getLogger(__name__)

# What waits for a page that reads slowly. Hints that are alike wait once; beyond this the page starts afresh.
MAX_WAITING_HINTS = 500
MISSED = b'{"kind":"missed"}'


class DeskConsumer(GuardedConsumer):
    person: Person

    async def connect(self) -> None:
        self._names: list[str] = []
        self._joined: dict[str, str] = {}
        self._waiting: dict[bytes, None] = {}
        # Tickets at which this page is known to be, and up to where it has shown them.
        self._present: set[UUID] = set()
        self._seen: dict[UUID, int] = {}
        self._socket = uuid7().hex[-12:]
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
            case _:
                await self._tell_of_ticket(frame)

    async def _tell_of_ticket(self, frame: wire.Here | wire.Gone | wire.Seen) -> None:
        """Hands on what concerns a ticket that this page follows. Others do not concern it: no answer."""
        ticket_id = next((_ticket_in(group) for group, name in self._joined.items() if name == frame.group), None)
        if ticket_id is None:
            return
        try:
            match frame:
                case wire.Here():
                    self._present.add(ticket_id)
                    be_here = in_database(be_at_ticket)
                    await be_here(self.person, ticket_id, socket=self._socket, is_writing=frame.is_writing)
                case wire.Gone():
                    await self._leave({ticket_id})
                case wire.Seen() if frame.upto > self._seen.get(ticket_id, 0):
                    self._seen[ticket_id] = frame.upto
                    see = in_database(actions.see_ticket)
                    await see(self.person, ticket_id, upto=frame.upto, at=timezone.now())
        except Http404:
            # It was moved out of her reach a moment ago; the next ping takes it from her page.
            return

    async def _leave(self, tickets: set[UUID]) -> None:
        for ticket_id in tickets & self._present:
            self._present.discard(ticket_id)
            await in_database(leave_ticket)(self.person, ticket_id, socket=self._socket)

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

    async def hub_missed(self, message: dict[str, Any]) -> None:
        """Hints may have been lost on their way to this process: the page asks for what it does not know."""
        self._waiting[MISSED] = None
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
        # What the page does not follow any more, nobody looks at there.
        await self._leave(self._present - {_ticket_in(group) for group in wanted})

    @property
    def _session_key(self) -> str | None:
        key: str | None = self.scope["session"].session_key
        return key

    @property
    def _person_group(self) -> str:
        return f"person.{self.person.pk}"


def _ticket_in(group: str) -> UUID | None:
    """The ticket whose group this is, if it is a ticket's."""
    kind, _, hexadecimal = group.partition(".")
    return UUID(hex=hexadecimal) if kind == "ticket" else None
