"""A shop with two weeks behind it: the week before last went well, last week Busan's chats were left waiting."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from zlib import crc32

from django.test import Client
from django.utils.timezone import now

from channels_app.api.actions import create_api_key
from channels_app.models.api_key import Scope
from kpi.actions import catch_up, pack_days
from tests.cast import SETUP, Cast, make_organization
from tests.kpi.histories import House, Story

BACKEND = "accounts.backends.PersonBackend"
GOOD, BAD = 24, 14


@dataclass
class Shop:
    cast: Cast
    house: House
    monday: date
    stories: dict[str, Story] = field(default_factory=dict)
    told: dict[str, int] = field(default_factory=dict)

    def story(self, center: str) -> Story:
        if center not in self.stories:
            self.stories[center] = Story(f"/{center}/chat")
        return self.stories[center]

    def tell(self) -> None:
        """Hands in what was written, and lets the figures follow."""
        for center, story in self.stories.items():
            self.house.tell(story.events[self.told.get(center, 0) :])
            self.told[center] = len(story.events)
        self.follow()

    def follow(self) -> None:
        catch_up(self.cast.organization, at=now())
        pack_days(self.cast.organization)

    def day(self, number: int, *, weeks_ago: int = 1) -> str:
        """A weekday of a week, Monday is 0."""
        return (self.monday - timedelta(days=7 * weeks_ago - number)).isoformat()

    def logged_in(self, who: str) -> Client:
        client = Client(headers={"accept-language": "ko"})
        client.force_login(getattr(self.cast, who), backend=BACKEND)
        return client

    @property
    def last_week(self) -> dict[str, str]:
        """The period as the API wants it."""
        return {"from": self.day(0), "to": self.monday.isoformat()}

    @property
    def whole_week(self) -> dict[str, str]:
        """The same as an address of the dashboard."""
        return {"period": "own", "first": self.day(0), "last": self.day(6)}


def make_shop(slug: str = "haneul") -> Shop:
    """The shop before anything was told."""
    cast = make_organization(slug)
    _, secret = create_api_key(
        cast.organization,
        name="all",
        scopes=Scope.values,
        sources=["/seoul", "/busan"],
        by=SETUP,
        at=now(),
        events_per_minute=None,
    )
    today = now().astimezone(cast.organization.zone).date()
    house = House(cast.organization, {"authorization": f"Bearer {secret}"})
    return Shop(cast, house, today - timedelta(days=today.weekday()))


def make_weeks() -> Shop:
    shop = make_shop()
    for weeks_ago in (2, 1):
        for number in range(GOOD):
            chat(shop, f"s{weeks_ago}-{number}", number % 5, "seoul", 20, weeks_ago=weeks_ago, score=5)
            late = 900 if weeks_ago == 1 and number < BAD else 30
            chat(
                shop,
                f"b{weeks_ago}-{number}",
                number % 5,
                "busan",
                late,
                weeks_ago=weeks_ago,
                score=2 if late > 60 else 4,
            )
    switched(shop)
    shop.tell()
    return shop


def chat(
    shop: Shop,
    thread: str,
    weekday: int,
    center: str,
    seconds: int,
    *,
    weeks_ago: int = 1,
    score: int | None = None,
    name: str = "",
    agent: str = "",
) -> None:
    """One chat at ten, answered after so many seconds, resolved, and judged."""
    say, day = shop.story(center), shop.day(weekday, weeks_ago=weeks_ago)
    email = agent or (shop.cast.agent if center == "seoul" else shop.cast.outsider).email
    customer: dict[str, Any] = {"phone": f"0101{crc32(thread.encode()) % 10_000_000:07}"}
    if name:
        customer["name"] = name
    minute, second = divmod(seconds, 60)
    say("chat.message", "10:00:00", day, thread=thread, from_="customer", text="소매가 뜯어졌어요", customer=customer)
    say(
        "chat.message", f"10:{minute:02}:{second:02}", day, thread=thread, from_="agent", text="확인할게요", agent=email
    )
    say("ticket.resolved", "10:40:00", day, thread=thread, agent=email, topic="exchange")
    if score is not None:
        say("survey.sent", "10:41:00", day, thread=thread, survey="csat", agent=email)
        comment = "답변이 너무 늦어요 010-1234-5678" if score < 3 else "친절하게 답해 주셨어요"
        say("survey.answered", "10:50:00", day, thread=thread, survey="csat", score=score, comment=comment)


def switched(shop: Shop) -> None:
    """A customer who chats and then calls about the same, in Seoul."""
    say, day = shop.story("seoul"), shop.day(1)
    customer = {"phone": "01055556666", "name": "김서연"}
    agent = shop.cast.agent.email
    say("chat.message", "14:00:00", day, thread="w1", from_="customer", text="언제 오나요", customer=customer)
    say("chat.message", "14:00:10", day, thread="w1", from_="agent", text="내일이에요", agent=agent)
    say("ticket.resolved", "14:10:00", day, thread="w1", agent=agent, topic="delivery")
    call = shop.day(3)
    say(
        "call.queued",
        "15:00:00",
        call,
        source="/seoul/call",
        thread="w2",
        from_="01055556666",
        to="15880000",
        customer=customer,
    )
    say("call.answered", "15:00:05", call, source="/seoul/call", thread="w2", agent=agent)
    say("ticket.resolved", "15:04:00", call, source="/seoul/call", thread="w2", agent=agent, topic="delivery")
