"""A mail server to test with: takes mails on a port of its own and misbehaves as it is told."""

from __future__ import annotations

import asyncio
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

HANG, DROP = "hang", "drop"


class Sink:
    """`answers` by command (`MAIL`, `RCPT`, `DATA`, `CONTENT`, `CONNECT`): what it says instead of yes, HANG or DROP.

    `on_content` is called with a mail before the answer to it goes out. `taken` holds what it has said yes to, `seen`
    whatever reached it whole.
    """

    def __init__(self) -> None:
        self.answers: dict[str, str] = {}
        self.on_content: Callable[[bytes], None] | None = None
        self.taken: list[bytes] = []
        self.seen: list[bytes] = []
        self.connections = 0
        self.port = 0

    @property
    def mails(self) -> list[EmailMessage]:
        return [message_from_bytes(mail, policy=default) for mail in self.taken]  # type: ignore[misc]

    @property
    def copies(self) -> Counter[str]:
        """How often each Message-ID has reached it, taken or not."""
        found = [re.search(rb"^Message-ID:\s*(\S+)", mail, re.MULTILINE | re.IGNORECASE) for mail in self.seen]
        return Counter(one[1].decode() for one in found if one)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            if await self._say(writer, "CONNECT", "220 sink ESMTP"):
                await self._listen(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()

    async def _listen(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            verb = line.split()[0].decode().upper() if line.strip() else ""
            if verb == "DATA":
                if not await self._say(writer, "DATA", "354 go on"):
                    return
                if "DATA" in self.answers:
                    continue
                content = await reader.readuntil(b"\r\n.\r\n")
                mail = re.sub(rb"(?m)^\.", b"", content.removesuffix(b".\r\n"))
                self.seen.append(mail)
                if self.on_content:
                    await asyncio.to_thread(self.on_content, mail)
                if not await self._say(writer, "CONTENT", "250 2.0.0 taken"):
                    return
                if "CONTENT" not in self.answers:
                    self.taken.append(mail)
            elif verb == "QUIT":
                await self._say(writer, "QUIT", "221 bye")
                return
            elif not await self._say(writer, verb, "250 ok"):
                return

    async def _say(self, writer: asyncio.StreamWriter, what: str, usual: str) -> bool:
        answer = self.answers.get(what, usual)
        if answer == HANG:
            await asyncio.sleep(60)
        if answer in (HANG, DROP):
            return False
        writer.write(f"{answer}\r\n".encode())
        await writer.drain()
        return True


@contextmanager
def running_sink() -> Iterator[Sink]:
    """A sink that listens, in a thread of its own."""
    sink, loop, ready = Sink(), asyncio.new_event_loop(), threading.Event()
    made: dict[str, Any] = {}

    async def begin() -> None:
        made["server"] = await asyncio.start_server(sink.serve, "127.0.0.1", 0)
        sink.port = made["server"].sockets[0].getsockname()[1]
        ready.set()

    def run() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(begin())
        loop.run_forever()
        tasks = asyncio.all_tasks(loop)
        for task in tasks:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert ready.wait(5)
    try:
        yield sink
    finally:
        loop.call_soon_threadsafe(made["server"].close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
