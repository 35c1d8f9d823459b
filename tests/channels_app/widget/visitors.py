"""A widget to test with, and visitors who speak its protocol: over HTTP in this process, over a socket to a live hub."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.test import Client
from django.utils import timezone
from websockets.sync.client import ClientConnection, connect

from accounts.models import Center, Person
from channels_app.models.widget import WidgetSettings
from channels_app.widget.settings_actions import WidgetContent, create_widget
from customers.models import Event
from tests.cast import SETUP, Cast
from tests.hubs import Hub

SHOP = "https://shop.haneul.example"


def make_widget(cast: Cast, *, center: Center | None = None, name: str = "하늘상회", **content: Any) -> WidgetSettings:
    """Returns a widget of seoul that may stand on SHOP."""
    content = {"greeting_ko": "안녕하세요, 하늘상회입니다.", "allowed_origins": [SHOP], **content}
    return create_widget(
        cast.organization,
        center=center or cast.seoul,
        content=WidgetContent(name=name, **content),
        by=SETUP,
        at=timezone.now(),
    )


def signed(widget: WidgetSettings, *, secret: str | None = None, header: Any = None, **claims: Any) -> str:
    """Returns a visitor token as a shop's server makes it."""
    now = int(time.time())
    claims = {"sub": "u-1001", "iat": now, "exp": now + 300, **claims}
    parts = [_base64(header or {"alg": "HS256", "typ": "JWT"}), _base64(claims)]
    key = (secret if secret is not None else widget.signing_secret).encode()
    signature = hmac.new(key, ".".join(parts).encode(), hashlib.sha256).digest()
    return ".".join([*parts, base64.urlsafe_b64encode(signature).rstrip(b"=").decode()])


def _base64(content: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def said_in(widget: WidgetSettings) -> list[str]:
    """The texts of all chat messages of the widget's threads, in order of arrival."""
    events = Event.objects.filter(thread__startswith=f"widget:{widget.public_id.hex}:", type="chat.message")
    return list(events.order_by("thread", "thread_seq").values_list("text", flat=True))


@dataclass
class Visitor:
    """One browser: keeps what the widget keeps."""

    widget: WidgetSettings
    client: Client = field(default_factory=Client)
    origin: str = SHOP
    visitor: str = ""
    secret: str = ""
    conversation: str = ""

    def post(self, what: str, body: Any, **headers: str) -> Any:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.client.post(
            f"/widget/{self.widget.public_id}/{what}/",
            data=raw,
            content_type="text/plain",
            headers={"origin": self.origin, **headers},
        )

    def open(self, **more: Any) -> dict[str, Any]:
        """Opens a session, keeps what it gives, and returns the answer."""
        known = {"visitor": self.visitor, "secret": self.secret, "conversation": self.conversation}
        response = self.post("session", {**(known if self.visitor else {}), **more})
        assert response.status_code == 200, response.content
        answer = response.json()
        self.visitor, self.conversation = answer["visitor"], answer["conversation"]
        self.secret = answer["secret"] or self.secret
        return answer

    @property
    def credentials(self) -> dict[str, str]:
        return {"visitor": self.visitor, "secret": self.secret, "conversation": self.conversation}

    def say(self, text: str, *, id: str = "", after: int = 0) -> Any:
        return self.post("messages", {**self.credentials, "id": id or str(uuid4()), "text": text, "after": after})

    @property
    def thread(self) -> str:
        return f"widget:{self.widget.public_id.hex}:{UUID(self.conversation).hex}"


class Tab:
    """One open page of a visitor on a live hub. `seen` is what it shows, `upto` how far it knows the conversation."""

    def __init__(self, hub: Hub, visitor: Visitor, *, after: int = 0, origin: str = SHOP) -> None:
        self.hub, self.visitor = hub, visitor
        self.upto = after
        self.seen: list[dict[str, Any]] = []
        self.acks: dict[str, dict[str, Any]] = {}
        self.state: dict[str, Any] = {}
        self.errors: list[dict[str, Any]] = []
        self.socket: ClientConnection = connect(
            f"{hub.socket_url}/ws/widget/{visitor.widget.public_id}/", origin=origin, open_timeout=5, legacy=True
        )

    def hello(self) -> Tab:
        self.send({"kind": "hello", **self.visitor.credentials, "after": self.upto})
        self.until(lambda frame: frame["kind"] == "ready")
        return self

    def send(self, frame: Any) -> None:
        self.socket.send(frame if isinstance(frame, str) else json.dumps(frame))

    def say(self, text: str, *, id: str = "") -> str:
        id = id or str(uuid4())
        self.send({"kind": "send", "id": id, "text": text})
        return id

    def until(self, wanted: Callable[[dict[str, Any]], bool], *, seconds: float = 5.0) -> dict[str, Any]:
        """Takes frames in until one is wanted, and returns it."""
        deadline = time.monotonic() + seconds
        while True:
            frame = json.loads(self.socket.recv(timeout=max(0.01, deadline - time.monotonic())))
            self._take(frame)
            if wanted(frame):
                return frame

    def until_seen(self, text: str, *, seconds: float = 5.0) -> None:
        if text not in self.texts:
            self.until(lambda frame: text in self.texts, seconds=seconds)

    def until_state(self, status: str, *, seconds: float = 5.0) -> None:
        if self.state.get("status") != status:
            self.until(lambda frame: self.state.get("status") == status, seconds=seconds)

    def until_acknowledged(self, id: str, *, seconds: float = 5.0) -> dict[str, Any]:
        if id not in self.acks:
            self.until(lambda frame: id in self.acks, seconds=seconds)
        return self.acks[id]

    def close(self) -> None:
        self.socket.close()

    @property
    def texts(self) -> list[str]:
        return [item["text"] for item in self.seen]

    def _take(self, frame: dict[str, Any]) -> None:
        match frame["kind"]:
            case "messages":
                self.seen += frame["items"]
                self.upto = frame["upto"]
            case "ack":
                self.acks[frame["id"]] = frame
            case "state":
                self.state = frame
            case "error":
                self.errors.append(frame)


def visitor_of(hub: Hub, widget: WidgetSettings) -> Visitor:
    """Returns a visitor with a session, opened in this process on the same database."""
    visitor = Visitor(widget)
    visitor.open()
    return visitor


def as_person(client: Client, person: Person) -> Client:
    client.force_login(person)
    return client
