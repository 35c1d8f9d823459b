"""An organization with a key of its own, histories told through the API, and figures asked there."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from django.test import Client
from django.utils.timezone import now

from accounts import actions
from accounts.configuration import parse_configuration
from accounts.models import Organization
from channels_app.api.actions import create_api_key
from channels_app.models.api_key import Scope
from tests.cast import SETUP

SEOUL = ZoneInfo("Asia/Seoul")
_number = count(1)


@dataclass
class House:
    """An organization as its systems see it: events in, figures out."""

    organization: Organization
    headers: dict[str, str]
    client: Client = field(default_factory=Client)

    def tell(self, events: Iterable[dict[str, Any]], *, at_once: int = 500) -> None:
        told = list(events)
        for begin in range(0, len(told), at_once):
            answer = self.client.post(
                "/api/v1/events/",
                data=json.dumps(told[begin : begin + at_once]),
                content_type="application/cloudevents-batch+json",
                headers=self.headers,
            )
            assert answer.status_code == 207, answer.content
            refused = [one for one in answer.json() if one["status"] == "refused"]
            assert not refused, refused[:3]

    def get(self, *, language: str = "", **query: Any) -> Any:
        told = {name.rstrip("_"): value for name, value in query.items()}
        more = {"accept-language": language} if language else {}
        return self.client.get("/api/v1/kpi/", told, headers={**self.headers, **more})

    def ask(self, **query: Any) -> dict[str, Any]:
        answer = self.get(**query)
        assert answer.status_code == 200, answer.content
        told: dict[str, Any] = answer.json()
        return told

    def figures(self, first: str = "2026-03-02", end: str = "2026-03-16", **query: Any) -> dict[str, Any]:
        """The figures of the one group of a period, asked long after it."""
        (group,) = self.ask(**{"from": first, "to": end, "now": "2026-04-25T00:00:00+09:00", **query})["groups"]
        return group

    def groups(self, by: str, first: str = "2026-03-02", end: str = "2026-03-16", **query: Any) -> dict[Any, Any]:
        asked = {"from": first, "to": end, "by": by, "now": "2026-04-25T00:00:00+09:00", **query}
        return {group["key"]: group for group in self.ask(**asked)["groups"]}


def make_house(configuration: dict[str, Any]) -> House:
    """An organization from a configuration file's content, and a key that may write and read everything of it."""
    slug = f"house-{next(_number)}"
    actions.install_organization(slug, parse_configuration(configuration), by=SETUP, at=now())
    organization = Organization.objects.get(slug=slug)
    sources = [f"/{center}" for center in configuration.get("centers", {})] + ["/bare"]
    _, secret = create_api_key(
        organization, name="all", scopes=Scope.values, sources=sources, by=SETUP, at=now(), events_per_minute=None
    )
    return House(organization, {"authorization": f"Bearer {secret}"})


WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
USUAL_HOURS = {day: [["09:00", "12:00"], ["13:00", "18:00"]] for day in WEEKDAYS}
USUAL = {"timezone": "Asia/Seoul", "centers": {"seoul": {"hours": USUAL_HOURS}, "busan": {}}}


class Story:
    """Writes events: each call is one, at a time of 2026-03-02 (a Monday) or `day`, and returns it."""

    def __init__(self, source: str = "/seoul/chat", zone: ZoneInfo = SEOUL) -> None:
        self.source, self.zone = source, zone
        self.events: list[dict[str, Any]] = []

    def __call__(
        self, kind: str, clock: str, day: str = "2026-03-02", *, source: str = "", phone: str = "", **data: Any
    ) -> dict[str, Any]:
        time = datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=self.zone)
        if phone:
            data["customer"] = {"phone": phone}
        event = {
            "specversion": "1.0",
            "id": f"e{len(self.events)}",
            "source": source or self.source,
            "type": kind,
            "time": time.isoformat(),
            "data": {name.rstrip("_"): value for name, value in data.items()},
        }
        self.events.append(event)
        return event

    def chat(self, author: str, clock: str, thread: str, day: str = "2026-03-02", **data: Any) -> dict[str, Any]:
        more = {"agent": "kim@shop.example"} if author == "agent" and "agent" not in data else {}
        return self("chat.message", clock, day, thread=thread, from_=author, text="…", **more, **data)

    def resolve(self, clock: str, thread: str, day: str = "2026-03-02", **data: Any) -> dict[str, Any]:
        more = {} if "by" in data or "agent" in data else {"agent": "kim@shop.example"}
        return self("ticket.resolved", clock, day, thread=thread, **more, **data)


def shuffled(events: Sequence[dict[str, Any]], seed: int) -> Iterator[dict[str, Any]]:
    some = list(events)
    random.Random(seed).shuffle(some)
    yield from some


def later(instant: str, **length: float) -> str:
    return (datetime.fromisoformat(instant) + timedelta(**length)).isoformat()
