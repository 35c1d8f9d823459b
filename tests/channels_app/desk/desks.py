"""A person's open desk page on a live hub, as far as its socket is concerned."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.test import Client
from websockets.sync.client import connect

from accounts.models import Person
from tests.hubs import Hub


class Desk:
    def __init__(self, hub: Hub, person: Person | None, *, origin: str = "") -> None:
        self.client = Client()
        headers = {}
        if person:
            self.client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[-1])
            session = self.client.cookies[settings.SESSION_COOKIE_NAME].value
            headers["Cookie"] = f"{settings.SESSION_COOKIE_NAME}={session}"
        self.hints: list[dict[str, Any]] = []
        self.socket = connect(
            f"{hub.socket_url}/ws/desk/", origin=origin or hub.url, additional_headers=headers, legacy=True
        )

    def send(self, frame: Any) -> None:
        self.socket.send(frame if isinstance(frame, str) else json.dumps(frame))

    def follow(self, *groups: str) -> dict[str, Any]:
        self.send({"kind": "subscribe", "groups": groups})
        return self.until(lambda frame: frame["kind"] == "subscribed")

    def until(self, wanted: Callable[[dict[str, Any]], bool], *, seconds: float = 5.0) -> dict[str, Any]:
        deadline = time.monotonic() + seconds
        while True:
            frame = json.loads(self.socket.recv(timeout=max(0.01, deadline - time.monotonic())))
            if frame["kind"] == "hint":
                self.hints.append(frame)
            if wanted(frame):
                return frame

    def until_hint(self, group: str, *, seconds: float = 5.0) -> dict[str, Any]:
        """Returns the first hint of the group, come or to come."""
        for hint in self.hints:
            if hint["group"] == group:
                return hint
        return self.until(lambda frame: frame["kind"] == "hint" and frame["group"] == group, seconds=seconds)

    def hears_nothing(self, *, seconds: float = 0.4) -> bool:
        """Says whether no hint arrives; a ping first, so that earlier frames have been answered."""
        try:
            self.until(lambda frame: frame["kind"] == "hint", seconds=seconds)
        except TimeoutError:
            return True
        return False

    def close(self) -> None:
        self.socket.close()
