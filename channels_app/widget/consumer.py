"""A visitor's socket: knows her by her secret, hands what she sends to an action, sends her what is new.

A hint only wakes it; what it sends is read from the database by sequence number. Protocol: payloads.py.
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Any
from uuid import UUID
from zlib import crc32

from django.db import OperationalError
from django.utils import timezone

from channels_app.deliveries.actions import carry_on_unseen
from channels_app.models.widget import WidgetConversation, WidgetSettings
from channels_app.sockets import FrameBucket, GuardedConsumer, in_database
from channels_app.widget import actions, origins, presence, queries
from channels_app.widget import payloads as wire
from channels_app.widget.own_conversations import other_threads, unread_elsewhere
from cxhub.live import thread_group
from tickets.events import queue_group

logger = logging.getLogger(__name__)

HELLO_SECONDS = 10.0
# Hundreds may wait in one queue, and each looks for herself.
QUEUE_SECONDS = 1.0
# The widget says it every three seconds; what comes faster says nothing new.
TYPING_AT_MOST_EVERY_SECONDS = 2.0


class WidgetConsumer(GuardedConsumer):
    widget: WidgetSettings
    conversation: WidgetConversation | None = None

    async def connect(self) -> None:
        self._upto = 0
        self._state: wire.State | None = None
        self._is_ready_due, self._is_look_due = True, False
        # Her other conversations: what is answered there is told as a number.
        self._other_groups: frozenset[str] = frozenset()
        self._is_elsewhere_due = False
        self._wake = asyncio.Event()
        self._typing_at = 0.0
        self._typing: asyncio.Task[None] | None = None
        self._tasks: list[asyncio.Task[None]] = []
        # A widget sends one message at a time; forty at once is a queue written offline by several tabs.
        self._bucket = FrameBucket(burst=40, per_second=10, patience=20)
        widget = await in_database(queries.active_widget)(self.scope["url_route"]["kwargs"]["widget_id"])
        if widget is None or not self._is_allowed_on(widget):
            # Before `accept` this is a plain 403; the widget learns the reason from its session request.
            await self.close(code=wire.CLOSE_FORBIDDEN_ORIGIN)
            return
        self.widget = widget
        await self.accept()
        self._start(self._expect_hello())

    async def disconnect(self, code: int) -> None:
        for task in self._tasks:
            task.cancel()
        if self.conversation:
            await in_database(presence.forget_page)(self.conversation.pk, self.channel_name)
            await self.channel_layer.group_discard(self._group, self.channel_name)
            await self.channel_layer.group_discard(self._queue_group, self.channel_name)
            for group in self._other_groups:
                await self.channel_layer.group_discard(group, self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if not await self.keeps_to_limit(self._bucket):
            return
        message_id: UUID | None = None
        try:
            frame = wire.decode_frame(text_data or "")
            message_id = frame.id if isinstance(frame, wire.Send) else None
            await self._handle(frame)
        except wire.WidgetRefusal as refusal:
            await self.tell(refusal.as_error(message_id))
        except OperationalError as error:
            logger.warning("A visitor's frame has to wait for the database", extra={"cause": type(error).__name__})
            await self.tell(wire.Error("try_later", "Please try again.", message_id, retry_after=2.0))

    async def hub_event(self, message: dict[str, Any]) -> None:
        """A hint about the conversation. Never waits for the peer, so that hints cannot pile up."""
        if message.get("group") in self._other_groups:
            self._is_elsewhere_due = True
            self._wake.set()
        elif message.get("seq", self._upto + 1) > self._upto:
            self._wake.set()

    async def hub_missed(self, message: dict[str, Any]) -> None:
        """Hints may have been lost on their way to this process."""
        self._wake.set()

    async def queue_moved(self, message: dict[str, Any]) -> None:
        """Her place may have changed. A moment later, and once for all who leave in that moment."""
        if self._state is None or self._state.status != "waiting" or self._is_look_due:
            return
        self._is_look_due = True
        # Each at a moment of its own.
        spread = 0.5 + crc32(self.channel_name.encode()) % 100 / 100
        asyncio.get_running_loop().call_later(QUEUE_SECONDS * spread, self._look_at_queue)

    def _look_at_queue(self) -> None:
        self._is_look_due = False
        self._wake.set()

    async def hub_typing(self, message: dict[str, Any]) -> None:
        """A person is typing. Not waited for either; one after the other is enough."""
        if self._typing is None or self._typing.done():
            self._typing = asyncio.create_task(self.tell(wire.Typing()))

    async def _handle(self, frame: wire.Frame) -> None:
        match frame:
            case wire.Hello():
                await self._greet(frame)
            case wire.Ping():
                await self._answer_ping()
            case _ if self.conversation is None:
                raise wire.WidgetRefusal("no_hello", "Say hello first.", status=403)
            case wire.Fetch():
                self._upto = min(self._upto, max(0, frame.after))
                self._wake.set()
            case wire.Send():
                self._typing_at = 0.0
                await self.tell(
                    await in_database(actions.send_message)(
                        self.conversation,
                        message_id=frame.id,
                        text=frame.text,
                        attachments=frame.attachments,
                        address=self._address,
                        at=timezone.now(),
                    )
                )
                # The message itself comes back by its own hint, once, as to every other tab.
            case wire.Typing():
                if time.monotonic() - self._typing_at >= TYPING_AT_MOST_EVERY_SECONDS:
                    self._typing_at = time.monotonic()
                    await in_database(actions.tell_typing)(self.conversation)
            case wire.Seen():
                await in_database(actions.note_seen_by_visitor)(self.conversation, upto=frame.upto)
            case wire.About():
                await in_database(actions.tell_about_visitor)(self.conversation, frame, at=timezone.now())
                await in_database(carry_on_unseen)(self.conversation, at=timezone.now())

    async def _answer_ping(self) -> None:
        await self.tell(wire.Pong())
        if self.conversation:
            await in_database(presence.note_page)(self.conversation.pk, self.channel_name)
        # Heals hints that were lost, say with a restarted Redis.
        self._wake.set()

    async def _greet(self, hello: wire.Hello) -> None:
        if self.conversation:
            return
        credentials = wire.Credentials(hello.visitor, hello.secret, hello.conversation)
        try:
            self.conversation = await in_database(queries.conversation_for)(self.widget, credentials)
        except wire.WidgetRefusal as refusal:
            await self.tell(refusal.as_error())
            await self.give_up(wire.CLOSE_UNKNOWN_VISITOR, refusal.code)
            return
        self._upto = max(0, hello.after)
        await in_database(presence.note_page)(self.conversation.pk, self.channel_name)
        # Joined before the first look: what is said between the two is hinted.
        await self.channel_layer.group_add(self._group, self.channel_name)
        await self.channel_layer.group_add(self._queue_group, self.channel_name)
        others = await in_database(other_threads)(self.conversation)
        self._other_groups = frozenset(thread_group(self.widget.organization_id, key) for key in others)
        for group in self._other_groups:
            await self.channel_layer.group_add(group, self.channel_name)
        self._start(self._send_news())
        self._wake.set()

    async def _send_news(self) -> None:
        assert self.conversation
        while True:
            await self._wake.wait()
            self._wake.clear()
            after = self._upto
            news = await in_database(queries.news_after)(self.conversation, after)
            page = news.page
            if page.upto > after:
                await self.tell(page)
            if self._upto == after:
                self._upto = page.upto
            # Otherwise she asked for an earlier place meanwhile, and the look from there is already due.
            if page.more:
                self._wake.set()
                continue
            if news.state != self._state:
                self._state = news.state
                await self.tell(news.state)
            if self._is_elsewhere_due:
                self._is_elsewhere_due = False
                await self.tell(wire.Elsewhere(await in_database(unread_elsewhere)(self.conversation)))
            if self._is_ready_due:
                self._is_ready_due = False
                await self.tell(wire.Ready(self._upto))

    async def _expect_hello(self) -> None:
        await asyncio.sleep(HELLO_SECONDS)
        if self.conversation is None:
            await self.give_up(wire.CLOSE_UNKNOWN_VISITOR, "no hello")

    def _start(self, work: Any) -> None:
        task = asyncio.create_task(self._guarded(work))
        self._tasks.append(task)

    async def _guarded(self, work: Any) -> None:
        """A task that fails takes its socket with it: the widget connects again and asks for what it missed."""
        try:
            await work
        except Exception:
            logger.exception("A visitor's socket is closed after an error")
            await self.give_up(1011, "error")

    def _is_allowed_on(self, widget: WidgetSettings) -> bool:
        headers = dict(self.scope["headers"])
        return origins.is_allowed(
            headers.get(b"origin", b"").decode("latin-1"),
            allowed_origins=widget.allowed_origins,
            own_host=headers.get(b"host", b"").decode("latin-1"),
        )

    @property
    def _group(self) -> str:
        assert self.conversation
        return thread_group(self.conversation.organization_id, self.conversation.thread_key)

    @property
    def _queue_group(self) -> str:
        return queue_group(self.widget.organization_id, self.widget.center_id)

    @property
    def _address(self) -> str:
        return (self.scope.get("client") or ("",))[0]
