"""The line to the hub: sends events with a key, and says again what was not answered, under the same id."""

from __future__ import annotations

import asyncio
import json
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

from channels_app.demo.envelopes import Envelope

# A hub that restarts is back within seconds; a person watching wants to see it go on at once.
_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 0.5, 5.0
_TIMEOUT_SECONDS = 15


class Refused(Exception):
    """The hub understood and declined; saying it again would not help. `str()` tells why."""


class NotLetIn(Refused):
    """The key opens nothing here, or this is no hub."""


class Line:
    """One hub at one address. `on_trouble` and `on_return` are called when it stops answering and answers again."""

    def __init__(
        self, url: str, api_key: str, *, on_trouble: Callable[[], None], on_return: Callable[[], None]
    ) -> None:
        self.url = url.rstrip("/")
        self._api_key = api_key
        self._on_trouble = on_trouble
        self._on_return = on_return
        self._is_down = False

    async def send(self, event: Envelope) -> dict[str, Any]:
        """Sends one event and returns the hub's answer. Waits for a hub that is away. Raises Refused or NotLetIn."""
        headers = {"Content-Type": "application/cloudevents+json", "Authorization": f"Bearer {self._api_key}"}
        return await self._persist("/api/v1/events/", headers, event)

    async def check(self) -> None:
        """Knocks once. Waits for a hub that is away; raises NotLetIn where this is no hub or the key opens nothing."""
        headers = {"Authorization": f"Bearer {self._api_key}"}
        try:
            await self._persist("/api/v1/events/?limit=1", headers, None)
        except Refused as refusal:
            raise NotLetIn(str(refusal)) from refusal

    async def history(self, customer: str) -> list[dict[str, Any]]:
        """The newest events of a customer. Raises Refused or NotLetIn."""
        headers = {"Authorization": f"Bearer {self._api_key}"}
        answer = await self._persist(f"/api/v1/events/?customer={customer}&limit=20", headers, None)
        events: list[dict[str, Any]] = answer["events"]
        return events

    async def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Posts what a browser on the hub's own page would. Raises Refused."""
        return await self._persist(path, {"Content-Type": "text/plain", "Origin": self.url}, body)

    def lost(self) -> None:
        """Says once that the hub does not answer."""
        if not self._is_down:
            self._is_down = True
            self._on_trouble()

    def found(self) -> None:
        if self._is_down:
            self._is_down = False
            self._on_return()

    async def _persist(self, path: str, headers: dict[str, str], body: dict[str, Any] | None) -> dict[str, Any]:
        pause = _FIRST_PAUSE_SECONDS
        while True:
            try:
                answer = await asyncio.to_thread(self._ask, path, headers, body)
            except urllib.error.HTTPError as error:
                wait_seconds = _wait_of(error)
                if wait_seconds is None:
                    raise _refusal_of(error) from error
                pause = max(pause, wait_seconds)
            except OSError:
                # urllib's URLError, a reset and a time-out alike: nobody answered.
                self.lost()
            else:
                self.found()
                return answer
            await asyncio.sleep(pause)
            pause = min(pause * 1.7, _LONGEST_PAUSE_SECONDS)

    def _ask(self, path: str, headers: dict[str, str], body: dict[str, Any] | None) -> dict[str, Any]:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=data, headers=headers)  # noqa: S310 - checked by the command
        with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS) as response:  # noqa: S310
            answer: dict[str, Any] = json.loads(response.read())
        return answer


def _wait_of(error: urllib.error.HTTPError) -> float | None:
    """Seconds to wait before asking again; None where asking again is no use."""
    if error.code == 429:
        return float(error.headers.get("Retry-After") or 1)
    return 0.0 if error.code >= 500 else None


def _refusal_of(error: urllib.error.HTTPError) -> Refused:
    told = error.read().decode("utf-8", "replace")[:500]
    return (NotLetIn if error.code in {401, 403} else Refused)(f"{error.code}: {told}")
